/**
 * The proxy against its floors, in the same run:
 * - rules: one endpoint of 1,000 services changes, against writing all rules (root; in a network namespace of its own);
 * - DNS: questions answered a second, against a bare UDP echo.
 *
 *     node test/bench/proxy.ts
 */
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { createInterface } from "node:readline";
import { silentLogger, systemClock } from "@berth/api";
import { encode } from "dns-packet";
import { createForwarder } from "../../packages/proxy/src/dns/forwarder.ts";
import { createResponder } from "../../packages/proxy/src/dns/responder.ts";
import { listenUdp } from "../../packages/proxy/src/dns/udp-server.ts";
import { ZONE } from "../../packages/proxy/src/dns/zone.fixture.ts";
import { run } from "../../packages/proxy/src/host/run.ts";
import { openIptables } from "../../packages/proxy/src/iptables/restore.ts";
import { SETTINGS as settings } from "../../packages/proxy/src/iptables/routes.fixture.ts";
import { type RouteMemo, renderRules } from "../../packages/proxy/src/iptables/rules.ts";
import { changeTransaction, fullTransaction } from "../../packages/proxy/src/iptables/transaction.ts";
import { NO_METRICS } from "../../packages/proxy/src/metrics.ts";
import { service, slice } from "../../packages/proxy/src/objects.fixture.ts";
import { routesOf } from "../../packages/proxy/src/services.ts";
import { median, report } from "./report.ts";

const SERVICES = 1_000;
const ENDPOINTS = 3;
const QUESTIONS = 30_000;
/** Questions on their way at the same time. */
const WINDOW = 64;

const [, file = "", role] = process.argv;
if (role === "rules") await benchRules();
else if (role === "dns" || role === "echo") await serve(role);
else {
	if (process.getuid?.() === 0)
		spawnSync("unshare", ["--net", process.execPath, file, "rules"], { stdio: "inherit" });
	else console.log("rules: skipped, needs root");
	await benchDns();
}

async function benchRules(): Promise<void> {
	const iptables = await openIptables({ run, log: silentLogger });
	const objects = Array.from({ length: SERVICES }, (_, i) => ({
		service: service(`s${i}`, { clusterIP: `10.96.${1 + (i >> 8)}.${i & 255}` }),
		addresses: Array.from({ length: ENDPOINTS }, (_, e) => `10.244.${i >> 8}.${(i & 63) * 3 + e + 2}`),
	}));
	const routes = objects.map(({ service: each, addresses }) => routeOf(each, addresses));
	const memo: RouteMemo = new WeakMap();
	let applied = renderRules(routes.flat(), settings, memo);

	const full: number[] = [];
	for (let i = 0; i < 5; i++) {
		const began = performance.now();
		await iptables.restore(fullTransaction(applied, await iptables.find()));
		full.push(performance.now() - began);
	}
	const change: number[] = [];
	for (let i = 0; i < 15; i++) {
		const at = (i * 61) % SERVICES;
		const { service: each, addresses } = objects[at] ?? { addresses: [] };
		if (!each) continue;
		const began = performance.now();
		routes[at] = routeOf(each, i % 2 ? addresses : addresses.slice(1));
		const next = renderRules(routes.flat(), settings, memo);
		await iptables.restore(changeTransaction(applied, next));
		applied = next;
		change.push(performance.now() - began);
	}
	report({
		what: `endpoint change, ${iptables.variant}`,
		value: median(change),
		unit: "ms",
		floor: median(full),
		floorName: `all rules of ${SERVICES} services`,
	});
}

function routeOf(each: ReturnType<typeof service>, addresses: readonly string[]) {
	const endpoints = addresses.map((address) => ({ address }));
	return routesOf(each, [slice(each.metadata.name, endpoints)], { nodeName: "node" });
}

async function benchDns(): Promise<void> {
	const rates: Record<string, number> = {};
	for (const what of ["echo", "dns", "echo", "dns"] as const)
		rates[what] = Math.max(rates[what] ?? 0, await measure(what));
	report({
		what: "DNS answers",
		value: rates.dns ?? 0,
		unit: "/s",
		floor: rates.echo ?? 0,
		floorName: "a bare UDP echo",
	});
}

/** Answers a second of a server in a process of its own. */
async function measure(what: "dns" | "echo"): Promise<number> {
	const server = spawn(process.execPath, [file, what], { stdio: ["pipe", "pipe", "inherit"] });
	const [line] = await once(createInterface(server.stdout), "line");
	const port = Number(line);
	const question = encode({
		type: "query",
		flags: 0x100,
		questions: [{ type: "A", name: "web.default.svc.cluster.local" }],
	});
	const socket = createSocket("udp4");
	socket.connect(port, "127.0.0.1");
	await once(socket, "connect");
	let sent = 0;
	let received = 0;
	const { promise: done, resolve } = Promise.withResolvers<void>();
	const send = () => {
		if (sent++ < QUESTIONS) socket.send(question);
	};
	socket.on("message", () => {
		if (++received >= QUESTIONS) resolve();
		else send();
	});
	const began = performance.now();
	for (let i = 0; i < WINDOW; i++) send();
	// Should the kernel drop some, the rest still counts.
	const stalled = setTimeout(resolve, 20_000);
	await done;
	clearTimeout(stalled);
	const seconds = (performance.now() - began) / 1_000;
	socket.close();
	server.stdin.end();
	await once(server, "exit");
	return received / seconds;
}

/** Prints its port, and ends with its standard input. */
async function serve(what: "dns" | "echo"): Promise<void> {
	const common = { clock: systemClock, log: silentLogger };
	const { signal } = new AbortController();
	const forwarder = createForwarder({ ...common, resolvers: async () => [], signal });
	const dns = createResponder({ ...common, zone: ZONE, forwarder, metrics: NO_METRICS });
	const respond = what === "dns" ? dns : (message: Buffer) => message;
	const { port, close } = await listenUdp({ address: "127.0.0.1", port: 0, respond, log: silentLogger });
	console.log(port);
	process.stdin.resume();
	await once(process.stdin, "end");
	await close();
}
