import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { gzipSync } from "node:zlib";
import type { Endpoints, Node, Pod, Service } from "@berth/api";
import test from "ava";
import { rawConnection } from "../testing/raw-connection.ts";
import { startTestServer } from "../testing/test-server.ts";
import { nodeTarget, parseProxyName, podTarget, serviceTarget } from "./target.ts";

const metadata = { name: "x", uid: "u", resourceVersion: "1", creationTimestamp: "" };
const pod = (podIP?: string): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata,
	spec: { containers: [{ name: "a" }, { name: "b", ports: [{ containerPort: 8080, protocol: "TCP" }] }] },
	status: podIP ? { podIP } : {},
});
const service: Service = {
	apiVersion: "v1",
	kind: "Service",
	metadata,
	spec: {
		ports: [
			{ name: "web", port: 80, protocol: "TCP" },
			{ name: "admin", port: 81, protocol: "TCP" },
		],
	},
};
const endpoints: Endpoints = {
	apiVersion: "v1",
	kind: "Endpoints",
	metadata,
	subsets: [
		{
			addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }],
			notReadyAddresses: [{ ip: "10.0.0.3" }],
			ports: [{ name: "web", port: 8080, protocol: "TCP" }],
		},
	],
};
const name = (text: string) => parseProxyName("services", text);

test("names carry scheme and port", (t) => {
	t.deepEqual(name("a"), { scheme: undefined, name: "a", port: "" });
	t.deepEqual(name("a:web"), { scheme: undefined, name: "a", port: "web" });
	t.deepEqual(name("https:a:"), { scheme: "https", name: "a", port: "" });
	t.throws(() => name("ftp:a:1"), { message: 'invalid services request "ftp:a:1"' });
	t.throws(() => name("a:b:c:d"));
});

test("pods: the port asked for, or the first one declared; never this host's own addresses", (t) => {
	t.deepEqual(podTarget(pod("10.0.0.1"), name("x")), { scheme: "http", host: "10.0.0.1", port: 8080 });
	t.deepEqual(podTarget(pod("10.0.0.1"), name("https:x:9")), { scheme: "https", host: "10.0.0.1", port: 9 });
	t.throws(() => podTarget(pod("10.0.0.1"), name("x:0")), { message: /invalid port/ });
	t.throws(() => podTarget(pod(), name("x")), { message: /no address yet/ });
	for (const host of [
		"127.0.0.1",
		"0.0.0.0",
		"169.254.169.254",
		"::1",
		"::",
		"fe80::1",
		"::ffff:127.0.0.1",
		"224.0.0.1",
		"x",
	]) {
		t.throws(() => podTarget(pod(host), name("x")), { message: "address not allowed" }, host);
	}
});

test("services: any ready endpoint of the port", (t) => {
	t.deepEqual(serviceTarget(service, endpoints, name("x"), 0), {
		scheme: "http",
		host: "10.0.0.1",
		port: 8080,
	});
	t.is(serviceTarget(service, endpoints, name("x:80"), 0.99).host, "10.0.0.2");
	t.is(serviceTarget(service, endpoints, name("x:web"), 0).port, 8080);
	t.throws(() => serviceTarget(service, endpoints, name("x:admin"), 0), {
		message: 'no endpoints available for service "x"',
	});
	t.throws(() => serviceTarget(service, endpoints, name("x:no"), 0), {
		message: /no service port "no" found/,
	});
	t.throws(() => serviceTarget(service, undefined, name("x"), 0), { message: /no endpoints available/ });
});

test("nodes: the agent's port unless another is named", (t) => {
	const node: Node = {
		apiVersion: "v1",
		kind: "Node",
		metadata,
		spec: {},
		status: {
			addresses: [{ type: "InternalIP", address: "10.0.0.9" }],
			daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
		},
	};
	t.is(nodeTarget(node, name("x")).port, 10_250);
	t.is(nodeTarget(node, name("x:9100")).agent?.port, 9100);
	t.throws(() => nodeTarget({ ...node, status: {} }, name("x")), { message: /has no address/ });
});

const hostAddress = Object.values(networkInterfaces())
	.flat()
	.find((entry) => entry && !entry.internal && isIPv4(entry.address))?.address;
const withAddress = hostAddress ? test : test.skip;

