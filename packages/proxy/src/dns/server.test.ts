import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLogger, systemClock } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { type Answer, decode, encode, type Packet, type RecordType } from "dns-packet";
import fc from "fast-check";
import { NO_METRICS } from "../metrics.ts";
import { createForwarder } from "./forwarder.ts";
import { RCODE } from "./query.ts";
import type { Resolver } from "./resolvers.ts";
import { createResponder } from "./responder.ts";
import { listenTcp } from "./tcp-server.ts";
import { listenUdp } from "./udp-server.ts";
import { createFakeResolver } from "./upstream.fixture.ts";
import { ZONE } from "./zone.fixture.ts";

async function setUp(t: ExecutionContext, { clock = systemClock, zone = ZONE } = {}) {
	const stop = new AbortController();
	const resolvers: Resolver[] = [];
	const common = { clock, log: silentLogger };
	const forwarder = createForwarder({ ...common, resolvers: async () => resolvers, signal: stop.signal });
	const respond = createResponder({ ...common, zone, forwarder, metrics: NO_METRICS });
	const { udp, tcp } = await listenOnBoth({ address: "127.0.0.1", respond, log: silentLogger, clock });
	t.teardown(async () => {
		stop.abort();
		await Promise.all([udp.close(), tcp.close()]);
	});
	return { port: udp.port, resolvers };
}

/** A port that the system gives for UDP may be another program's for TCP: then the next. */
async function listenOnBoth(options: Omit<Parameters<typeof listenTcp>[0], "port">, tries = 10) {
	const udp = await listenUdp({ ...options, port: 0 });
	try {
		return { udp, tcp: await listenTcp({ ...options, port: udp.port }) };
	} catch (error) {
		await udp.close();
		if (tries === 1) throw error;
		return listenOnBoth(options, tries - 1);
	}
}

const message = (name: string, type: RecordType = "A", extra: Partial<Packet> = {}) =>
	encode({ type: "query", id: 42, flags: 0x100, questions: [{ type, name }], ...extra });
const code = (bytes: Buffer) => (bytes[3] ?? 0) & 15;
const data = (bytes: Buffer) => decode(bytes).answers?.map((each) => "data" in each && each.data);

async function ask(port: number, bytes: Buffer): Promise<Buffer> {
	const socket = createSocket("udp4");
	try {
		socket.send(bytes, port, "127.0.0.1");
		const [answer] = await once(socket, "message");
		return answer;
	} finally {
		socket.close();
	}
}

const framed = (bytes: Buffer) =>
	Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);

async function open(t: ExecutionContext, port: number): Promise<Socket> {
	const socket = connect(port, "127.0.0.1");
	socket.on("error", () => {});
	t.teardown(() => socket.destroy());
	await once(socket, "connect");
	return socket;
}

/** Reads so many framed answers. */
async function read(socket: Socket, count: number): Promise<Buffer[]> {
	let bytes: Buffer = Buffer.alloc(0);
	const answers: Buffer[] = [];
	while (answers.length < count) {
		const [chunk] = await once(socket, "data");
		bytes = Buffer.concat([bytes, chunk]);
		while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
			answers.push(bytes.subarray(2, 2 + bytes.readUInt16BE(0)));
			bytes = bytes.subarray(2 + bytes.readUInt16BE(0));
		}
	}
	return answers;
}

test("names of the cluster are answered, letters as they were asked", async (t) => {
	const { port } = await setUp(t);
	const answer = await ask(port, message("wEb.default.svc.Cluster.local"));
	t.deepEqual(data(answer), ["10.96.0.20"]);
	t.is(decode(answer).questions?.[0]?.name, "wEb.default.svc.Cluster.local");
	t.is(decode(answer).id, 42);
});

test("several addresses begin with another one each time", async (t) => {
	const { port } = await setUp(t);
	const firsts = new Set<unknown>();
	for (let i = 0; i < 3; i++) firsts.add(data(await ask(port, message("db.default.svc.cluster.local")))?.[0]);
	t.is(firsts.size, 3);
});

test("before the first lists the cluster's names fail instead of being denied", async (t) => {
	const { port } = await setUp(t, { zone: { ...ZONE, ready: false } });
	t.is(code(await ask(port, message("other.default.svc.cluster.local"))), RCODE.SERVFAIL);
});

test("other names are forwarded, each client with its own id and letters", async (t) => {
	const { port, resolvers } = await setUp(t);
	const upstream = await createFakeResolver(({ name }) => ({
		answers: [{ name, type: "A", ttl: 60, data: "1.2.3.4" }],
	}));
	t.teardown(upstream.close);
	resolvers.push(upstream);
	const [one, two] = await Promise.all([
		ask(port, message("Example.com", "A", { id: 1 })),
		ask(port, message("exaMPLE.com", "A", { id: 2 })),
	]);
	t.deepEqual([decode(one).id, decode(one).questions?.[0]?.name, data(one)], [1, "Example.com", ["1.2.3.4"]]);
	t.deepEqual([decode(two).id, decode(two).questions?.[0]?.name, data(two)], [2, "exaMPLE.com", ["1.2.3.4"]]);
	t.is(upstream.asked.length, 1);
});

