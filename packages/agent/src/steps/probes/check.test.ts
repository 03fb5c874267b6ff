import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { systemClock } from "@berth/api";
import test from "ava";
import type { ContainerSpec } from "../../runtime/container-spec.ts";
import { createFakeRuntime } from "../../runtime/fake.ts";
import { check } from "./check.ts";

/** No program is given this port by chance, as one that was just let go may be. */
const NOBODYS = 1;

const portOf = (server: { address(): AddressInfo | string | null }) => (server.address() as AddressInfo).port;
const listening = async <S extends Server>(server: S): Promise<S> => {
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
	return server;
};
const runtime = createFakeRuntime({
	clock: systemClock,
	images: ["app:1"],
	exec: (_, command) => (command[0] === "good" ? { code: 0 } : { code: 1, output: "it is broken\n" }),
});
const target = { containerId: "none", host: "127.0.0.1", ports: [{ name: "web", containerPort: 0 }] };
const options = { runtime, clock: systemClock, signal: new AbortController().signal };

test("HTTP: 2xx and 3xx pass, the rest says its code", async (t) => {
	const server = await listening(
		createHttpServer((request, response) => {
			if (request.url === "/away")
				response.writeHead(302, { location: "http://example.invalid/" }).write("see example.invalid");
			else if (request.url === "/round") response.writeHead(302, { location: "/round" });
			else if (request.url === "/on") response.writeHead(302, { location: "/500" });
			else if (request.url === "/slow") return;
			else
				response.writeHead(
					request.headers["x-code"] ? Number(request.headers["x-code"]) : Number(request.url?.slice(1)),
				);
			response.end();
		}),
	);
	const port = portOf(server);
	const run = (path: string, more = {}) =>
		check({ httpGet: { path, port, ...more }, timeoutSeconds: 1 }, target, options);
	t.true((await run("/200")).passed);
	t.like(await run("/away"), {
		passed: true,
		warning: "Probe terminated redirects, Response body: see example.invalid",
	});
	t.like(await run("/304"), { passed: true, warning: "Probe terminated redirects, Response body: " });
	t.deepEqual(await run("/500"), { passed: false, message: "HTTP probe failed with statuscode: 500" });
	t.deepEqual(await run("/on"), { passed: false, message: "HTTP probe failed with statuscode: 500" });
	t.regex((await run("/round")).message, /stopped after 10 redirects/);
	t.is(
		(await run("/200", { httpHeaders: [{ name: "X-Code", value: "404" }] })).message,
		"HTTP probe failed with statuscode: 404",
	);
	t.is(
		(await run("/slow")).message,
		`Get "http://127.0.0.1:${port}/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
	);
	server.close();
	server.closeAllConnections();
	t.is(
		(await run("/200", { port: NOBODYS })).message,
		`Get "http://127.0.0.1:${NOBODYS}/200": dial tcp 127.0.0.1:${NOBODYS}: connect: connection refused`,
	);
	t.is((await check({ httpGet: { port: "nope" } }, target, options)).message, "couldn't find port: nope");
});

test("TCP: by number or by name", async (t) => {
	const server = await listening(createServer((socket) => socket.end()));
	const port = portOf(server);
	const named = { ...target, ports: [{ name: "web", containerPort: port }] };
	t.true((await check({ tcpSocket: { port: "web" } }, named, options)).passed);
	server.close();
	t.deepEqual(await check({ tcpSocket: { port: NOBODYS } }, target, options), {
		passed: false,
		message: `dial tcp 127.0.0.1:${NOBODYS}: connect: connection refused`,
	});
});

test("a command: its code, its output, and no container", async (t) => {
	const id = await runtime.create({
		name: "c",
		labels: {},
		image: "app:1",
		command: ["forever"],
		namespaces: { network: "none", ipc: "shareable", pid: "private" },
		resources: { oomScore: 0 },
	} as unknown as ContainerSpec);
	await runtime.start(id);
	const own = { ...target, containerId: id };
	t.true((await check({ exec: { command: ["good"] } }, own, options)).passed);
	t.deepEqual(await check({ exec: { command: ["bad"] } }, own, options), {
		passed: false,
		message: "it is broken",
	});
	t.regex((await check({ exec: { command: ["good"] } }, target, options)).message, /is not running/);
});

test("gRPC: SERVING passes", async (t) => {
	let status = 1;
	const server = createHttp2Server();
	server.on("stream", (stream, headers) => {
		const known = headers[":path"] === "/grpc.health.v1.Health/Check";
		stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
		stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": known && status < 9 ? "0" : "12" }));
		stream.resume();
		stream.end(Buffer.from([0, 0, 0, 0, 2, 8, status]));
	});
	await listening(server);
	const port = portOf(server);
	const run = (at = port) => check({ grpc: { port: at, service: "x" } }, target, options);
	t.deepEqual(await run(), { passed: true, message: "" });
	status = 2;
	t.is((await run()).message, "service unhealthy (responded with NOT_SERVING)");
	status = 9;
	t.regex((await run()).message, /does not implement/);
	await new Promise((resolve) => server.close(resolve));
	t.regex((await run(NOBODYS)).message, /connection refused/);
});
