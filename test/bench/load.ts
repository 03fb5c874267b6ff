/** A bounded load over HTTPS keep-alive connections. */
import { Agent, type RequestOptions, request } from "node:https";

export interface Target {
	/** Default: this machine. */
	readonly host?: string | undefined;
	readonly port: number;
	readonly ca?: string | undefined;
	readonly certificate?: string | undefined;
	readonly key?: string | undefined;
	readonly token?: string | undefined;
	readonly serverName?: string | undefined;
}

export interface Ask {
	readonly method: string;
	readonly path: string;
	readonly body?: string;
	/** Default `application/json`. */
	readonly contentType?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface Load {
	readonly target: Target;
	readonly connections: number;
	readonly count: number;
	/** The i-th request. */
	readonly each: (i: number) => Ask;
}

/** Requests a second. Throws when an answer is not 2xx. */
export async function requestsPerSecond({ target, connections, count, each }: Load): Promise<number> {
	const agent = agentFor(target, connections);
	let next = 0;
	const began = performance.now();
	const worker = async () => {
		while (next < count) {
			next += 1;
			await ask(target, agent, each(next - 1));
		}
	};
	try {
		await Promise.all(Array.from({ length: connections }, worker));
	} finally {
		agent.destroy();
	}
	return (count / (performance.now() - began)) * 1000;
}

export function agentFor({ ca, certificate, key, serverName }: Target, connections: number): Agent {
	return new Agent({
		keepAlive: true,
		maxSockets: connections,
		...(ca ? { ca } : { rejectUnauthorized: false }),
		...(certificate ? { cert: certificate } : {}),
		...(key ? { key } : {}),
		...(serverName ? { servername: serverName } : {}),
	});
}

/** One answer, its body handed to `onData` as it comes. Throws when it is not 2xx. */
export function ask(
	target: Target,
	agent: Agent,
	{ method, path, body, contentType = "application/json", headers = {} }: Ask,
	onData: (chunk: Buffer) => void = () => {},
): Promise<void> {
	return new Promise<void>((resolve, reject) => {
		const options: RequestOptions = {
			host: target.host ?? "127.0.0.1",
			port: target.port,
			method,
			path,
			agent,
			headers: {
				...headers,
				...(target.token ? { authorization: `Bearer ${target.token}` } : {}),
				...(body ? { "content-type": contentType, "content-length": Buffer.byteLength(body) } : {}),
			},
		};
		const outgoing = request(options, (response) => {
			const ok = response.statusCode !== undefined && response.statusCode < 300;
			let said = "";
			response.on("data", (chunk: Buffer) => {
				if (ok) onData(chunk);
				else said += chunk;
			});
			response.on("error", reject);
			response.on("end", () =>
				ok ? resolve() : reject(new Error(`${method} ${path}: ${response.statusCode} ${said}`)),
			);
		});
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}