test("with nobody to ask other names fail at once", async (t) => {
	const { port } = await setUp(t);
	const began = Date.now();
	t.is(code(await ask(port, message("example.com"))), RCODE.SERVFAIL);
	t.true(Date.now() - began < 500);
});

test("asking ourselves ends after one turn", async (t) => {
	const clock = createFakeClock();
	const { port, resolvers } = await setUp(t, { clock });
	resolvers.push({ address: "127.0.0.1", port });
	const answer = ask(port, message("example.com"));
	for (let i = 0; i < 4; i++) {
		await sleep(20);
		await clock.advance(1_500);
	}
	t.is(code(await answer), RCODE.SERVFAIL);
});

test("an external name is followed to where it leads", async (t) => {
	const { port, resolvers } = await setUp(t);
	const records: Answer[] = [
		{ name: "www.example.com", type: "CNAME", ttl: 60, data: "real.example.com" },
		{ name: "real.example.com", type: "A", ttl: 60, data: "1.2.3.4" },
	];
	const upstream = await createFakeResolver(() => ({ answers: records }));
	t.teardown(upstream.close);
	resolvers.push(upstream);
	const answer = await ask(port, message("outside.default.svc.cluster.local"));
	t.deepEqual(data(answer), ["www.Example.com", "real.example.com", "1.2.3.4"]);
});

test("large answers from elsewhere come by TCP", async (t) => {
	const { port, resolvers } = await setUp(t);
	const upstream = await createFakeResolver(({ name }, via) => ({
		flags: via === "udp" ? 0x200 : 0,
		answers: Array.from({ length: via === "udp" ? 0 : 90 }, (_, i) => ({
			...{ name, type: "A", ttl: 60, data: `10.0.0.${i}` },
		})) as Answer[],
	}));
	t.teardown(upstream.close);
	resolvers.push(upstream);
	t.true(decode(await ask(port, message("example.com"))).flag_tc);
	const socket = await open(t, port);
	socket.write(framed(message("example.com")));
	const [answer = Buffer.alloc(0)] = await read(socket, 1);
	t.is(data(answer)?.length, 90);
});

test("a connection takes many questions at a time, in pieces of any size", async (t) => {
	const { port } = await setUp(t);
	const socket = await open(t, port);
	const all = Buffer.concat(
		Array.from({ length: 200 }, (_, id) => framed(message("web.default.svc.cluster.local", "A", { id }))),
	);
	const answers = read(socket, 200);
	for (let at = 0; at < all.length; at += 999) socket.write(all.subarray(at, at + 999));
	t.deepEqual(
		(await answers).map((each) => decode(each).id).sort((a = 0, b = 0) => a - b),
		Array.from({ length: 200 }, (_, id) => id),
	);
});

test("a client may close its side first", async (t) => {
	const { port } = await setUp(t);
	const socket = await open(t, port);
	const answers = read(socket, 2);
	socket.end(Buffer.concat([framed(message("a.cluster.local")), framed(message("b.cluster.local"))]));
	t.is((await answers).length, 2);
	await once(socket, "close");
});

test("who sends byte by byte is idle, and is sent away", async (t) => {
	const clock = createFakeClock();
	const { port } = await setUp(t, { clock });
	const socket = await open(t, port);
	const closed = once(socket, "close");
	socket.resume();
	for (const byte of framed(message("a.cluster.local")).subarray(0, 11)) {
		socket.write(Buffer.from([byte]));
		await sleep(1);
		await clock.advance(1_000);
	}
	await closed;
	t.pass();
});

test("one connection too many takes the place of the one that is idle longest", async (t) => {
	const { port } = await setUp(t);
	const sockets: Socket[] = [];
	for (let i = 0; i < 257; i++) sockets.push(await open(t, port));
	const [first, second] = sockets;
	if (first && !first.destroyed && !first.readableEnded) {
		first.resume();
		await once(first, "close");
	}
	second?.write(framed(message("web.default.svc.cluster.local")));
	t.is(second && (await read(second, 1)).length, 1);
});

test("hostile packets end nothing", async (t) => {
	const { port } = await setUp(t);
	const good = message("web.default.svc.cluster.local");
	const socket = createSocket("udp4");
	t.teardown(() => socket.close());
	const stream = await open(t, port);
	for (const [bytes, at] of fc.sample(fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(40)), 300)) {
		const broken = Buffer.from(good);
		Buffer.from(bytes).copy(broken, at);
		for (const each of [Buffer.from(bytes), broken]) {
			socket.send(each, port, "127.0.0.1");
			if (!stream.destroyed) stream.write(framed(each));
		}
	}
	t.deepEqual(data(await ask(port, good)), ["10.96.0.20"]);
});
