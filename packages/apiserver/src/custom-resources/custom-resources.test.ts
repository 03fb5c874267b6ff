import test from "ava";
import { startTestServer } from "../http/testing/test-server.ts";
import { DEFINITIONS, WIDGETS, widget, widgetDefinition } from "./testing/definitions.ts";
import { establish, until } from "./testing/established.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

test("objects of a new kind are created, defaulted, pruned, changed, listed and deleted", async (t) => {
	await using server = await startTestServer();
	await establish(
		server,
		widgetDefinition({
			type: "object",
			properties: {
				size: { type: "integer", default: 1 },
				inner: { type: "object", default: {}, properties: { on: { type: "boolean", default: false } } },
			},
		}),
	);
	const made = await server.ask("POST", `${WIDGETS}?fieldValidation=Warn`, {
		body: widget("a", { wrong: 1 }),
	});
	t.is(made.code, 201);
	t.deepEqual(made.json.spec, { size: 1, inner: { on: false } });
	t.is(made.json.metadata.generation, 1);
	t.is(made.headers.warning, '299 - "unknown field \\"spec.wrong\\""');
	const strict = await server.ask("POST", `${WIDGETS}?fieldValidation=Strict`, {
		body: widget("b", { wrong: 1 }),
	});
	t.is(strict.code, 400);
	t.is(
		strict.json.message,
		'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.wrong"',
	);
	const patched = await server.ask("PATCH", `${WIDGETS}/a`, { body: { spec: { size: 3 } }, headers: MERGE });
	t.like(patched.json, { spec: { size: 3 }, metadata: { generation: 2 } });
	const strategic = await server.ask("PATCH", `${WIDGETS}/a`, {
		body: {},
		headers: { "content-type": "application/strategic-merge-patch+json" },
	});
	t.is(strategic.code, 415);
	const list = await server.ask("GET", "/apis/example.com/v1/widgets");
	t.like(list.json, { kind: "WidgetList", apiVersion: "example.com/v1" });
	t.is(list.json.items.length, 1);
	const wrong = await server.ask("PATCH", `${WIDGETS}/a`, { body: { spec: { size: "x" } }, headers: MERGE });
	t.is(wrong.code, 422);
	t.is(
		wrong.json.message,
		'Widget.example.com "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
	);
	t.is((await server.ask("DELETE", `${WIDGETS}/a`)).json.status, "Success");
	t.is((await server.ask("GET", `${WIDGETS}/a`)).code, 404);
});

test("a definition goes when its objects are gone", async (t) => {
	await using server = await startTestServer();
	await establish(server, widgetDefinition());
	await server.ask("POST", WIDGETS, { body: widget("a", {}) });
	const held = widget("b", {});
	await server.ask("POST", WIDGETS, {
		body: { ...held, metadata: { name: "b", finalizers: ["example.com/wait"] } },
	});
	const name = `${DEFINITIONS}/widgets.example.com`;
	const deleted = await server.ask("DELETE", name);
	t.deepEqual(deleted.json.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
	await until(async () => (await server.ask("GET", `${WIDGETS}/a`)).code === 404);
	t.is((await server.ask("GET", `${WIDGETS}/b`)).code, 200);
	t.is((await server.ask("GET", name)).code, 200);
	await server.ask("PATCH", `${WIDGETS}/b`, { body: { metadata: { finalizers: null } }, headers: MERGE });
	await until(async () => (await server.ask("GET", name)).code === 404);
	await until(async () => (await server.ask("GET", WIDGETS)).code === 404);
	await establish(server, widgetDefinition());
	t.deepEqual((await server.ask("GET", WIDGETS)).json.items, []);
});
