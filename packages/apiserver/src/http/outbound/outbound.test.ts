import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { Endpoints, KINDS, Service, silentLogger, systemClock } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createObjects } from "../../store/create-objects.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import type { Objects } from "../../store/objects.ts";
import { answering, startFarServer } from "../testing/far-server.ts";
import type { ClientConfig } from "./client-config.ts";
import { createOutbound } from "./outbound.ts";

async function open(t: ExecutionContext) {
	const store = createMemoryStore();
	const objects = await createObjects({ store, kinds: KINDS, log: silentLogger, clock: systemClock });
	const outbound = createOutbound({ objects, clock: systemClock, random: () => 0 });
	t.teardown(async () => {
		outbound.close();
		await objects.close();
		await store.close();
	});
	const { signal } = new AbortController();
	const post = (config: ClientConfig, body: object = {}, timeoutSeconds = 5) =>
		outbound.post(config, body, { timeoutSeconds, signal });
	const failure = async (config: ClientConfig, timeoutSeconds?: number) => {
		const error = await t.throwsAsync(post(config, {}, timeoutSeconds));
		return error.message;
	};
	return { objects, outbound, post, failure };
}

const hostAddress = Object.values(networkInterfaces())
	.flat()
	.find((entry) => entry && !entry.internal && isIPv4(entry.address))?.address;

test("questions by address: JSON there and back, on one connection", async (t) => {
	const { post } = await open(t);
	await using far = await startFarServer(
		answering((body, { url, headers }) => ({ body, url, host: headers.host })),
	);
	let connections = 0;
	far.server.on("secureConnection", () => {
		connections += 1;
	});
	const config = { url: `${far.url}/hook?x=1`, caBundle: far.caBundle };
	t.deepEqual(await post(config, { a: 1 }), {
		body: { a: 1 },
		url: "/hook?x=1&timeout=5s",
		host: `127.0.0.1:${far.port}`,
	});
	await post(config);
	t.is(connections, 1);
	far.server.closeIdleConnections();
	t.truthy(await post(config));
});

test("what goes wrong is said in Kubernetes' words", async (t) => {
	const { failure } = await open(t);
	await using far = await startFarServer((request, response) => {
		if (request.url?.startsWith("/hang")) return;
		if (request.url?.startsWith("/text")) response.end("no json");
		else if (request.url?.startsWith("/broken")) request.socket.destroy();
		else response.writeHead(Number(request.url?.slice(1, 4))).end("oh no");
	});
	await using stranger = await startFarServer(() => {}, { names: ["elsewhere.example"] });
	const at = (path: string) => ({ url: `${far.url}${path}`, caBundle: far.caBundle });
	t.is(await failure(at("/hang"), 1), `Post "${far.url}/hang?timeout=1s": context deadline exceeded`);
	t.is(
		await failure({ url: far.url }),
		`Post "${far.url}/?timeout=5s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
	);
	t.regex(await failure({ url: far.url, caBundle: stranger.caBundle }), /unknown authority$/);
	t.regex(
		await failure({ url: stranger.url, caBundle: stranger.caBundle }),
		/x509: certificate is not valid for "127\.0\.0\.1"$/,
	);
	t.is(await failure(at("/404")), "the server could not find the requested resource");
	t.is(
		await failure(at("/500")),
		'an error on the server ("oh no") has prevented the request from succeeding',
	);
	t.is(await failure(at("/302")), "the server rejected our request for an unknown reason (302)");
	t.regex(await failure(at("/text")), /invalid|unexpected/i);
	t.regex(await failure(at("/broken")), /\/broken\?timeout=5s": EOF$/);
	const { port } = far;
	await far[Symbol.asyncDispose]();
	t.regex(
		await failure(at("/")),
		new RegExp(`dial tcp 127\\.0\\.0\\.1:${port}: connect: connection refused$`),
	);
});

test("a caller that leaves gets its own reason", async (t) => {
	const { outbound } = await open(t);
	await using far = await startFarServer(() => {});
	const controller = new AbortController();
	const asked = outbound.post(
		{ url: far.url, caBundle: far.caBundle },
		{},
		{ timeoutSeconds: 9, signal: controller.signal },
	);
	far.server.once("request", () => controller.abort(new Error("gone")));
	await t.throwsAsync(asked, { message: "gone" });
});

const makeService = async (objects: Objects, ip: string, port: number) => {
	const metadata = { name: "hook", namespace: "ns", uid: "u", resourceVersion: "", creationTimestamp: "" };
	await objects.create(Service, {
		apiVersion: "v1",
		kind: "Service",
		metadata,
		spec: { ports: [{ port: 443, protocol: "TCP" }] },
	} as Service);
	if (!ip) return;
	await objects.create(Endpoints, {
		apiVersion: "v1",
		kind: "Endpoints",
		metadata,
		subsets: [{ addresses: [{ ip }], ports: [{ port, protocol: "TCP" }] }],
	} as Endpoints);
};

test("services that are not there", async (t) => {
	const { objects, failure } = await open(t);
	const config = { service: { namespace: "ns", name: "hook", path: "/a" } };
	t.is(await failure(config), 'Post "https://hook.ns.svc:443/a?timeout=5s": service "hook" not found');
	await makeService(objects, "", 0);
	t.is(
		await failure(config),
		'Post "https://hook.ns.svc:443/a?timeout=5s": no endpoints available for service "hook"',
	);
	t.is(
		await failure({ service: { ...config.service, port: 8443 } }),
		'Post "https://hook.ns.svc:8443/a?timeout=5s": no service port "8443" found for service "hook"',
	);
});

(hostAddress ? test : test.skip)(
	"services are dialed at an endpoint, and known by their names",
	async (t) => {
		const { objects, post } = await open(t);
		await using far = await startFarServer(
			answering((_body, { url, headers }) => ({ url, host: headers.host })),
			{ address: hostAddress ?? "", names: ["hook.ns.svc"] },
		);
		await makeService(objects, hostAddress ?? "", far.port);
		const config = { service: { namespace: "ns", name: "hook" }, caBundle: far.caBundle };
		t.deepEqual(await post(config), { url: "/?timeout=5s", host: "hook.ns.svc:443" });
	},
);
