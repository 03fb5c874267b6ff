import test from "ava";
import { type Answer, decode, encode, type Packet } from "dns-packet";
import { createAnswerCache } from "./cache.ts";

const QUESTION = { type: "A", name: "a.b" } as const;
const QUESTION_LENGTH = 9;
const a = (ttl: number): Answer => ({ name: "a.b", type: "A", ttl, data: "1.2.3.4" });
const answer = (packet: Partial<Packet>) =>
	encode({ type: "response", id: 1, questions: [QUESTION], ...packet });

test("answers are kept as long as their shortest record, and count down", (t) => {
	const cache = createAnswerCache();
	cache.set("k", answer({ answers: [a(20), a(10)] }), QUESTION_LENGTH, 0);
	const kept = cache.get("k", 4_000);
	t.deepEqual(kept && decode(kept).answers?.map((each) => "ttl" in each && each.ttl), [16, 6]);
	t.is(cache.get("k", 10_000), undefined);
	t.is(cache.size, 0);
});

test("denials are kept as their authority says, others not at all", (t) => {
	const cache = createAnswerCache();
	const data = { mname: "a", rname: "b", serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 7 };
	const soa: Answer = { name: "b", type: "SOA", ttl: 60, data };
	cache.set("denied", answer({ flags: 3, authorities: [soa] }), QUESTION_LENGTH, 0);
	t.truthy(cache.get("denied", 6_999));
	t.is(cache.get("denied", 7_000), undefined);
	cache.set("bare", answer({ flags: 3 }), QUESTION_LENGTH, 0);
	t.is(cache.get("bare", 0), undefined);
});

test("failures, cut answers, broken ones and those for no time are not kept", (t) => {
	const cache = createAnswerCache();
	const bad = [
		answer({ flags: 2, answers: [a(10)] }),
		answer({ flags: 0x200, answers: [a(10)] }),
		answer({ answers: [a(0)] }),
		answer({ answers: [a(10)] }).subarray(0, 30),
	];
	for (const each of bad) cache.set("k", each, QUESTION_LENGTH, 0);
	t.is(cache.size, 0);
});

test("it holds so many; the longest unused goes first", (t) => {
	const cache = createAnswerCache();
	for (let i = 0; i < 2_048; i++) cache.set(`${i}`, answer({ answers: [a(30)] }), QUESTION_LENGTH, 0);
	cache.get("0", 1);
	cache.set("more", answer({ answers: [a(30)] }), QUESTION_LENGTH, 0);
	t.is(cache.size, 2_048);
	t.truthy(cache.get("0", 1));
	t.is(cache.get("1", 1), undefined);
});
