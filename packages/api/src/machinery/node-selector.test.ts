import test from "ava";
import { matchesNodeSelectorTerms } from "./node-selector.ts";

const node = { name: "n1", labels: { zone: "a", cores: "8", empty: "" } };
const matches = (key: string, operator: string, values?: readonly string[]) =>
	matchesNodeSelectorTerms([{ matchExpressions: [{ key, operator, values }] }], node);

test("operators on labels", (t) => {
	t.true(matches("zone", "In", ["a", "b"]));
	t.false(matches("zone", "NotIn", ["a"]));
	t.true(matches("missing", "NotIn", ["a"]));
	t.true(matches("empty", "Exists"));
	t.true(matches("missing", "DoesNotExist"));
	t.true(matches("cores", "Gt", ["7"]));
	t.false(matches("cores", "Gt", ["8"]));
	t.true(matches("cores", "Lt", ["9"]));
	t.false(matches("zone", "Gt", ["1"]));
	t.false(matches("cores", "Gt", ["1", "2"]));
	t.false(matches("zone", "Like", ["a"]));
	t.false(matches("toString", "Exists"));
});

test("terms are alternatives, requirements are not", (t) => {
	const wrong = { matchExpressions: [{ key: "zone", operator: "In", values: ["b"] }] };
	const byName = { matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] };
	t.true(matchesNodeSelectorTerms([wrong, byName], node));
	t.false(matchesNodeSelectorTerms([{ ...wrong, ...byName }], node));
	t.false(matchesNodeSelectorTerms([{}], node));
	t.false(matchesNodeSelectorTerms([], node));
	t.false(matchesNodeSelectorTerms(undefined, node));
});
