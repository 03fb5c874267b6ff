import test from "ava";
import fc from "fast-check";
import { startTestServer } from "../http/testing/test-server.ts";
import { DEFINITIONS, widgetDefinition } from "./testing/definitions.ts";

const WHOLE = widgetDefinition(
	{
		type: "object",
		required: ["a"],
		properties: {
			a: { type: "string", pattern: "^a$", default: "a", enum: ["a"] },
			b: {
				type: "array",
				"x-kubernetes-list-type": "map",
				"x-kubernetes-list-map-keys": ["k"],
				items: { type: "object", required: ["k"], properties: { k: { type: "string" } } },
			},
			c: { type: "object", additionalProperties: { "x-kubernetes-int-or-string": true } },
		},
		anyOf: [{ required: ["a"] }, { not: { required: ["b"] } }],
		"x-kubernetes-validations": [
			{ rule: "self.a == 'a'", message: "m", reason: "FieldValueInvalid", fieldPath: ".a" },
		],
	},
	{
		subresources: { status: {}, scale: { specReplicasPath: ".spec.x", statusReplicasPath: ".status.x" } },
		additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: ".spec.a" }],
		selectableFields: [{ jsonPath: ".spec.a" }],
	},
);

/** `value` with the part that `choices` lead to taken out or replaced. */
function bent(value: unknown, choices: readonly number[], by: unknown): unknown {
	const [choice = 0, ...rest] = choices;
	if (typeof value !== "object" || value === null) return by;
	const keys = Object.keys(value);
	const key = keys[choice % Math.max(1, keys.length)];
	if (key === undefined) return by;
	const inner = (value as Record<string, unknown>)[key];
	const changed = rest.length ? bent(inner, rest, by) : by;
	if (Array.isArray(value))
		return value.map((each: unknown, index) => (String(index) === key ? changed : each));
	return { ...value, [key]: changed };
}

test("property: whatever is wrong with a definition, the answer says so", async (t) => {
	await using server = await startTestServer();
	const junk = fc.constantFrom<unknown>(
		undefined,
		null,
		"",
		"x",
		-1,
		1e300,
		true,
		[],
		{},
		[null],
		{ a: null },
		"((",
		[{}],
		{ type: "object" },
	);
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }), junk, async (choices, by) => {
			const body = bent(WHOLE, choices, by) as object | undefined;
			const { code, text } = await server.ask("POST", `${DEFINITIONS}?dryRun=All`, { body: body ?? {} });
			if (![201, 400, 422].includes(code)) throw new Error(`${code} ${text}`);
		}),
		{ numRuns: 600 },
	);
	t.pass();
});
