/** A whole API server over the memory store, and the plainest of clients; for tests. */
import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { type Logger, silentLogger } from "@berth/api";
import { type ApiServer, createApiServer } from "../../create-api-server.ts";
import { openPki, type Pki } from "../../pki/pki.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

export interface Reply {
	readonly code: number;
	readonly headers: IncomingHttpHeaders;
	readonly bytes: Buffer;
	readonly text: string;
	/** The body as JSON; for tests that go on to look at it field by field. */
	// biome-ignore lint/suspicious/noExplicitAny: tests look at bodies of every shape
	readonly json: any;
}

export interface Ask {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
	/** Default: an administrator's certificate. `null`: no credentials. */
	readonly token?: string | null;
}

export interface TestServer extends AsyncDisposable {
	readonly api: ApiServer;
	readonly pki: Pki;
	readonly directory: string;
	/** TLS options of an administrator. */
	readonly admin: { readonly ca: string; readonly cert: string; readonly key: string };
	/** One request over HTTP/1.1. Objects are sent as JSON, strings and bytes as they are. */
	ask(method: string, path: string, ask?: Ask): Promise<Reply>;
	token(user: string, ...groups: string[]): Promise<string>;
}

export async function startTestServer(options: { log?: Logger } = {}): Promise<TestServer> {
	const directory = await temporaryDirectory();
	const api = await createApiServer({
		dataDir: directory.path,
		port: 0,
		store: createMemoryStore(),
		log: options.log ?? silentLogger,
	});
	const pki = await openPki(directory.path);
	const issued = await pki.clientCertificate({ user: "admin", groups: ["system:masters"] });
	const admin = { ca: pki.caPem, cert: issued.certificatePem, key: issued.keyPem };
	const trusted = new Agent({ ...admin, keepAlive: true });
	const unknown = new Agent({ ca: pki.caPem, keepAlive: true });
	return {
		api,
		pki,
		directory: directory.path,
		admin,
		token: (user, ...groups) => pki.userToken({ user, groups, expiresInSeconds: 600 }),
		ask: (method, path, { body, headers = {}, token } = {}) =>
			new Promise((resolve, reject) => {
				const raw = typeof body === "string" || body instanceof Uint8Array;
				const sent = request(`${api.url}${path}`, {
					method,
					agent: token === undefined ? trusted : unknown,
					headers: {
						...(body === undefined || raw ? {} : { "content-type": "application/json" }),
						...(token ? { authorization: `Bearer ${token}` } : {}),
						...headers,
					},
				});
				sent.on("error", reject);
				sent.on("response", (response) => {
					const chunks: Buffer[] = [];
					response.on("data", (chunk: Buffer) => chunks.push(chunk));
					response.on("error", reject);
					response.on("end", () => {
						const bytes = Buffer.concat(chunks);
						const text = bytes.toString();
						resolve({
							code: response.statusCode ?? 0,
							headers: response.headers,
							bytes,
							text,
							get json() {
								return JSON.parse(text);
							},
						});
					});
				});
				sent.end(body === undefined || raw ? body : JSON.stringify(body));
			}),
		[Symbol.asyncDispose]: async () => {
			trusted.destroy();
			unknown.destroy();
			await api.close();
			await directory[Symbol.asyncDispose]();
		},
	};
}
