import test from "ava";
import { startTestServer } from "../http/testing/test-server.ts";
import { WIDGETS, widget, widgetDefinition } from "./testing/definitions.ts";
import { establish } from "./testing/established.ts";

const APPLY = { "content-type": "application/apply-patch+yaml", "user-agent": "tool/1.0" };

test("a custom resource is applied by its schema, and freely where it has none", async (t) => {
	await using server = await startTestServer();
	const string = { type: "string" };
	await establish(
		server,
		widgetDefinition({
			type: "object",
			properties: {
				size: { type: "integer" },
				parts: {
					type: "array",
					"x-kubernetes-list-type": "map",
					"x-kubernetes-list-map-keys": ["name"],
					items: { type: "object", required: ["name"], properties: { name: string, color: string } },
				},
				whole: { type: "object", "x-kubernetes-map-type": "atomic", properties: { a: string } },
				free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
			},
		}),
	);
	const apply = (spec: object, manager: string, more = "") =>
		server.ask("PATCH", `${WIDGETS}/a?fieldManager=${manager}${more}`, {
			body: widget("a", spec),
			headers: APPLY,
		});
	const made = await apply(
		{ parts: [{ name: "x", color: "red" }], whole: { a: "1" }, free: { a: { b: [1] } } },
		"one",
	);
	t.is(made.code, 201, made.json.message);
	t.deepEqual(made.json.metadata.managedFields[0].fieldsV1, {
		"f:spec": {
			"f:free": { "f:a": { ".": {}, "f:b": {} } },
			"f:parts": { 'k:{"name":"x"}': { ".": {}, "f:color": {}, "f:name": {} } },
			"f:whole": {},
		},
	});
	const both = await apply({ parts: [{ name: "y", color: "blue" }], free: { c: 1 } }, "two");
	t.deepEqual(both.json.spec.parts, [
		{ name: "x", color: "red" },
		{ name: "y", color: "blue" },
	]);
	t.deepEqual(both.json.spec.free, { a: { b: [1] }, c: 1 });
	const refused = await apply({ parts: [{ name: "x", color: "green" }] }, "two");
	t.is(refused.code, 409);
	t.is(
		refused.json.message,
		'Apply failed with 1 conflict: conflict with "one": .spec.parts[name="x"].color',
	);
	const left = await apply({ parts: [{ name: "x", color: "red" }] }, "one");
	t.deepEqual(left.json.spec, {
		parts: [
			{ name: "x", color: "red" },
			{ name: "y", color: "blue" },
		],
		free: { c: 1 },
	});
	const unknown = await apply({ extra: 1 }, "one");
	t.is(unknown.code, 400);
	t.regex(unknown.json.message, /Kind=Widget\): \.spec\.extra: field not declared in schema$/);
});

test("made by a POST, a custom resource belongs to the program that sent it", async (t) => {
	await using server = await startTestServer();
	await establish(server, widgetDefinition({ type: "object", properties: { size: { type: "integer" } } }));
	const { json } = await server.ask("POST", WIDGETS, {
		body: widget("a", { size: 1 }),
		headers: { "user-agent": "tool/1.0" },
	});
	t.like(json.metadata.managedFields[0], {
		manager: "tool",
		operation: "Update",
		apiVersion: "example.com/v1",
	});
	t.deepEqual(json.metadata.managedFields[0].fieldsV1, { "f:spec": { ".": {}, "f:size": {} } });
});
