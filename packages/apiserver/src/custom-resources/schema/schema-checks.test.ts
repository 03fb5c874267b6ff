import test from "ava";
import { schemaChecks } from "./schema-checks.ts";

/** As gateways demand of their listeners, and routes of their matches. */
const listeners = (maxItems?: number) => ({
	type: "object",
	properties: {
		listeners: {
			type: "array",
			...(maxItems ? { maxItems } : {}),
			items: {
				type: "object",
				required: ["name"],
				properties: {
					name: { type: "string", maxLength: 253 },
					path: { type: "string", maxLength: 1024, default: "/" },
				},
				"x-kubernetes-validations": [{ rule: "self.path.startsWith('/')", message: "must be absolute" }],
			},
			"x-kubernetes-validations": [{ rule: "self.all(a, self.exists_one(b, a.name == b.name))" }],
		},
	},
});

test("rules as operators have them are taken; without bounds they cost too much", (t) => {
	t.deepEqual(schemaChecks(listeners(64), "schema"), []);
	const errors = schemaChecks(listeners(), "schema").map(({ field, message }) => `${field}: ${message}`);
	t.regex(
		errors[0] ?? "",
		/^schema\.properties\[listeners\]\.x-kubernetes-validations\[0\]\.rule: Forbidden: estimated rule cost/,
	);
});

test("defaults must be what the schema allows, and nothing else", (t) => {
	const of = (schema: object) =>
		schemaChecks({ type: "object", properties: { a: schema } }, "s").map(
			({ field, message }) => `${field}: ${message}`,
		);
	t.deepEqual(of({ type: "string", default: "x" }), []);
	t.deepEqual(of({ type: "object", default: {}, properties: { b: { type: "integer", default: 1 } } }), []);
	t.deepEqual(of({ type: "object", default: { c: 1 }, properties: { b: { type: "integer" } } }), [
		's.properties[a].default: Invalid value: {"c":1}: must not have unknown fields',
	]);
	t.deepEqual(of({ type: "integer", minimum: 3, default: 1 }), [
		"s.properties[a].default: Invalid value: 1: s.properties[a].default in body should be greater than or equal to 3",
	]);
	t.is(
		schemaChecks({ type: "object", default: {} }, "s")[0]?.message,
		"Forbidden: must not be set at the root",
	);
});
