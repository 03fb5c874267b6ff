import { silentLogger, systemClock } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { type Answer, decode } from "dns-packet";
import { createForwarder } from "./forwarder.ts";
import { encodeQuestion, RCODE, TYPE } from "./query.ts";
import type { Resolver } from "./resolvers.ts";
import { createFakeResolver } from "./upstream.fixture.ts";

const a = (name: string, data: string, ttl = 60): Answer => ({ name, type: "A", ttl, data });
const question = (name: string) => ({
	...{ name, type: TYPE.A, raw: encodeQuestion(name, TYPE.A) ?? Buffer.alloc(0) },
	...{ edns: false, dnssec: false, checkingDisabled: false },
});
const forwarderOf = (resolvers: readonly Resolver[], clock = systemClock) =>
	createForwarder({
		resolvers: async () => resolvers,
		clock,
		log: silentLogger,
		signal: new AbortController().signal,
	});
const addresses = (answer: Buffer | undefined) =>
	answer && decode(answer).answers?.map((each) => "data" in each && each.data);

test("answers come from the resolver once, and then from memory", async (t) => {
	const upstream = await createFakeResolver(({ name }) => ({ answers: [a(name, "1.2.3.4")] }));
	t.teardown(upstream.close);
	const forwarder = forwarderOf([upstream]);
	const first = await forwarder.ask(question("example.com"));
	const second = await forwarder.ask(question("example.com"));
	t.deepEqual([first?.source, addresses(first?.answer)], ["upstream", ["1.2.3.4"]]);
	t.deepEqual([second?.source, addresses(second?.answer)], ["cache", ["1.2.3.4"]]);
	t.deepEqual(upstream.asked, ["udp example.com"]);
});

test("questions that are on their way already wait for the same answer", async (t) => {
	const upstream = await createFakeResolver(({ name }) => ({ answers: [a(name, "1.2.3.4", 0)] }));
	t.teardown(upstream.close);
	const forwarder = forwarderOf([upstream]);
	const all = await Promise.all(Array.from({ length: 20 }, () => forwarder.ask(question("example.com"))));
	t.true(all.every((each) => addresses(each?.answer)?.[0] === "1.2.3.4"));
	t.is(upstream.asked.length, 1);
});

test("a resolver that is not there, fails or refuses is passed over", async (t) => {
	const failing = await createFakeResolver(() => ({ flags: RCODE.SERVFAIL }));
	const refusing = await createFakeResolver(() => ({ flags: RCODE.REFUSED }));
	const upstream = await createFakeResolver(({ name }) => ({ answers: [a(name, "1.2.3.4", 0)] }));
	const gone = await createFakeResolver(() => undefined);
	gone.close();
	for (const each of [failing, refusing, upstream]) t.teardown(each.close);
	const forwarder = forwarderOf([gone, failing, refusing, upstream]);
	t.deepEqual(addresses((await forwarder.ask(question("example.com")))?.answer), ["1.2.3.4"]);
	const lost = await forwarderOf([failing, refusing]).ask(question("example.com"));
	t.is((lost?.answer[3] ?? 0) & 15, RCODE.REFUSED);
});

test("nobody to ask is known at once", async (t) => {
	t.is(await forwarderOf([]).ask(question("example.com")), undefined);
});

test("silence is given up, and the silent one asked last from then on", async (t) => {
	const silent = await createFakeResolver(() => undefined);
	const upstream = await createFakeResolver(({ name }) => ({ answers: [a(name, "1.2.3.4", 0)] }));
	t.teardown(silent.close);
	t.teardown(upstream.close);
	const clock = createFakeClock();
	const forwarder = forwarderOf([silent, upstream], clock);
	const first = forwarder.ask(question("example.com"));
	while (silent.asked.length === 0) await systemClock.sleep(2);
	await clock.advance(1_500);
	t.deepEqual(addresses((await first)?.answer), ["1.2.3.4"]);
	await forwarder.ask(question("example.com"));
	t.is(silent.asked.length, 1);
	t.is(clock.pending, 0);
});

test("what is cut in UDP is asked for again by TCP", async (t) => {
	const upstream = await createFakeResolver(({ name }, via) =>
		via === "udp" ? { flags: 0x200 } : { answers: [a(name, "1.2.3.4")] },
	);
	t.teardown(upstream.close);
	t.deepEqual(addresses((await forwarderOf([upstream]).ask(question("example.com")))?.answer), ["1.2.3.4"]);
	t.deepEqual(upstream.asked, ["udp example.com", "tcp example.com"]);
});

test("forged answers are waited past", async (t) => {
	let asked = 0;
	const upstream = await createFakeResolver(({ name }) => {
		asked++;
		return { questions: [{ type: "A", name: `other.${name}` }], answers: [a(name, "6.6.6.6")] };
	});
	t.teardown(upstream.close);
	const clock = createFakeClock();
	const pending = forwarderOf([upstream], clock).ask(question("example.com"));
	for (let tries = 1; tries <= 2; tries++) {
		while (asked < tries) await systemClock.sleep(2);
		await systemClock.sleep(10);
		await clock.advance(1_500);
	}
	t.is(await pending, undefined);
});
