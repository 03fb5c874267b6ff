/** The way to the server under attack: requests as they are, bytes back, and a limit on how long an answer may take. */
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { Credentials } from "@berth/client";

export interface Ask {
	readonly method: string;
	/** With its query; sent as it is. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array | undefined;
}

export interface Reply {
	readonly code: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: Uint8Array;
	/** Milliseconds. */
	readonly took: number;
	text(): string;
}

export interface Road extends Disposable {
	/** Rejects when the server hangs up, or has not begun to answer in time. A watch is left after a moment. */
	ask(ask: Ask): Promise<Reply>;
}

/** Longer than any request may take that is not a watch: webhooks have up to 30 s, and fuzzed ones ask for 2. */
const LIMIT = 30_000;
/** How long a watch, a log or another stream is listened to. */
const LISTEN = 150;

class Hang extends Error {}
class IdleConnection extends Error {}

export function createRoad({ server, ca, certificate: cert, key }: Credentials): Road {
	const agent = new Agent({ keepAlive: true, maxSockets: 32, ca, cert, key });
	const once = ({ method, path, headers = {}, body }: Ask): Promise<Reply> =>
		new Promise((resolve, reject) => {
			const began = performance.now();
			const length = body === undefined ? {} : { "content-length": `${Buffer.byteLength(body)}` };
			const json =
				body === undefined || "content-type" in headers ? {} : { "content-type": "application/json" };
			const sent = request(`${server}/`, {
				agent,
				method,
				path,
				headers: { ...json, ...length, ...headers },
			});
			const limit = setTimeout(() => sent.destroy(new Hang(`no answer within ${LIMIT / 1000} s`)), LIMIT);
			sent.on("error", (error) => {
				clearTimeout(limit);
				reject(sent.reusedSocket && !(error instanceof Hang) ? new IdleConnection() : error);
			});
			sent.on("response", (response) => {
				const chunks: Buffer[] = [];
				const done = () => {
					clearTimeout(limit);
					clearTimeout(listening);
					const whole = Buffer.concat(chunks);
					resolve({
						code: response.statusCode ?? 0,
						headers: response.headers,
						body: whole,
						took: performance.now() - began,
						text: () => whole.toString("utf8"),
					});
				};
				const stream = /[?&/](?:watch|follow)/.test(path);
				const listening = setTimeout(() => stream && response.destroy(), LISTEN);
				response.on("data", (chunk: Buffer) => chunks.push(chunk));
				response.on("end", done);
				response.on("close", done);
				response.on("error", done);
			});
			sent.end(body);
		});
	return {
		// A connection that was idle may have been closed just as it was used.
		ask: (ask) =>
			once(ask).catch((error: unknown) =>
				error instanceof IdleConnection ? once(ask) : Promise.reject(error),
			),
		[Symbol.dispose]: () => agent.destroy(),
	};
}
