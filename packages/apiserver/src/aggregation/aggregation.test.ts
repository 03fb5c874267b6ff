import type { IncomingMessage } from "node:http";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import test, { type ExecutionContext } from "ava";
import { type FarServer, startFarServer } from "../http/testing/far-server.ts";
import { rawConnection } from "../http/testing/raw-connection.ts";
import { startTestServer, type TestServer } from "../http/testing/test-server.ts";

const SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
const AGGREGATED = { accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };

/** Extension servers are dialed at endpoints, which are never loopback addresses. */
const address = Object.values(networkInterfaces())
	.flat()
	.find((entry) => entry && !entry.internal && isIPv4(entry.address))?.address;
const withAddress = address ? test : test.skip;

const resources = [
	{
		name: "flunders",
		singularName: "flunder",
		namespaced: true,
		kind: "Flunder",
		verbs: ["get", "list", "watch"],
	},
	{ name: "flunders/status", singularName: "", namespaced: true, kind: "Flunder", verbs: ["get"] },
];

async function startExtension(frontProxyCa: string, asked: IncomingMessage[] = []): Promise<FarServer> {
	const far = await startFarServer(
		(request, response) => {
			asked.push(request);
			const answer = (value: object) => response.end(JSON.stringify(value));
			const { url = "" } = request;
			response.setHeader("content-type", "application/json");
			if (
				url.startsWith("/apis/wardle.example.com/v1alpha1?") ||
				url === "/apis/wardle.example.com/v1alpha1"
			) {
				answer({
					kind: "APIResourceList",
					apiVersion: "v1",
					groupVersion: "wardle.example.com/v1alpha1",
					resources,
				});
			} else if (url === "/openapi/v3") {
				answer({
					paths: {
						"apis/wardle.example.com/v1alpha1": {
							serverRelativeURL: "/openapi/v3/apis/wardle.example.com/v1alpha1?hash=1",
						},
					},
				});
			} else if (url.startsWith("/openapi/v3/apis/")) {
				answer({ openapi: "3.0.0", info: { title: "wardle" }, paths: {} });
			} else if (url === "/openapi/v2") {
				answer({
					swagger: "2.0",
					paths: { "/apis/wardle.example.com/v1alpha1/flunders": {} },
					definitions: { "com.example.Flunder": {} },
				});
			} else if (url.includes("watch=")) {
				response.write('{"type":"ADDED"}\n');
			} else {
				answer({ kind: "Flunder", metadata: { name: "f" } });
			}
		},
		{
			address: address ?? "",
			names: ["wardle.default.svc"],
			tls: { ca: frontProxyCa, requestCert: true, rejectUnauthorized: true },
		},
	);
	far.server.on("upgrade", (request: IncomingMessage, socket) => {
		asked.push(request);
		socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
		socket.on("error", () => {});
		socket.pipe(socket);
	});
	return far;
}

