import test from "ava";
import fc from "fast-check";
import { StatusError } from "./errors.ts";
import { parseJson } from "./json.ts";

const LIMITS = { maxDepth: 64 };

const MALFORMED: Readonly<Record<string, string>> = {
	"": "unexpected end of JSON input",
	"{": "unexpected end of JSON input",
	'{"a"': "unexpected end of JSON input",
	'{"a" 1}': "invalid character '1' after object key",
	'{"a":1 "b"}': "invalid character '\"' after object key:value pair",
	'{"a":1,}': "invalid character '}' looking for beginning of object key string",
	"{a:1}": "invalid character 'a' looking for beginning of object key string",
	"{'a':1}": "invalid character '\\'' looking for beginning of object key string",
	"[1 2]": "invalid character '2' after array element",
	"[1,]": "invalid character ']' looking for beginning of value",
	"[01]": "invalid character '1' after array element",
	"[1.]": "invalid character ']' after decimal point in numeric literal",
	"[-]": "invalid character ']' in numeric literal",
	"[1e]": "invalid character ']' in exponent of numeric literal",
	'"\\x"': "invalid character 'x' in string escape code",
	'"\\u12g4"': "invalid character 'g' in \\u hexadecimal character escape",
	'"a\nb"': "invalid character '\\n' in string literal",
	'{"a":tru}': "invalid character '}' in literal true (expecting 'e')",
	"{} x": "invalid character 'x' after top-level value",
	é: "invalid character 'é' looking for beginning of value",
};

for (const [text, message] of Object.entries(MALFORMED))
	test(`${JSON.stringify(text)} is malformed`, (t) => {
		t.is(t.throws(() => parseJson(text, LIMITS), { instanceOf: StatusError, message })?.code, 400);
	});

test("nesting is bounded, however deep it goes", (t) => {
	t.deepEqual(parseJson("[[1]]", { maxDepth: 2 }).value, [[1]]);
	const message = "invalid character '[' exceeded max depth";
	t.throws(() => parseJson("[[[1]]]", { maxDepth: 2 }), { message });
	t.throws(() => parseJson("[".repeat(100_000) + "]".repeat(100_000), LIMITS), { message });
	t.throws(() => parseJson("[".repeat(100_000), LIMITS), { message: "unexpected end of JSON input" });
});

test("fields given twice are told by path", (t) => {
	const text = `{"spec": {"a": 1, "a": {"x,{": "\\"a\\""}, "list": [{"n": 1}, {"\\u006e": 1, "n": [2, 3]}]}, "spec": {}}`;
	t.deepEqual(parseJson(text, LIMITS).duplicates, ["spec.a", "spec.list[1].n", "spec"]);
});

test("bytes are read as UTF-8", (t) => {
	t.deepEqual(parseJson(new TextEncoder().encode('{"é":"ü"}'), LIMITS).value, { é: "ü" });
});

test("__proto__ is a field like any other", (t) => {
	const { value } = parseJson('{"__proto__": {"admin": true}}', LIMITS);
	t.is((value as { admin?: boolean }).admin, undefined);
	t.deepEqual(Object.keys(value as object), ["__proto__"]);
});

test("any JSON is read without duplicates", (t) => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
			const text = JSON.stringify(value, undefined, indent);
			t.deepEqual(parseJson(text, LIMITS), { value: JSON.parse(text), duplicates: [] });
		}),
	);
});

test("whatever is cut or spoilt is refused, and explained, where the engine refuses it", (t) => {
	const spoilt = fc.tuple(
		fc.jsonValue(),
		fc.nat(),
		fc.constantFrom("", "x", '"', "{", "]", ",", ":", "\\", "0"),
	);
	fc.assert(
		fc.property(spoilt, ([value, at, inserted]) => {
			const whole = JSON.stringify(value);
			const cut = at % (whole.length + 1);
			const text = inserted ? whole.slice(0, cut) + inserted + whole.slice(cut + 1) : whole.slice(0, cut);
			const isValid = (() => {
				try {
					JSON.parse(text);
					return true;
				} catch {
					return false;
				}
			})();
			if (isValid) return void t.notThrows(() => parseJson(text, LIMITS));
			const error = t.throws(() => parseJson(text, LIMITS), { instanceOf: StatusError });
			t.regex(error?.message ?? "", /^(unexpected end of JSON input|invalid character '.+' \S.+)$/su);
		}),
		{ numRuns: 300 },
	);
});
