import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import test from "ava";
import { WebSocket } from "ws";
import { rawConnection } from "../testing/raw-connection.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const NS = "/api/v1/namespaces/default";
let server: TestServer;
let agent: Server;
const asked: { url: string; headers: IncomingMessage["headers"]; client: string }[] = [];

/** Answers like an agent: logs, errors by pod name, and upgrades that echo. */
test.before(async () => {
	server = await startTestServer();
	const { certificatePem: cert, keyPem: key } = await server.pki.nodeCertificate({
		name: "n1",
		addresses: ["127.0.0.1"],
	});
	const remember = (request: IncomingMessage) => {
		const client = (request.socket as TLSSocket).getPeerCertificate().subject;
		asked.push({ url: request.url ?? "", headers: request.headers, client: `${client.CN} ${client.O}` });
	};
	agent = createTlsServer({ cert, key, ca: server.pki.caPem, requestCert: true }, (request, response) => {
		remember(request);
		const [, , , pod] = (request.url ?? "").split("/");
		if (pod === "refused") {
			response.writeHead(400, { "content-type": "text/plain" }).end("agent says no");
		} else if (pod === "endless") {
			response.writeHead(200);
			const timer = setInterval(() => response.write("tick\n"), 5);
			response.on("close", () => clearInterval(timer));
		} else {
			response.writeHead(200).end("line 1\nline 2\n");
		}
	});
	agent.on("upgrade", (request: IncomingMessage, socket: TLSSocket, head: Buffer) => {
		remember(request);
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n\r\n`,
		);
		if (head.length) socket.write(head);
		socket.on("error", () => {});
		socket.pipe(socket);
	});
	await new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve));
	await makeNode("n1", (agent.address() as AddressInfo).port);
	const unused = createServer();
	await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
	const { port } = unused.address() as AddressInfo;
	await new Promise((resolve) => unused.close(resolve));
	await makeNode("n2", port);
	await server.ask("POST", `${NS}/serviceaccounts`, { body: { metadata: { name: "default" } } });
	await makePod("web", "n1");
	await makePod("two", "n1", ["a", "b"], ["prepare"]);
	await makePod("refused", "n1");
	await makePod("endless", "n1");
	await makePod("far", "n2");
	await makePod("nowhere");
});
test.after.always(async () => {
	agent?.closeAllConnections();
	agent?.close();
	await server?.[Symbol.asyncDispose]();
});

async function makeNode(name: string, port: number) {
	await server.ask("POST", "/api/v1/nodes", { body: { metadata: { name } } });
	const status = {
		addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
		daemonEndpoints: { kubeletEndpoint: { Port: port } },
	};
	const reply = await server.ask("PATCH", `/api/v1/nodes/${name}/status`, {
		body: JSON.stringify({ status }),
		headers: { "content-type": "application/merge-patch+json" },
	});
	if (reply.code !== 200) throw new Error(reply.text);
}

async function makePod(name: string, nodeName?: string, containers = ["c"], initContainers: string[] = []) {
	const list = (names: string[]) => names.map((container) => ({ name: container, image: "x" }));
	const spec = {
		containers: list(containers),
		initContainers: list(initContainers),
		...(nodeName ? { nodeName } : {}),
	};
	const reply = await server.ask("POST", `${NS}/pods`, { body: { metadata: { name }, spec } });
	if (reply.code !== 201) throw new Error(reply.text);
	const status = {
		containerStatuses: containers.map((container) => ({
			name: container,
			ready: true,
			restartCount: 0,
			image: "x",
			imageID: "",
			state: { running: {} },
		})),
	};
	await server.ask("PATCH", `${NS}/pods/${name}/status`, {
		body: JSON.stringify({ status }),
		headers: { "content-type": "application/merge-patch+json" },
	});
}

const log = (pod: string, query = "") => server.ask("GET", `${NS}/pods/${pod}/log${query}`);

test("logs come from the pod's agent, asked for by the server's own certificate", async (t) => {
	const reply = await log("web", "?tailLines=2&timestamps=true");
	t.is(reply.code, 200);
	t.is(reply.text, "line 1\nline 2\n");
	t.is(reply.headers["content-type"], "text/plain");
	const request = asked.find(({ url }) => url.startsWith("/containerLogs/default/web/c?"));
	t.is(request?.url, "/containerLogs/default/web/c?timestamps=true&tailLines=2");
	t.is(request?.client, "kube-apiserver-kubelet-client system:masters");
	t.is(request?.headers.authorization, undefined);
});

test("logs: what is wrong is said in Kubernetes' words", async (t) => {
	const message = async (pod: string, query = "") => (await log(pod, query)).json.message;
	t.is(
		await message("two"),
		"a container name must be specified for pod two, choose one of: [a b] or one of the init containers: [prepare]",
	);
	t.is(await message("two", "?container=x"), "container x is not valid for pod two");
	t.is((await log("two", "?container=prepare")).code, 200);
	t.is(await message("none"), 'pods "none" not found');
	t.is(await message("refused"), "agent says no");
	t.regex(await message("far"), /^cannot reach the agent of node "n2" at 127\.0\.0\.1:\d+: ECONNREFUSED$/);
	t.is((await log("far")).code, 503);
	t.is((await log("nowhere")).text, "");
	t.is(
		await message("web", "?tailLines=-1&limitBytes=0"),
		'PodLogOptions "web" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]',
	);
	t.is((await log("web", "?tailLines=x")).code, 400);
});

test("a followed log flows, and stops when the client leaves", async (t) => {
	using connection = await rawConnection(server);
	connection.send(`GET ${NS}/pods/endless/log?follow=true HTTP/1.1\r\nHost: x\r\n\r\n`);
	await connection.until(/tick.*tick/s);
	connection.socket.destroy();
	for (let i = 0; i < 100; i += 1) {
		const left = await new Promise<number>((resolve) => agent.getConnections((_, count) => resolve(count)));
		const { text } = await server.ask("GET", "/metrics");
		if (/apiserver_longrunning_requests\{[^}]*subresource="log"[^}]*\} 0/.test(text) && left < 10)
			return t.pass();
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	return t.fail("the log is still open");
});

test("exec is a tunnel: query in the agent's form, bytes untouched, credentials kept back", async (t) => {
	using connection = await rawConnection(server);
	const query = "command=sh&command=-c&command=a%26b&stdin=true&stdout=true&tty=true&container=c";
	connection.send(
		`POST ${NS}/pods/web/exec?${query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\nImpersonate-User: x\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\nX-Stream-Protocol-Version: v3.channel.k8s.io\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
	);
	t.regex(await connection.until(/\r\n\r\n/), /^HTTP\/1\.1 403/);

	using allowed = await rawConnection(server);
	allowed.send(
		`POST ${NS}/pods/web/exec?${query} HTTP/1.1\r\nHost: x\r\nAudit-Id: a\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\nearly`,
	);
	t.regex(await allowed.until(/early$/), /^HTTP\/1\.1 101/);
	allowed.send("ping");
	await allowed.until(/earlyping$/);
	const request = asked.findLast(({ url }) => url.startsWith("/exec/"));
	t.is(request?.url, "/exec/default/web/c?command=sh&command=-c&command=a%26b&input=1&output=1&tty=1");
	t.is(request?.headers["x-stream-protocol-version"], "v4.channel.k8s.io");
	t.is(request?.headers["audit-id"], undefined);
	allowed.socket.destroy();
});

test("port-forward and attach find their paths; refusals are answers", async (t) => {
	const upgrade = async (path: string, headers = "") => {
		using connection = await rawConnection(server);
		connection.send(
			`GET ${NS}${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n`,
		);
		return await connection.until(/\r\n\r\n.*$/s);
	};
	t.regex(await upgrade("/pods/web/portforward?ports=80&ports=81"), /^HTTP\/1\.1 101/);
	const last = (path: string) => asked.findLast(({ url }) => url.startsWith(path))?.url;
	t.is(last("/portForward/"), "/portForward/default/web?port=80&port=81");
	t.regex(await upgrade("/pods/web/attach?stdout=1"), /^HTTP\/1\.1 101/);
	t.is(last("/attach/"), "/attach/default/web/c?output=1");
	t.regex(await upgrade("/pods/none/exec?command=a&stdout=1"), /^HTTP\/1\.1 404.*pods \\"none\\" not found/s);
	t.regex(await upgrade("/pods/web/exec?stdout=1"), /^HTTP\/1\.1 400.*at least one command/s);
	t.regex(await upgrade("/pods/web/exec?command=a"), /^HTTP\/1\.1 400.*at least 1 of stdin, stdout, stderr/s);
	t.regex(
		await upgrade("/pods/nowhere/exec?command=a&stdout=1"),
		/^HTTP\/1\.1 400.*does not have a host assigned/s,
	);
	t.regex(await upgrade("/pods/far/exec?command=a&stdout=1"), /^HTTP\/1\.1 503.*cannot reach the agent/s);
	t.regex(await upgrade("/pods/web/portforward?ports=0"), /^HTTP\/1\.1 400/);
	const plain = await server.ask("POST", `${NS}/pods/web/exec?command=a&stdout=1`);
	t.like(plain.json, { code: 400, message: "Upgrade request required" });
});

test("reading pods is not enough to run things in them, WebSocket or not", async (t) => {
	const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
	const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods", "pods/exec"] }];
	await server.ask("POST", `${rbac}/roles`, { body: { metadata: { name: "look" }, rules } });
	await server.ask("POST", `${rbac}/rolebindings`, {
		body: {
			metadata: { name: "look" },
			roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "look" },
			subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "lea" }],
		},
	});
	const token = await server.token("lea");
	using connection = await rawConnection(server, {});
	connection.send(
		`GET ${NS}/pods/web/exec?command=a&stdout=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
	);
	t.regex(
		await connection.until(/\r\n\r\n.*$/s),
		/^HTTP\/1\.1 403.*cannot create resource \\"pods\/exec\\"/s,
	);
});

test("a watch over a WebSocket, with the token among the protocols", async (t) => {
	const token = await server.token("root", "system:masters");
	const hidden = `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString("base64url")}`;
	const socket = new WebSocket(
		`${server.api.url}${NS}/configmaps?watch=1`,
		["base64.binary.k8s.io", hidden],
		{
			ca: server.pki.caPem,
		},
	);
	const messages: string[] = [];
	socket.on("message", (data) => messages.push(String(data)));
	await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
	t.is(socket.protocol, "base64.binary.k8s.io");
	await server.ask("POST", `${NS}/configmaps`, { body: { metadata: { name: "seen" } } });
	for (let i = 0; i < 200 && !messages.length; i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
	t.like(JSON.parse(messages.at(-1) ?? "{}"), { type: "ADDED", object: { metadata: { name: "seen" } } });
	socket.terminate();
});

test("logs over a WebSocket, as bytes or as base64", async (t) => {
	const read = (protocol: string, pod = "web") =>
		new Promise<string>((resolve, reject) => {
			const socket = new WebSocket(`${server.api.url}${NS}/pods/${pod}/log`, protocol, server.admin);
			let text = "";
			socket.on("message", (data, isBinary) => {
				text += isBinary ? String(data) : Buffer.from(String(data), "base64");
			});
			socket.on("close", () => resolve(text));
			socket.on("error", reject);
		});
	t.is(await read("binary.k8s.io"), "line 1\nline 2\n");
	t.is(await read("base64.binary.k8s.io"), "line 1\nline 2\n");
	await t.throwsAsync(read("binary.k8s.io", "none"), { message: /404/ });
});
