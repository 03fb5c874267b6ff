/** Values, texts and bytes that no honest client sends. */
import type { Random } from "./random.ts";

export const TEXTS = [
	"",
	" ",
	"a",
	"..",
	"a/b",
	"A_B",
	"a\u0000b",
	"\ud800",
	"é".repeat(40),
	"ａ🎉",
	"__proto__",
	"constructor",
	"toString",
	"true",
	"null",
	"NaN",
	"1e999",
	"-5Gi",
	"9".repeat(400),
	"1".repeat(20),
	"0x10",
	"100%",
	"2026-13-45T99:99:99Z",
	"10.0.0.256",
	"::ffff:1.2.3.4",
	"0.0.0.0/0",
	"999999h",
	"*/0 * * * *",
	"(a+)+$",
	"^(([a-z])+.)+[A-Z]([a-z])+$",
	"[",
	"{}",
	"$(A)",
	"\r\nX-Injected: yes",
	"x".repeat(70_000),
] as const;

const NUMBERS = [0, -0, -1, 0.5, 1, 65_536, 2 ** 31, 2 ** 53, -(2 ** 63), 1e300, Number.MIN_VALUE] as const;

/** Any JSON value; objects own keys that would harm a careless reader. */
export function strange(random: Random, depth = 0): unknown {
	if (depth > 3 || random.chance(0.6)) {
		return random.one<unknown>(
			() => null,
			() => random.chance(0.5),
			() => random.pick(NUMBERS),
			() => random.pick(TEXTS),
			() => random.pick(TEXTS),
		);
	}
	if (random.chance(0.5)) return random.times(4, () => strange(random, depth + 1));
	const entries = random.times(4, () => [random.pick(TEXTS), strange(random, depth + 1)] as const);
	return JSON.parse(
		`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`,
	);
}

/** Whole bodies whose form, not whose meaning, is the attack. */
export function hostileBody(random: Random): string | Uint8Array {
	const many = 10 ** (1 + random.below(5));
	return random.one<string | Uint8Array>(
		() => "",
		() => "null",
		() => "[]",
		() => "{",
		() => '"text"',
		() => "{}{}",
		() => "[".repeat(many),
		() => `${'{"a":'.repeat(many)}1${"}".repeat(many)}`,
		() => `{"metadata":{"name":"x","labels":{${'"a":"b",'.repeat(many)}"a":"b"}}}`,
		() => `{"metadata":{"name":"x"},"data":[${"0,".repeat(many)}0]}`,
		() => `{"metadata":{"name":"x"},"data":{"n":${"9".repeat(many)}}}`,
		() => `{"metadata":{"name":"x"},"spec":${"1".repeat(many)}e${"1".repeat(5)}}`,
		() => '{"__proto__":{"polluted":true},"metadata":{"name":"x","__proto__":{"polluted":true}}}',
		() => '{"constructor":{"prototype":{"polluted":true}},"metadata":{"name":"x"}}',
		() => '{"metadata":{"name":NaN}}',
		() => '{"metadata":{"name":"x"},"metadata":{"name":"y"},"kind":"ConfigMap","kind":"Secret"}',
		() => '{"kind":"ConfigMapList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}',
		() => '{"kind":"List","apiVersion":"v1","items":[]}',
		() => '{"kind":7,"apiVersion":[]}',
		() => '\ufeff{"metadata":{"name":"x"}}',
		() => Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
		() => Uint8Array.of(0x6b, 0x38, 0x73, 0x00, ...random.times(200, () => random.below(256))),
		() => Uint8Array.from(random.times(2_000, () => random.below(256))),
		() =>
			`a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : "a"},*${i ? `b${i - 1}` : "a"}]`).join("\n")}`,
		() => `${"- ".repeat(many)}x`,
		() => `a: !!binary x\nb: !!js/function "y"\n? [c]\n: d\n<<: *nothing`,
		() => `${"a: ".repeat(Math.min(many, 1_000))}b`,
	);
}

/** A tree of JSON with up to four of its values replaced, removed or moved. */
export function bend(random: Random, value: unknown): unknown {
	const size = count(value);
	const places = new Set(Array.from({ length: 1 + random.below(4) }, () => random.below(size)));
	let at = 0;
	const walk = (inner: unknown): unknown => {
		const here = at;
		at += 1;
		if (places.has(here)) {
			at += count(inner) - 1;
			return random.one<unknown>(
				() => undefined,
				() => strange(random),
				() => strange(random),
				() => [inner, inner],
				() => ({ a: inner }),
				() => Array.from({ length: 300 }, () => inner),
			);
		}
		if (Array.isArray(inner)) return inner.map(walk);
		if (typeof inner !== "object" || inner === null) return inner;
		return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, walk(each)]));
	};
	return walk(value);
}

const count = (value: unknown): number =>
	typeof value === "object" && value !== null
		? Object.values(value).reduce((sum: number, inner) => sum + count(inner), 1)
		: 1;

/** Bytes with some of them flipped, cut, doubled or removed. */
export function bendBytes(random: Random, bytes: Uint8Array): Uint8Array {
	const bent = Uint8Array.from(bytes);
	const at = random.below(bent.length + 1);
	return random.one<Uint8Array>(
		() => bent.subarray(0, at),
		() => Buffer.concat([bent.subarray(0, at), bent]),
		() => Buffer.concat([bent.subarray(0, at), bent.subarray(at + 1 + random.below(8))]),
		() => {
			for (let flips = 1 + random.below(8); flips > 0; flips -= 1)
				bent[random.below(bent.length)] = random.below(256);
			return bent;
		},
	);
}
