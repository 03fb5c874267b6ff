import { type CustomResourceDefinition, isEstablished } from "@berth/api";
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

test("whoever sees a definition established finds its kind at once", async (t) => {
	await using server = await startTestServer();
	const admin = server.api.transport({ username: "admin", groups: ["system:masters"] });
	const path = DEFINITIONS;
	const events = await admin.watch({ method: "GET", path });
	await server.ask("POST", path, { body: widgetDefinition() });
	for await (const { object } of events) {
		if (!isEstablished(object as CustomResourceDefinition)) continue;
		t.like(await admin.call({ method: "GET", path: WIDGETS }), { kind: "WidgetList" });
		break;
	}
	await admin.close();
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

test("watches end with their kind, and tell what happens until then", async (t) => {
	await using server = await startTestServer();
	await establish(server, widgetDefinition());
	const watch = server.ask("GET", `${WIDGETS}?watch=true`);
	await server.ask("POST", WIDGETS, { body: widget("a", {}) });
	await server.ask("DELETE", `${DEFINITIONS}/widgets.example.com`);
	const events = (await watch).text
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line).type);
	t.deepEqual(events, ["ADDED", "DELETED"]);
	await until(async () => (await server.ask("GET", WIDGETS)).code === 404);
});

test("scale and selectable fields lead where the definition says", async (t) => {
	await using server = await startTestServer();
	await establish(
		server,
		widgetDefinition(
			{
				type: "object",
				properties: { count: { type: "integer", default: 1 }, color: { type: "string" } },
			},
			{
				subresources: {
					status: {},
					scale: {
						specReplicasPath: ".spec.count",
						statusReplicasPath: ".status.count",
						labelSelectorPath: ".status.selector",
					},
				},
				selectableFields: [{ jsonPath: ".spec.color" }],
			},
		),
	);
	await server.ask("POST", WIDGETS, { body: widget("a", { color: "red" }, { status: { count: 9 } }) });
	await server.ask("POST", WIDGETS, { body: widget("b", { color: "blue" }) });
	const made = await server.ask("GET", `${WIDGETS}/a`);
	t.is(made.json.status, undefined);
	const body = { ...made.json, status: { count: 2, selector: "a=b" } };
	const status = await server.ask("PUT", `${WIDGETS}/a/status`, { body });
	t.is(status.json.metadata.generation, 1);
	const scale = await server.ask("GET", `${WIDGETS}/a/scale`);
	t.like(scale.json, { kind: "Scale", spec: { replicas: 1 }, status: { replicas: 2, selector: "a=b" } });
	const scaled = await server.ask("PUT", `${WIDGETS}/a/scale`, {
		body: { metadata: { name: "a" }, spec: { replicas: 5 } },
	});
	t.is(scaled.json.spec.replicas, 5);
	t.like((await server.ask("GET", `${WIDGETS}/a`)).json, { spec: { count: 5 }, metadata: { generation: 2 } });
	const found = await server.ask("GET", `${WIDGETS}?fieldSelector=spec.color%3Dblue`);
	t.deepEqual(
		found.json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
		["b"],
	);
	t.is((await server.ask("GET", `${WIDGETS}?fieldSelector=spec.count%3D1`)).code, 400);
	const unconditional = await server.ask("PUT", `${WIDGETS}/a`, { body: widget("a", {}) });
	t.regex(
		unconditional.json.message,
		/metadata\.resourceVersion: Invalid value: .*must be specified for an update/,
	);
});

test("custom resources are told in discovery, and as JSON only", async (t) => {
	await using server = await startTestServer();
	await establish(server, widgetDefinition(undefined, { subresources: { status: {} } }));
	const resources = await server.ask("GET", "/apis/example.com/v1");
	t.like(resources.json.resources[0], {
		name: "widgets",
		singularName: "widget",
		namespaced: true,
		kind: "Widget",
		shortNames: ["wi"],
		categories: ["all"],
	});
	t.is(resources.json.resources[1].name, "widgets/status");
	const aggregated = await server.ask("GET", "/apis", {
		headers: { accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" },
	});
	t.true(aggregated.text.includes('"example.com"'));
	const type = "application/vnd.kubernetes.protobuf";
	const sent = await server.ask("POST", WIDGETS, {
		body: Buffer.from("k8s\0\n\x14\n\x0eexample.com/v1\x12\x06Widget\x12\x00", "latin1"),
		headers: { "content-type": type },
	});
	t.is(sent.code, 415);
	const asked = await server.ask("GET", WIDGETS, { headers: { accept: `${type},application/json` } });
	t.regex(String(asked.headers["content-type"]), /^application\/json/);
	t.is((await server.ask("GET", WIDGETS, { headers: { accept: type } })).code, 406);
});

test("documents change with the definitions, in both versions", async (t) => {
	await using server = await startTestServer();
	const about = async (path: string) => {
		const reply = await server.ask("GET", path);
		t.is(reply.code, 200);
		return reply.text.includes("com.example.v1.Widget");
	};
	t.false(await about("/openapi/v2"));
	await establish(server, widgetDefinition());
	await until(() => about("/openapi/v2"));
	await until(() => about("/openapi/v3/apis/example.com/v1"));
	t.true((await server.ask("GET", "/openapi/v3")).text.includes("apis/example.com/v1?hash="));
	await server.ask("DELETE", `${DEFINITIONS}/widgets.example.com`);
	await until(async () => !(await about("/openapi/v2")));
	t.is((await server.ask("GET", "/openapi/v3/apis/example.com/v1")).code, 404);
});