withAddress("requests, bodies, answers and upgrades pass through", async (t) => {
	await using server = await startTestServer();
	const far = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			const { authorization = "", host = "", "x-forwarded-uri": forwarded = "" } = request.headers;
			if (request.url === "/page") {
				const gzip = request.headers["accept-encoding"] === "gzip";
				const page = '<a href="/rewriteme">test</a>';
				response.setHeader("access-control-allow-origin", "*");
				response.setHeader("content-type", "text/html; charset=utf-8");
				if (gzip) response.setHeader("content-encoding", "gzip");
				response.end(gzip ? gzipSync(page) : page);
				return;
			}
			if (request.url === "/moved") {
				response.writeHead(302, { location: `http://${host}/page` }).end();
				return;
			}
			const seen = JSON.stringify({
				method: request.method,
				url: request.url,
				body,
				authorization,
				host,
				forwarded,
			});
			response.writeHead(418, { "x-far": "yes", "content-type": "application/json" }).end(seen);
		});
	});
	far.on("upgrade", (_request, socket) => {
		socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
		socket.on("error", () => {});
		socket.pipe(socket);
	});
	await new Promise<void>((resolve) => far.listen(0, hostAddress, resolve));
	const { port } = far.address() as AddressInfo;
	t.teardown(() => {
		far.closeAllConnections();
		far.close();
	});
	const ns = "/api/v1/namespaces/default";
	await server.ask("POST", `${ns}/serviceaccounts`, { body: { metadata: { name: "default" } } });
	await server.ask("POST", `${ns}/pods`, {
		body: { metadata: { name: "web" }, spec: { containers: [{ name: "c", image: "x" }] } },
	});
	await server.ask("PATCH", `${ns}/pods/web/status`, {
		body: JSON.stringify({ status: { podIP: hostAddress, podIPs: [{ ip: hostAddress }] } }),
		headers: { "content-type": "application/merge-patch+json" },
	});
	const path = `${ns}/pods/web:${port}/proxy`;
	const token = await server.token("root", "system:masters");
	const reply = await server.ask("POST", `${path}/a%2Fb//c?x=1&x=2`, { body: "hello", token });
	t.is(reply.code, 418);
	t.is(reply.headers["x-far"], "yes");
	t.deepEqual(reply.json, {
		method: "POST",
		url: "/a%2Fb//c?x=1&x=2",
		body: "hello",
		authorization: "",
		host: `${hostAddress}:${port}`,
		forwarded: `${path}/a%2Fb//c`,
	});
	t.is((await server.ask("GET", `${path}/`)).json.url, "/");
	t.is((await server.ask("DELETE", path)).json.url, "/");
	t.is((await server.ask("OPTIONS", `${path}/`)).json.method, "OPTIONS");
	t.is((await server.ask("OPTIONS", `${ns}/pods/web`)).code, 405);
	const slash = await server.ask("GET", `${path}?x=1`);
	t.deepEqual([slash.code, slash.headers.location], [301, `${path}/?x=1`]);
	const page = await server.ask("GET", `${path}/page`);
	t.is(page.text, `<a href="${path}/rewriteme">test</a>`);
	t.is(page.headers["access-control-allow-origin"], undefined);
	const zipped = await server.ask("GET", `${path}/page`, { headers: { "accept-encoding": "gzip" } });
	t.is(zipped.headers["content-encoding"], "gzip");
	t.is((await server.ask("GET", `${path}/moved`)).headers.location, `${path}/page`);
	using connection = await rawConnection(server);
	connection.send(`GET ${path}/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
	await connection.until(/101 Switching/);
	connection.send("ping");
	t.regex(await connection.until(/ping$/), /ping$/);
	t.is((await server.ask("GET", `${ns}/pods/none/proxy/`)).code, 404);
	t.is((await server.ask("GET", `${ns}/services/kubernetes/proxy/`)).code, 503);
	t.is((await server.ask("GET", path, { token: await server.token("jane") })).code, 403);
});

test("a node's proxy speaks to its agent with the cluster's certificates", async (t) => {
	await using server = await startTestServer();
	const { certificatePem: cert, keyPem: key } = await server.pki.nodeCertificate({
		name: "n",
		addresses: [],
	});
	const agent = createTlsServer(
		{ cert, key, ca: server.pki.caPem, requestCert: true, rejectUnauthorized: true },
		(request, response) => response.end(`agent ${request.method} ${request.url}`),
	);
	await new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve));
	t.teardown(() => {
		agent.closeAllConnections();
		agent.close();
	});
	await server.ask("POST", "/api/v1/nodes", { body: { metadata: { name: "n" } } });
	const status = {
		addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
		daemonEndpoints: { kubeletEndpoint: { Port: (agent.address() as AddressInfo).port } },
	};
	await server.ask("PATCH", "/api/v1/nodes/n/status", {
		body: JSON.stringify({ status }),
		headers: { "content-type": "application/merge-patch+json" },
	});
	t.is((await server.ask("GET", "/api/v1/nodes/n/proxy/healthz?x")).text, "agent GET /healthz?x");
});
