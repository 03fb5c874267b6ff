import test from "ava";
import { answering, startFarServer } from "../http/testing/far-server.ts";
import { startTestServer } from "../http/testing/test-server.ts";
import { DEFINITIONS, widget, widgetDefinition } from "./testing/definitions.ts";
import { establish, until } from "./testing/established.ts";

const path = (version: string) => `/apis/example.com/${version}/namespaces/default/widgets`;
const MERGE = { "content-type": "application/merge-patch+json" };

const schemaOf = (properties: object) => ({
	openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } },
});

function twoVersions(conversion?: object) {
	const definition = widgetDefinition();
	return {
		...definition,
		spec: {
			...definition.spec,
			...(conversion ? { conversion } : {}),
			versions: [
				{ name: "v1", served: true, storage: false, schema: schemaOf({ size: { type: "integer" } }) },
				{
					name: "v2",
					served: true,
					storage: true,
					schema: schemaOf({ size: { type: "integer" }, width: { type: "integer", default: 5 } }),
				},
			],
		},
	};
}

test("without conversion one object is seen in each version's own schema", async (t) => {
	await using server = await startTestServer();
	await establish(server, twoVersions());
	const made = await server.ask("POST", path("v1"), { body: widget("a", { size: 1 }) });
	t.like(made.json, { apiVersion: "example.com/v1", spec: { size: 1 } });
	const second = await server.ask("GET", `${path("v2")}/a`);
	t.deepEqual(second.json.spec, { size: 1, width: 5 });
	t.is(second.json.apiVersion, "example.com/v2");
	const list = await server.ask("GET", path("v2"));
	t.deepEqual(
		list.json.items.map((item: { apiVersion: string }) => item.apiVersion),
		["example.com/v2"],
	);
	const { json } = await server.ask("GET", `${DEFINITIONS}/widgets.example.com`);
	t.deepEqual(json.status.storedVersions, ["v2"]);
});

test("a change of the storage version moves objects at their next write", async (t) => {
	await using server = await startTestServer();
	const definition = twoVersions();
	await establish(server, definition);
	await server.ask("POST", path("v2"), {
		body: { ...widget("a", { size: 1 }), apiVersion: "example.com/v2" },
	});
	const flipped = (definition.spec.versions as object[]).map((version) => ({
		...version,
		storage: "name" in version && version.name === "v1",
	}));
	const moved = await server.ask("PATCH", `${DEFINITIONS}/widgets.example.com`, {
		body: { spec: { versions: flipped } },
		headers: MERGE,
	});
	t.deepEqual(moved.json.status.storedVersions, ["v2", "v1"]);
	const before = await server.ask("GET", `${path("v1")}/a`);
	let after = before;
	await until(async () => {
		after = await server.ask("PUT", `${path("v1")}/a`, { body: before.json });
		return after.json.metadata.resourceVersion !== before.json.metadata.resourceVersion;
	});
	t.is(after.json.metadata.generation, before.json.metadata.generation);
	const again = await server.ask("PUT", `${path("v1")}/a`, { body: after.json });
	t.is(again.json.metadata.resourceVersion, after.json.metadata.resourceVersion);
	const refused = await server.ask("PATCH", `${DEFINITIONS}/widgets.example.com`, {
		body: { spec: { versions: [flipped[0]] } },
		headers: MERGE,
	});
	t.regex(
		refused.json.message,
		/status\.storedVersions\[0\]: Invalid value: "v2": must appear in spec\.versions/,
	);
});

interface Review {
	readonly request: {
		readonly uid: string;
		readonly desiredAPIVersion: string;
		readonly objects: readonly { readonly apiVersion: string; readonly spec: Record<string, unknown> }[];
	};
}

test("a webhook converts, in batches, and its errors are told", async (t) => {
	await using server = await startTestServer();
	let asked = 0;
	let broken = "";
	await using far = await startFarServer(
		answering((body) => {
			asked += 1;
			const { uid, desiredAPIVersion, objects } = (body as Review).request;
			const to = desiredAPIVersion.endsWith("v1") ? "size" : "width";
			const from = to === "size" ? "width" : "size";
			return {
				apiVersion: "apiextensions.k8s.io/v1",
				kind: "ConversionReview",
				response: {
					uid,
					result: broken ? { status: "Failure", message: broken } : { status: "Success" },
					convertedObjects: objects.map(({ spec, ...rest }) => ({
						...rest,
						apiVersion: desiredAPIVersion,
						spec: { [to]: spec[from] },
					})),
				},
			};
		}),
	);
	const clientConfig = { url: `${far.url}/convert`, caBundle: far.caBundle };
	const webhook = { clientConfig, conversionReviewVersions: ["v1"] };
	await establish(server, twoVersions({ strategy: "Webhook", webhook }));
	const made = await server.ask("POST", path("v1"), { body: widget("a", { size: 1 }) });
	t.is(made.code, 201, made.text);
	t.deepEqual(made.json.spec, { size: 1 });
	t.deepEqual((await server.ask("GET", `${path("v2")}/a`)).json.spec, { width: 1 });
	for (const name of ["b", "c", "d"]) {
		await server.ask("POST", path("v2"), {
			body: { ...widget(name, { width: 2 }), apiVersion: "example.com/v2" },
		});
	}
	asked = 0;
	const list = await server.ask("GET", path("v1"));
	t.deepEqual(
		list.json.items.map((item: { spec: object }) => item.spec),
		[{ size: 1 }, { size: 2 }, { size: 2 }, { size: 2 }],
	);
	t.is(asked, 1);
	await server.ask("GET", path("v1"));
	t.is(asked, 1, "what was converted is kept");
	const patched = await server.ask("PATCH", `${path("v1")}/b`, {
		body: { spec: { size: 9 } },
		headers: MERGE,
	});
	t.deepEqual(patched.json.spec, { size: 9 });
	t.is(patched.json.metadata.generation, 2);
	broken = "no way";
	const failed = await server.ask("POST", path("v1"), { body: widget("e", { size: 1 }) });
	t.is(failed.code, 500);
	t.is(failed.json.message, "conversion webhook for example.com/v1, Kind=Widget failed: no way");
	t.is((await server.ask("GET", `${path("v2")}/a`)).code, 200);
});

test("versions that are no longer served are gone; deprecated ones warn", async (t) => {
	await using server = await startTestServer();
	const definition = twoVersions();
	const [first, second] = definition.spec.versions;
	await establish(server, {
		...definition,
		spec: { ...definition.spec, versions: [{ ...first!, deprecated: true }, second!] },
	});
	const reply = await server.ask("GET", path("v1"));
	t.is(reply.headers.warning, '299 - "example.com/v1 Widget is deprecated"');
	await server.ask("PATCH", `${DEFINITIONS}/widgets.example.com`, {
		body: { spec: { versions: [{ ...first!, served: false }, second!] } },
		headers: MERGE,
	});
	await until(async () => (await server.ask("GET", path("v1"))).code === 404);
	t.is((await server.ask("GET", path("v2"))).code, 200);
});
