import test from "ava";
import { startTestServer, type TestServer } from "../http/testing/test-server.ts";
import { DEFINITIONS, WIDGETS, widget, widgetDefinition } from "./testing/definitions.ts";
import { establish } from "./testing/established.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

async function refused(server: TestServer, spec: object, name = "a"): Promise<string> {
	const { json } = await server.ask("POST", WIDGETS, { body: widget(name, spec) });
	return String(json.message).replace(`Widget.example.com "${name}" is invalid: `, "");
}

test("every keyword has its words", async (t) => {
	await using server = await startTestServer();
	await establish(
		server,
		widgetDefinition({
			type: "object",
			required: ["name"],
			properties: {
				name: { type: "string", minLength: 2, maxLength: 4, pattern: "^[a-z]+$" },
				size: { type: "integer", minimum: 1, maximum: 9, exclusiveMaximum: true, multipleOf: 2 },
				color: { type: "string", enum: ["red", "blue"] },
				when: { type: "string", format: "date-time" },
				list: { type: "array", minItems: 1, maxItems: 2, items: { type: "string" } },
				set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
				map: { type: "object", maxProperties: 1, additionalProperties: { type: "integer" } },
				port: { "x-kubernetes-int-or-string": true },
				pod: {
					type: "object",
					"x-kubernetes-embedded-resource": true,
					"x-kubernetes-preserve-unknown-fields": true,
				},
				either: {
					type: "object",
					properties: { a: { type: "string" }, b: { type: "string" } },
					oneOf: [{ required: ["a"] }, { required: ["b"] }],
				},
			},
		}),
	);
	const cases: [object, string][] = [
		[{}, "spec.name: Required value"],
		[{ name: 1 }, 'spec.name: Invalid value: "integer": spec.name in body must be of type string: "integer"'],
		[{ name: "a" }, 'spec.name: Invalid value: "a": spec.name in body should be at least 2 chars long'],
		[{ name: "abcde" }, "spec.name: Too long: may not be more than 4 bytes"],
		[{ name: "AB" }, `spec.name: Invalid value: "AB": spec.name in body should match '^[a-z]+$'`],
		[
			{ name: "ab", size: 0 },
			"spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
		],
		[{ name: "ab", size: 10 }, "spec.size: Invalid value: 10: spec.size in body should be less than 9"],
		[{ name: "ab", size: 3 }, "spec.size: Invalid value: 3: spec.size in body should be a multiple of 2"],
		[
			{ name: "ab", size: 2.5 },
			'spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"',
		],
		[
			{ name: "ab", color: "green" },
			'spec.color: Unsupported value: "green": supported values: "red", "blue"',
		],
		[
			{ name: "ab", when: "now" },
			'spec.when: Invalid value: "now": spec.when in body must be of type date-time: "now"',
		],
		[{ name: "ab", list: [] }, "spec.list: Invalid value: 0: spec.list in body should have at least 1 items"],
		[{ name: "ab", list: ["a", "b", "c"] }, "spec.list: Too many: 3: must have at most 2 items"],
		[
			{ name: "ab", list: [1] },
			'spec.list[0]: Invalid value: "integer": spec.list[0] in body must be of type string: "integer"',
		],
		[
			{ name: "ab", list: null },
			'spec.list: Invalid value: "null": spec.list in body must be of type array: "null"',
		],
		[{ name: "ab", set: ["x", "x"] }, 'spec.set[1]: Duplicate value: "x"'],
		[
			{ name: "ab", map: { a: "x" } },
			'spec.map.a: Invalid value: "string": spec.map.a in body must be of type integer: "string"',
		],
		[{ name: "ab", map: { a: 1, b: 2 } }, "spec.map: Too many: 2: must have at most 1 item"],
		[
			{ name: "ab", port: true },
			'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
		],
		[{ name: "ab", pod: { kind: "Pod" } }, "spec.pod.apiVersion: Required value: must not be empty"],
		[
			{ name: "ab", either: {} },
			'[<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found none valid, spec.either.a: Required value]',
		],
		[
			{ name: "ab", either: { a: "1", b: "1" } },
			'<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives',
		],
	];
	for (const [spec, message] of cases) t.is(await refused(server, spec), message);
	const fine = await server.ask("POST", WIDGETS, {
		body: widget("fine", {
			name: "ab",
			size: 2,
			port: "80%",
			list: ["a"],
			pod: { apiVersion: "v1", kind: "Pod", x: 1 },
		}),
	});
	t.is(fine.code, 201, fine.text);
	t.deepEqual(fine.json.spec.pod, { apiVersion: "v1", kind: "Pod", x: 1 });
});

