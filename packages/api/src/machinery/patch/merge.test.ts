import test from "ava";
import fc from "fast-check";
import { deepEqual, deepFreeze } from "../deep.ts";
import { applyMergePatch } from "./merge.ts";

/** The examples of RFC 7386: document, patch, result. */
const EXAMPLES: readonly (readonly [unknown, unknown, unknown])[] = [
	[{ a: "b" }, { a: "c" }, { a: "c" }],
	[{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
	[{ a: "b" }, { a: null }, {}],
	[{ a: "b", b: "c" }, { a: null }, { b: "c" }],
	[{ a: ["b"] }, { a: "c" }, { a: "c" }],
	[{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
	[{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
	[{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
	[
		["a", "b"],
		["c", "d"],
		["c", "d"],
	],
	[{ a: "b" }, ["c"], ["c"]],
	[{ a: "foo" }, null, null],
	[{ a: "foo" }, "bar", "bar"],
	[{ e: null }, { a: 1 }, { e: null, a: 1 }],
	[[1, 2], { a: "b", c: null }, { a: "b" }],
	[{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

for (const [doc, patch, result] of EXAMPLES)
	test(`${JSON.stringify(doc)} with ${JSON.stringify(patch)}`, (t) => {
		t.deepEqual(applyMergePatch(doc, patch), result);
	});

const json = fc.jsonValue({ maxDepth: 4 });

test("a patch applied twice is a patch applied once, and mutates nothing", (t) => {
	fc.assert(
		fc.property(json, json, (doc, patch) => {
			const once = applyMergePatch(deepFreeze(doc), deepFreeze(patch));
			t.true(deepEqual(applyMergePatch(once, patch), once));
			t.deepEqual(
				applyMergePatch(doc, {}),
				doc !== null && typeof doc === "object" && !Array.isArray(doc) ? doc : {},
			);
		}),
	);
});

test("__proto__ is a key without power", (t) => {
	const patch: unknown = JSON.parse(
		'{"__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}',
	);
	const result = applyMergePatch({}, patch) as { admin?: boolean };
	t.is(result.admin, undefined);
	t.is(({} as { admin?: boolean }).admin, undefined);
	t.deepEqual(Object.keys(result), ["__proto__", "constructor"]);
});