async function until<T>(t: ExecutionContext, look: () => Promise<T | undefined>): Promise<T> {
	for (let i = 0; i < 500; i += 1) {
		const found = await look();
		if (found !== undefined) return found;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	return t.fail("it never came") as never;
}

const conditionOf = async (server: TestServer, name: string) => {
	const { json } = await server.ask("GET", `${SERVICES}/${name}`);
	return json.status?.conditions?.[0];
};
const waitFor = (t: ExecutionContext, server: TestServer, name: string, reason: string) =>
	until(t, async () => {
		const condition = await conditionOf(server, name);
		return condition?.reason === reason ? condition : undefined;
	});

test("this server's own groups are APIServices", async (t) => {
	await using server = await startTestServer();
	const apps = await waitFor(t, server, "v1.apps", "Local");
	t.like(apps, { type: "Available", status: "True", message: "Local APIServices are always available" });
	const list = (await server.ask("GET", SERVICES)).json.items;
	const names = list.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
	t.true(names.includes("v1.") && names.includes("v2.autoscaling"));
	t.false(names.includes("v1.apiregistration.k8s.io"));
	const config = await server.ask(
		"GET",
		"/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
	);
	t.is(config.json.data["requestheader-allowed-names"], '["front-proxy-client"]');
	t.is(config.json.data["client-ca-file"], server.pki.caPem);
});

withAddress("an extension server: unavailable, available, asked in the user's name, gone", async (t) => {
	await using server = await startTestServer();
	const { caPem } = await server.pki.frontProxy();
	const asked: IncomingMessage[] = [];
	await using far = await startExtension(caPem, asked);
	const name = "v1alpha1.wardle.example.com";
	const path = "/apis/wardle.example.com/v1alpha1";
	const created = await server.ask("POST", SERVICES, {
		body: {
			metadata: { name },
			spec: {
				group: "wardle.example.com",
				version: "v1alpha1",
				service: { namespace: "default", name: "wardle", port: 7443 },
				caBundle: far.caBundle,
				groupPriorityMinimum: 2000,
				versionPriority: 200,
			},
		},
	});
	t.is(created.code, 201, created.text);
	const missing = await waitFor(t, server, name, "ServiceNotFound");
	t.is(missing.message, 'service/wardle in "default" is not present');
	t.is((await server.ask("GET", `${path}/flunders`)).code, 503);
	const stale = await until(t, async () => {
		const { json } = await server.ask("GET", "/apis", { headers: AGGREGATED });
		return json.items.find(
			(item: { metadata: { name: string } }) => item.metadata.name === "wardle.example.com",
		);
	});
	t.is(stale.versions[0].freshness, "Stale");

	const ports = [{ name: "https", port: 7443, protocol: "TCP" }];
	await server.ask("POST", "/api/v1/namespaces/default/services", {
		body: { metadata: { name: "wardle" }, spec: { ports } },
	});
	await waitFor(t, server, name, "EndpointsNotFound");
	const subsets = [{ addresses: [{ ip: address }], ports: [{ ...ports[0], port: far.port }] }];
	await server.ask("POST", "/api/v1/namespaces/default/endpoints", {
		body: { metadata: { name: "wardle" }, subsets },
	});
	t.is((await waitFor(t, server, name, "Passed")).message, "all checks passed");

	const token = await server.token("jané", "system:masters", "team");
	const reply = await server.ask("GET", `${path}/namespaces/default/flunders/f?x=1`, {
		token,
		headers: { "x-remote-user": "somebody-else" },
	});
	t.is(reply.json.kind, "Flunder");
	const last = asked.at(-1);
	t.is(last?.url, `${path}/namespaces/default/flunders/f?x=1`);
	t.is(Buffer.from(String(last?.headers["x-remote-user"]), "latin1").toString(), "jané");
	t.regex(String(last?.headers["x-remote-group"]), /^system:masters, team/);
	t.is(last?.headers.authorization, undefined);

	t.is((await server.ask("GET", path)).json.resources.length, 2);
	const group = await server.ask("GET", "/apis/wardle.example.com");
	t.is(group.json.preferredVersion.version, "v1alpha1");
	const { json: groups } = await server.ask("GET", "/apis", { headers: AGGREGATED });
	const found = groups.items.at(-1);
	t.like(found, { metadata: { name: "wardle.example.com" } });
	t.like(found.versions[0], { version: "v1alpha1", freshness: "Current" });
	t.like(found.versions[0].resources[0], {
		resource: "flunders",
		scope: "Namespaced",
		responseKind: { group: "wardle.example.com", version: "v1alpha1", kind: "Flunder" },
		subresources: [{ subresource: "status" }],
	});

	const v3 = await until(t, async () => {
		const { json } = await server.ask("GET", "/openapi/v3");
		return json.paths["apis/wardle.example.com/v1alpha1"]?.serverRelativeURL as string | undefined;
	});
	t.is((await server.ask("GET", v3)).json.info.title, "wardle");
	const v2 = (await server.ask("GET", "/openapi/v2")).json;
	t.truthy(v2.paths[`${path}/flunders`] && v2.paths["/api/v1/pods"]);
	t.truthy(v2.definitions["com.example.Flunder"] && v2.definitions["io.k8s.api.core.v1.Pod"]);

	using watch = await rawConnection(server);
	watch.send(`GET ${path}/flunders?watch=true HTTP/1.1\r\nHost: x\r\n\r\n`);
	await watch.until(/"ADDED"/);
	using upgraded = await rawConnection(server);
	upgraded.send(
		`GET ${path}/namespaces/default/flunders/f/console HTTP/1.1\r\nHost: x\r\nX-Remote-User: eve\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`,
	);
	await upgraded.until(/101 Switching/);
	upgraded.send("ping");
	await upgraded.until(/ping$/);
	t.is(asked.at(-1)?.headers["x-remote-user"], "admin");
	t.is((await server.ask("GET", `${path}/flunders`, { token: await server.token("nobody") })).code, 403);

	watch.socket.destroy();
	upgraded.socket.destroy();
	await far[Symbol.asyncDispose]();
	await server.ask("PATCH", `${SERVICES}/${name}`, {
		body: JSON.stringify({ spec: { versionPriority: 201 } }),
		headers: { "content-type": "application/merge-patch+json" },
	});
	t.regex(
		(await waitFor(t, server, name, "FailedDiscoveryCheck")).message,
		/^failing or missing response from https:/,
	);
	await server.ask("DELETE", `${SERVICES}/${name}`);
	await until(t, async () =>
		(await server.ask("GET", "/apis/wardle.example.com")).code === 404 ? true : undefined,
	);
});