test("rules in CEL: messages, reasons, transitions and paths", async (t) => {
	await using server = await startTestServer();
	await establish(
		server,
		widgetDefinition({
			type: "object",
			"x-kubernetes-validations": [
				{ rule: "self.min <= self.max", message: "min must not be above max" },
				{ rule: "self.max < 100", messageExpression: "'max is ' + string(self.max)", fieldPath: ".max" },
				{ rule: "!has(self.bad)", reason: "FieldValueForbidden", message: "no bad" },
			],
			properties: {
				min: { type: "integer", default: 0 },
				max: { type: "integer", default: 1 },
				bad: { type: "string" },
				fixed: {
					type: "string",
					"x-kubernetes-validations": [{ rule: "self == oldSelf", message: "is immutable" }],
				},
			},
		}),
	);
	t.is(await refused(server, { min: 5, max: 1 }), 'spec: Invalid value: "object": min must not be above max');
	t.is(await refused(server, { max: 200 }), 'spec.max: Invalid value: "object": max is 200');
	t.is(await refused(server, { bad: "x" }), "spec: Forbidden: no bad");
	t.is((await server.ask("POST", WIDGETS, { body: widget("a", { fixed: "x" }) })).code, 201);
	const changed = await server.ask("PATCH", `${WIDGETS}/a`, {
		body: { spec: { fixed: "y" } },
		headers: MERGE,
	});
	t.regex(changed.json.message, /spec\.fixed: Invalid value: "string": is immutable$/);
});

test("what was valid stays so until it is changed", async (t) => {
	await using server = await startTestServer();
	await establish(
		server,
		widgetDefinition({ type: "object", properties: { a: { type: "string" }, b: { type: "string" } } }),
	);
	await server.ask("POST", WIDGETS, { body: widget("x", { a: "long text" }) });
	const stricter = widgetDefinition({
		type: "object",
		properties: { a: { type: "string", maxLength: 3 }, b: { type: "string" } },
	});
	await server.ask("PATCH", `${DEFINITIONS}/widgets.example.com`, {
		body: { spec: stricter.spec },
		headers: MERGE,
	});
	while (
		(await server.ask("POST", `${WIDGETS}?dryRun=All`, { body: widget("y", { a: "long text" }) })).code !==
		422
	);
	t.is((await server.ask("PATCH", `${WIDGETS}/x`, { body: { spec: { b: "1" } }, headers: MERGE })).code, 200);
	t.is(
		(await server.ask("PATCH", `${WIDGETS}/x`, { body: { spec: { a: "longer" } }, headers: MERGE })).code,
		422,
	);
});

test("definitions that could not be served are refused with every reason", async (t) => {
	await using server = await startTestServer();
	const cases: [object, RegExp][] = [
		[{ properties: { a: { type: "string" } }, type: "object", bogus: 1 }, /^$/],
		[
			{ type: "object", properties: { a: {} } },
			/properties\[a\]\.type: Required value: must not be empty for specified object fields/,
		],
		[{ type: "array" }, /properties\[spec\]\.items: Required value: must be specified/],
		[
			{ type: "object", properties: { a: { type: "string", pattern: "(" } } },
			/pattern: Invalid value: "\(": must be a valid regular expression, but isn't/,
		],
		[
			{ type: "object", properties: { a: { type: "integer", default: "x" } } },
			/default: Invalid value: "string": .*default in body must be of type integer/,
		],
		[
			{ type: "object", "x-kubernetes-validations": [{ rule: "self.nothing == 1" }] },
			/x-kubernetes-validations\[0\]\.rule: Invalid value: .*compilation failed/,
		],
		[{ type: "object", "x-kubernetes-validations": [{ rule: "1 + 1" }] }, /must evaluate to bool/],
		[{ type: "object", additionalProperties: { type: "string" }, properties: {} }, /^$/],
		[{ type: "object", oneOf: [{ properties: { a: { type: "string" } } }] }, /because it is defined in/],
		[{ type: "object", $ref: "#/a" }, /\$ref: Forbidden: \$ref is not supported/],
	];
	for (const [schema, message] of cases) {
		const { json, code } = await server.ask("POST", `${DEFINITIONS}?dryRun=All`, {
			body: widgetDefinition(schema),
		});
		if (message.source === "^$") t.is(code, 201, JSON.stringify(json));
		else t.regex(String(json.message), message);
	}
});

test("names, groups and versions are judged, and conflicts are told in the status", async (t) => {
	await using server = await startTestServer();
	const wrong = { ...widgetDefinition(), metadata: { name: "other.example.com" } };
	const { json } = await server.ask("POST", DEFINITIONS, { body: wrong });
	t.regex(
		json.message,
		/metadata\.name: Invalid value: "other\.example\.com": must be spec\.names\.plural\+"\."\+spec\.group/,
	);
	await establish(server, widgetDefinition());
	const rival = widgetDefinition();
	const second = {
		...rival,
		metadata: { name: "gadgets.example.com" },
		spec: { ...rival.spec, names: { plural: "gadgets", singular: "gadget", kind: "Widget" } },
	};
	await server.ask("POST", DEFINITIONS, { body: second });
	for (;;) {
		const reply = await server.ask("GET", `${DEFINITIONS}/gadgets.example.com`);
		const conditions = reply.json.status.conditions ?? [];
		if (!conditions.length) continue;
		t.like(conditions[0], {
			type: "NamesAccepted",
			status: "False",
			reason: "KindConflict",
			message: '"Widget" is already in use',
		});
		t.like(conditions[1], { type: "Established", status: "False", reason: "NotAccepted" });
		break;
	}
	t.is((await server.ask("GET", "/apis/example.com/v1/namespaces/default/gadgets")).code, 404);
});
