/** What no honest client sends. The server answers properly or hangs up, and serves the next one. */
import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectTls } from "node:tls";
import test from "ava";
import { openPki } from "../pki/pki.ts";
import { rawConnection } from "./testing/raw-connection.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
test.before(async () => {
	server = await startTestServer();
});
test.after.always(() => server?.[Symbol.asyncDispose]());
const alive = async () => (await server.ask("GET", "/livez")).code === 200;

const LINES: readonly (readonly [name: string, request: string, answer: RegExp])[] = [
	["no HTTP at all", "hello\r\n\r\n", /^(?:HTTP\/1\.1 400|$)/],
	["NUL in the path", "GET /api/v1/\0 HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["encoded NUL", "GET /api/v1/namespaces/a%00 HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["climbing", "GET /api/v1/namespaces/../../metrics HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["encoded climbing", "GET /healthz/%2e%2e/metrics HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["a broken escape", "GET /api/v1/namespaces/%zz HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["an absolute URL", "GET https://other/api HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["two slashes", "GET //api/v1/pods HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 404/],
	["an unknown method", "BREW /api HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 400/],
	["CONNECT", "CONNECT /api/v1/pods HTTP/1.1\r\nHost: x\r\n\r\n", /^(?:HTTP\/1\.1 4|$)/],
	[
		"headers without end",
		`GET /api HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(100_000)}\r\n\r\n`,
		/^HTTP\/1\.1 431/,
	],
	[
		"two lengths",
		"POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		/^HTTP\/1\.1 400/,
	],
	[
		"length and chunks",
		"POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		/^HTTP\/1\.1 400/,
	],
	[
		"a length of petabytes",
		"POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999999\r\n\r\n{}",
		/^HTTP\/1\.1 413.*limit is 3145728/s,
	],
	[
		"an upgrade to nothing",
		"GET /api/v1/pods HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
		/^HTTP\/1\.1 200/,
	],
	[
		"a WebSocket without a key",
		"GET /api/v1/pods?watch=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		/^HTTP\/1\.1 400/,
	],
];

for (const [name, request, answer] of LINES) {
	test(`on the wire: ${name}`, async (t) => {
		using connection = await rawConnection(server);
		const closing = request.includes("Upgrade") ? "" : "Connection: close\r\n";
		connection.send(request.replace("Host: x\r\n", `Host: x\r\n${closing}`));
		const reply = await Promise.race([connection.closed, connection.until(/^HTTP\/1\.1 .*\r\n\r\n./s)]);
		t.regex(reply, answer);
		t.notRegex(reply, /^HTTP\/1\.1 5/);
		t.true(await alive());
	});
}

test("the body of a client that leaves half way is not an error of ours", async (t) => {
	const connection = await rawConnection(server);
	connection.send("POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
	connection.socket.destroy();
	t.true(await alive());
});

test("a certificate of another authority is no credential", async (t) => {
	await using directory = await temporaryDirectory();
	const foreign = await openPki(directory.path);
	const { certificatePem: cert, keyPem: key } = await foreign.clientCertificate({
		user: "x",
		groups: ["system:masters"],
	});
	using connection = await rawConnection(server, { cert, key });
	connection.send("GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	t.regex(await connection.closed, /^HTTP\/1\.1 401/);
});

test("a serving certificate is no client's", async (t) => {
	const { certificatePem: cert, keyPem: key } = await server.pki.servingCertificate(["x"]);
	using connection = await rawConnection(server, { cert, key });
	connection.send("GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	t.regex(await connection.closed, /^HTTP\/1\.1 401/);
});

test("resuming somebody's nameless session gives nobody a name", async (t) => {
	const once = (session?: Buffer) =>
		new Promise<{ reply: string; session: Buffer | undefined; reused: boolean }>((resolve, reject) => {
			const socket = connectTls({
				host: "127.0.0.1",
				port: server.api.port,
				servername: "localhost",
				ca: server.pki.caPem,
				ALPNProtocols: ["http/1.1"],
				...(session ? { session } : {}),
			});
			let reply = "";
			let ticket: Buffer | undefined;
			let reused = false;
			socket.on("secureConnect", () => {
				reused = socket.isSessionReused();
			});
			socket.on("session", (fresh) => {
				ticket = fresh;
			});
			socket.on("data", (chunk) => {
				reply += chunk;
			});
			socket.on("error", reject);
			socket.on("close", () => resolve({ reply, session: ticket, reused }));
			socket.write("GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
		});
	const first = await once();
	const second = await once(first.session);
	t.true(second.reused);
	t.regex(first.reply, /^HTTP\/1\.1 401/);
	t.regex(second.reply, /^HTTP\/1\.1 401/);
});

test("HTTP/2: a flood of cancelled requests, and a body that is too large", async (t) => {
	const session = connectHttp2(server.api.url, { ...server.admin });
	session.on("error", () => {});
	for (let i = 0; i < 200; i += 1) {
		const stream = session.request({ ":path": "/api/v1/pods?watch=1" });
		stream.on("error", () => {});
		stream.close(constants.NGHTTP2_CANCEL);
	}
	session.destroy();
	const other = connectHttp2(server.api.url, { ...server.admin });
	const stream = other.request({
		":path": "/api/v1/namespaces",
		":method": "POST",
		"content-type": "application/json",
	});
	stream.on("error", () => {});
	const status = new Promise((resolve) => stream.on("response", (headers) => resolve(headers[":status"])));
	stream.end(Buffer.alloc(5 * 1024 * 1024, " "));
	t.is(await status, 413);
	other.destroy();
	t.true(await alive());
});

test("keys that poison prototypes are keys like any other", async (t) => {
	const body =
		'{"metadata":{"name":"p","labels":{"__proto__":"x"}},"__proto__":{"polluted":true},"data":{"constructor":"y"}}';
	const reply = await server.ask("POST", "/api/v1/namespaces/default/configmaps", {
		body,
		headers: { "content-type": "application/json" },
	});
	t.true(reply.code === 201 || (reply.code >= 400 && reply.code < 500), reply.text);
	t.is(({} as { polluted?: unknown }).polluted, undefined);
});
