import test from "ava";
import fc from "fast-check";
import { expand, expandWhole } from "./expand.ts";

const variables = new Map([
	["A", "one"],
	["B", "$(A)"],
	["constructor", "own"],
]);

test("references", (t) => {
	t.is(expand("$(A)", variables), "one");
	t.is(expand("x$(A)y$(A)", variables), "xoneyone");
	t.is(expand("$(NONE) $(toString)", variables), "$(NONE) $(toString)");
	t.is(expand("$$(A)", variables), "$(A)");
	t.is(expand("$$$(A)", variables), "$one");
	t.is(expand("$A $ (A) $(A", variables), "$A $ (A) $(A");
	t.is(expand("$(B)", variables), "$(A)", "values are not expanded again");
	t.is(expand("$(A$(B)", variables), "$(A$(B)", "a name goes to the first bracket");
	t.is(expand("$(constructor)", variables), "own");
});

test("where every variable has to be known", (t) => {
	t.is(expandWhole("a/$(A)/$$(NONE)", variables), "a/one/$(NONE)");
	t.throws(() => expandWhole("$(Z)/$(A)/$(EMPTY)", new Map([...variables, ["EMPTY", ""]])), {
		message: "missing value for EMPTY, Z",
	});
});

test("text without dollar signs is left as it is", (t) => {
	fc.assert(
		fc.property(
			fc.string().filter((text) => !text.includes("$")),
			(text) => expand(text, variables) === text,
		),
	);
	t.pass();
});
