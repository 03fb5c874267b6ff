import test from "ava";
import { type Answer, decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import fc from "fast-check";
import { encodeQuestion, parseQuery, type Query, RCODE, TYPE, walkRecords } from "./query.ts";
import { encodeRefusal, encodeReply, encodeTruncated, sizeLimit } from "./response.ts";

const message = (packet: Partial<Packet>) =>
	encode({ type: "query", id: 7, flags: RECURSION_DESIRED, ...packet });
const query = (name: string, extra: Partial<Packet> = {}): Query => {
	const parsed = parseQuery(message({ questions: [{ type: "A", name }], ...extra }));
	if (!parsed || "refusal" in parsed) throw new Error("not a query");
	return parsed;
};
const code = (bytes: Buffer) => {
	const parsed = parseQuery(bytes);
	return parsed && "refusal" in parsed ? parsed.refusal.code : parsed ? "query" : "ignored";
};
const opt = (changes: object): Answer =>
	({
		type: "OPT",
		name: ".",
		udpPayloadSize: 4096,
		extendedRcode: 0,
		ednsVersion: 0,
		flags: 0,
		options: [],
		...changes,
	}) as never;

test("a question is read, in lower case and as it was sent", (t) => {
	const parsed = query("WeB.Default.svc.cluster.LOCAL");
	t.like(parsed, {
		id: 7,
		name: "web.default.svc.cluster.local",
		type: TYPE.A,
		recursion: true,
		edns: undefined,
	});
	t.true(parsed.raw.toString("latin1").includes("WeB"));
	t.deepEqual(query("a", { additionals: [opt({ flags: 0x8000 })] }).edns, { size: 4096, dnssec: true });
});

test("dots and strange bytes inside of labels do not make other names", (t) => {
	const raw = Buffer.concat([
		message({ questions: [] }).fill(1, 5, 6),
		Buffer.from("\x03a.b\x01\xff\x00\x00\x01\x00\x01", "latin1"),
	]);
	const parsed = parseQuery(raw);
	t.true(parsed !== undefined && "name" in parsed && parsed.name === "a\\046b.\\255");
});

test("what is no question is ignored or refused", (t) => {
	t.is(code(Buffer.alloc(11)), "ignored");
	t.is(code(encode({ type: "response", questions: [{ type: "A", name: "a" }] })), "ignored");
	t.is(code(message({ flags: 5 << 11, questions: [{ type: "A", name: "a" }] })), RCODE.NOTIMP);
	t.is(code(message({ questions: [] })), RCODE.FORMERR);
	t.is(
		code(
			message({
				questions: [
					{ type: "A", name: "a" },
					{ type: "A", name: "b" },
				],
			}),
		),
		RCODE.FORMERR,
	);
	t.is(code(message({ questions: [{ type: "A", name: "a", class: "CH" }] })), RCODE.REFUSED);
	t.is(code(message({ questions: [{ type: "AXFR", name: "cluster.local" }] })), RCODE.REFUSED);
	t.is(
		code(message({ questions: [{ type: "A", name: "a" }], additionals: [opt({ ednsVersion: 1 })] })),
		RCODE.BADVERS,
	);
	t.is(
		code(message({ questions: [{ type: "A", name: "a" }], additionals: [opt({}), opt({})] })),
		RCODE.FORMERR,
	);
	t.is(code(message({ questions: [{ type: "A", name: "a" }] }).subarray(0, 15)), RCODE.FORMERR);
	const pointing = Buffer.concat([
		message({ questions: [{ type: "A", name: "a" }] }).subarray(0, 12),
		Buffer.from([0xc0, 12, 0, 1, 0, 1]),
	]);
	t.is(code(pointing), RCODE.FORMERR);
});

test("an answer carries the question back letter by letter, its names compressed", (t) => {
	const asked = query("WEB.default.svc.cluster.local");
	const records = Array.from(
		{ length: 20 },
		(_, i): Answer => ({
			name: asked.name,
			type: "A",
			ttl: 5,
			data: `10.0.0.${i}`,
		}),
	);
	const additionals: Answer[] = [
		{ name: "x.default.svc.cluster.local", type: "A", ttl: 5, data: "10.0.0.1" },
	];
	const bytes = encodeReply(asked, { code: 0, answers: records, additionals }, 512);
	const decoded = decode(bytes);
	t.is(decoded.questions?.[0]?.name, "WEB.default.svc.cluster.local");
	t.deepEqual(
		decoded.answers?.map((each) => "data" in each && each.data),
		records.map((each) => "data" in each && each.data),
	);
	t.is(decoded.additionals?.[0]?.name, "x.default.svc.cluster.local");
	t.true(decoded.flag_aa && decoded.flag_ra && decoded.flag_rd && !decoded.flag_tc);
	t.true(bytes.length < 12 + 35 + 20 * 16 + 25, `${bytes.length}`);
});

test("what does not fit is cut and said to be; additional records go first, without a word", (t) => {
	const asked = query("a.b", { additionals: [opt({ udpPayloadSize: 600 })] });
	const many = Array.from(
		{ length: 60 },
		(): Answer => ({ name: "a.b", type: "A", ttl: 5, data: "10.0.0.1" }),
	);
	const cut = encodeReply(asked, { code: 0, answers: many }, sizeLimit(asked.edns, "udp"));
	t.true(cut.length <= 600 && decode(cut).flag_tc);
	t.is(decode(cut).additionals?.[0]?.type, "OPT");
	const whole = encodeReply(asked, { code: 0, answers: many }, sizeLimit(asked.edns, "tcp"));
	t.is(decode(whole).answers?.length, 60);
	const tight = encodeReply(asked, { code: 0, answers: many.slice(0, 30), additionals: many }, 600);
	t.false(decode(tight).flag_tc);
	t.is(decode(tight).answers?.length, 30);
});

test("sizes: 512 without EDNS, never more than 1232", (t) => {
	t.is(sizeLimit(undefined, "udp"), 512);
	t.is(sizeLimit({ size: 100, dnssec: false }, "udp"), 512);
	t.is(sizeLimit({ size: 4096, dnssec: false }, "udp"), 1232);
	t.is(sizeLimit(undefined, "tcp"), 65_535);
});

test("refusals and truncations are whole messages", (t) => {
	const raw = encodeQuestion("a.b", TYPE.A);
	const refused = encodeRefusal({ id: 9, flags: 0x0100, code: RCODE.BADVERS, raw });
	t.is(refused.readUInt16BE(0), 9);
	t.like(decode(refused).additionals?.[0], { type: "OPT", extendedRcode: 1 });
	t.true(decode(encodeTruncated(query("a.b"))).flag_tc);
});

test("names that no packet can carry have no question section", (t) => {
	t.is(encodeQuestion("a..b", 1), undefined);
	t.is(encodeQuestion(`${"a".repeat(64)}.b`, 1), undefined);
	t.is(encodeQuestion(Array.from({ length: 60 }, () => "abcd").join("."), 1), undefined);
	t.truthy(encodeQuestion("a.b.", 1));
});

test("no bytes make the parsers throw", (t) => {
	const start = message({ questions: [{ type: "A", name: "a.b" }], additionals: [opt({})] });
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(40), (bytes, at) => {
			const broken = Buffer.from(start);
			Buffer.from(bytes).copy(broken, at);
			for (const each of [Buffer.from(bytes), broken]) {
				const parsed = parseQuery(each);
				if (parsed && "refusal" in parsed) encodeRefusal(parsed.refusal);
				else if (parsed)
					encodeReply(parsed, { code: 0, answers: [{ name: "a.b", type: "A", data: "1.2.3.4" }] }, 512);
				if (each.length >= 12) walkRecords(each, 12);
			}
		}),
		{ numRuns: 1_000 },
	);
	t.pass();
});
