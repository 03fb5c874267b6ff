import { type AnyKind, Eviction, KINDS, openApiV2, Scale } from "@berth/api";
import test from "ava";
import { createConverter } from "../custom-resources/conversion.ts";
import { customKinds } from "../custom-resources/custom-kind.ts";
import { widgetDefinition } from "../custom-resources/testing/definitions.ts";
import { createOpenApiDocuments } from "./openapi-documents.ts";
import { isTopLevel, subresourcesOf } from "./subresources.ts";

const OPTIONS = { version: "v1.36.0", subresourcesOf, isTopLevel, bodies: [Eviction, Scale] };

const custom = (schema: object): readonly AnyKind[] =>
	customKinds(
		widgetDefinition(schema, { subresources: { status: {} } }) as never,
		createConverter(widgetDefinition() as never, undefined as never, new AbortController().signal),
	);

const parsed = (document: { readonly body: Buffer } | undefined) =>
	JSON.parse(document?.body.toString() ?? "null");

test("the version 2 document from parts is the one from the whole", (t) => {
	const documents = createOpenApiDocuments(() => KINDS, OPTIONS);
	const whole = JSON.parse(JSON.stringify(openApiV2(KINDS, OPTIONS)));
	const fromParts = parsed(documents.v2("json"));
	t.deepEqual(Object.keys(fromParts.definitions), Object.keys(whole.definitions));
	t.deepEqual(fromParts, whole);
	t.true(documents.v2("protobuf").body.length > 100_000);
});

test("a new kind changes what tells of it, and nothing else", (t) => {
	let kinds: readonly AnyKind[] = KINDS;
	const documents = createOpenApiDocuments(() => kinds, OPTIONS);
	const before = { apps: documents.v3("apps/v1"), v2: documents.v2("json") };
	t.is(documents.v3("example.com/v1"), undefined);
	kinds = [...KINDS, ...custom({ type: "object", properties: { size: { type: "integer" } } })];
	t.is(documents.v3("apps/v1"), before.apps);
	const first = documents.v3("example.com/v1");
	t.not(documents.v2("json").hash, before.v2.hash);
	kinds = [...KINDS, ...custom({ type: "object", properties: { size: { type: "string" } } })];
	t.not(documents.v3("example.com/v1")?.hash, first?.hash);
	kinds = KINDS;
	t.is(documents.v3("example.com/v1"), undefined);
	t.is(documents.v2("json").hash, before.v2.hash);
});

test("schemas of custom resources are published for both versions", (t) => {
	const kinds = [
		...KINDS,
		...custom({
			type: "object",
			description: "What is wanted.",
			required: ["may"],
			properties: {
				port: { "x-kubernetes-int-or-string": true },
				may: { type: "string", nullable: true, default: "x" },
				open: {
					type: "object",
					"x-kubernetes-preserve-unknown-fields": true,
					properties: { a: { type: "string" } },
				},
				pod: {
					type: "object",
					"x-kubernetes-embedded-resource": true,
					"x-kubernetes-preserve-unknown-fields": true,
				},
				list: {
					type: "array",
					"x-kubernetes-list-type": "map",
					"x-kubernetes-list-map-keys": ["name"],
					items: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
				},
			},
		}),
	];
	const documents = createOpenApiDocuments(() => kinds, OPTIONS);
	const v3 = parsed(documents.v3("example.com/v1"));
	const v2 = parsed(documents.v2("json"));
	const three = v3.components.schemas["com.example.v1.Widget"];
	t.deepEqual(three["x-kubernetes-group-version-kind"], [
		{ group: "example.com", kind: "Widget", version: "v1" },
	]);
	t.deepEqual(Object.keys(three.properties), ["spec", "status", "apiVersion", "kind", "metadata"]);
	t.deepEqual(three.properties.spec.properties.port, {
		"x-kubernetes-int-or-string": true,
		anyOf: [{ type: "integer" }, { type: "string" }],
	});
	t.truthy(three.properties.spec.properties.pod.properties.metadata);
	t.deepEqual(three.properties.spec.properties.list["x-kubernetes-list-map-keys"], ["name"]);
	const two = v2.definitions["com.example.v1.Widget"].properties.spec;
	t.is(two.description, "What is wanted.");
	t.is(two.required, undefined);
	t.deepEqual(two.properties.may, {});
	t.deepEqual(two.properties.open, { type: "object", "x-kubernetes-preserve-unknown-fields": true });
	t.is(
		v2.definitions["com.example.v1.WidgetList"].properties.items.items.$ref,
		"#/definitions/com.example.v1.Widget",
	);
	const item = v3.paths["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"];
	t.is(item.patch["x-kubernetes-action"], "patch");
	t.false("application/strategic-merge-patch+json" in item.patch.requestBody.content);
	t.truthy(v3.paths["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/status"].put);
});
