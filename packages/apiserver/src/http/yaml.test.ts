import { StatusError } from "@berth/api";
import test from "ava";
import { parseYaml, renderYaml } from "./yaml.ts";

const read = (text: string) => parseYaml(new TextEncoder().encode(text));
const parse = (text: string) => read(text).value;
const refusal = (text: string): string => {
	try {
		parse(text);
		return "accepted";
	} catch (error) {
		return error instanceof StatusError && error.code < 500 ? error.message : `unexpected ${error}`;
	}
};

test("manifests become JSON values", (t) => {
	t.deepEqual(parse("kind: Pod\nspec:\n  ports: [1, 2]\n  on: true\n  text: |\n    a\n    b\n"), {
		kind: "Pod",
		spec: { ports: [1, 2], on: true, text: "a\nb\n" },
	});
	t.deepEqual(parse("a: &x {b: 1}\nc: *x\n"), { a: { b: 1 }, c: { b: 1 } });
	t.deepEqual(parse("80: x\ntrue: y\n"), { 80: "x", true: "y" });
	t.deepEqual(parse("---\na: 1\n...\n"), { a: 1 });
	t.is(parse(""), null);
});

test("several documents and what JSON lacks are refused", (t) => {
	t.regex(refusal("a: 1\n---\nb: 2\n"), /expected one document/);
	t.regex(refusal("a: .inf\n"), /a value that JSON does not have/);
	t.regex(refusal("? [a]\n: b\n"), /key is not a scalar/);
	t.regex(refusal("a: *nowhere\n"), /nowhere/);
	t.regex(refusal("a: 'open\n"), /yaml: Missing closing/);
	t.regex(refusal("\0\x01"), /yaml/);
	t.throws(() => parseYaml(new Uint8Array([0xff, 0xfe, 0xfd])), { message: /invalid UTF-8/ });
});

test("repeated keys are told with their line, and the last counts", (t) => {
	t.deepEqual(read("a: 1\na: 2\n"), { value: { a: 2 }, duplicates: ['line 2: key "a" already set in map'] });
	t.deepEqual(read("x:\n  1: x\n  '1': y\n").duplicates, ['line 3: key "1" already set in map']);
});

test("alias bombs, depth and size are bounded", (t) => {
	const levels = "bcdefghi".split("");
	const bomb = levels.map((name, i) => `${name}: &${name} [${`*${"abcdefgh"[i]},`.repeat(9)}]`);
	t.regex(refusal(["a: &a [x]", ...bomb].join("\n")), /excessive aliasing/);
	t.regex(refusal("a: &a [*a]"), /nested deeper/);
	t.regex(refusal("[".repeat(100_000)), /nested deeper/);
	t.regex(refusal("- ".repeat(100_000)), /nested deeper/);
	t.regex(refusal(Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}k:`).join("\n")), /nested deeper/);
	t.regex(refusal(`a: ${"x".repeat(600_000)}`), /may hold/);
});

test("a key named __proto__ is a key like any other", (t) => {
	const value = parse("__proto__: {polluted: 1}\n");
	t.deepEqual(Object.keys(value as object), ["__proto__"]);
	t.is(({} as { polluted?: unknown }).polluted, undefined);
});

test("what is rendered reads back", (t) => {
	const value = { a: [{ b: "yes", c: null }], d: "1", e: "x: y\n", f: {} };
	t.deepEqual(parse(renderYaml(value)), value);
});
