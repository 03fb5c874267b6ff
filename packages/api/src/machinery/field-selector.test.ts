import test from "ava";
import fc from "fast-check";
import { StatusError } from "./errors.ts";
import { escapeFieldValue, parseFieldSelector } from "./field-selector.ts";

test("terms are joined by commas and sorted by path", (t) => {
	const selector = parseFieldSelector("status.phase!=Running,metadata.name==web,,spec.nodeName=");
	t.deepEqual(selector.requirements, [
		{ path: "metadata.name", operator: "=", value: "web" },
		{ path: "spec.nodeName", operator: "=", value: "" },
		{ path: "status.phase", operator: "!=", value: "Running" },
	]);
	t.is(String(selector), "metadata.name=web,spec.nodeName=,status.phase!=Running");
	const facts: Record<string, string> = { "metadata.name": "web", "status.phase": "Pending" };
	t.true(selector.matches((path) => facts[path] ?? ""));
	t.false(selector.matches(() => "web"));
	t.true(parseFieldSelector("").empty);
});

const REFUSED: Readonly<Record<string, string>> = {
	"metadata.name": "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
	"a=1,b": "invalid selector: 'a=1,b'; can't understand 'b'",
	"a=b=c": "invalid field selector: unescaped character in value: 61",
	"a=\\x": "invalid field selector: invalid escape sequence: \\x",
	"a=\\": "invalid field selector: invalid escape sequence: \\",
};

for (const [text, message] of Object.entries(REFUSED))
	test(`${text} is refused`, (t) => {
		t.is(t.throws(() => parseFieldSelector(text), { instanceOf: StatusError, message })?.code, 400);
	});

test("escaped values come back", (t) => {
	fc.assert(
		fc.property(fc.string(), (value) => {
			const selector = parseFieldSelector(`a=${escapeFieldValue(value)}`);
			t.is(selector.requirements[0]?.value, value);
			t.is(parseFieldSelector(String(selector)).requirements[0]?.value, value);
		}),
	);
});
