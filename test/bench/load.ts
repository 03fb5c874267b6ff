/** A bounded load over HTTPS keep-alive connections, to loopback only. */
import { Agent, request } from "node:https";

export interface Target {
	readonly port: number;
	readonly ca?: string | undefined;
	readonly certificate?: string | undefined;
	readonly key?: string | undefined;
}

export interface Load {
	readonly target: Target;
	readonly connections: number;
	readonly count: number;
	/** Method, path and body of the i-th request. */
	readonly each: (i: number) => { readonly method: string; readonly path: string; readonly body?: string };
}

/** Requests a second. Throws when an answer is not 2xx. */
export async function requestsPerSecond({ target, connections, count, each }: Load): Promise<number> {
	const { port, ca, certificate: cert, key } = target;
	const agent = new Agent({
		keepAlive: true,
		maxSockets: connections,
		...(ca ? { ca } : { rejectUnauthorized: false }),
		...(cert ? { cert } : {}),
		...(key ? { key } : {}),
	});
	const ask = (i: number) => {
		const { method, path, body } = each(i);
		return new Promise<void>((resolve, reject) => {
			const headers = body
				? { "content-type": "application/json", "content-length": Buffer.byteLength(body) }
				: {};
			const outgoing = request({ host: "127.0.0.1", port, method, path, agent, headers }, (response) => {
				const ok = response.statusCode !== undefined && response.statusCode < 300;
				let said = "";
				response.on("data", (chunk) => {
					if (!ok) said += chunk;
				});
				response.on("end", () =>
					ok ? resolve() : reject(new Error(`${method} ${path}: ${response.statusCode} ${said}`)),
				);
			});
			outgoing.on("error", reject);
			outgoing.end(body);
		});
	};
	let next = 0;
	const began = performance.now();
	const worker = async () => {
		while (next < count) {
			next += 1;
			await ask(next - 1);
		}
	};
	try {
		await Promise.all(Array.from({ length: connections }, worker));
	} finally {
		agent.destroy();
	}
	return (count / (performance.now() - began)) * 1000;
}
