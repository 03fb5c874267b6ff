import { ConfigMap, Deployment, Pod } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "./testing/open-registry.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";

const web = {
	metadata: { name: "web" },
	spec: {
		replicas: 2,
		selector: { matchLabels: { app: "web" } },
		template: {
			metadata: { labels: { app: "web" } },
			spec: {
				containers: [
					{ name: "main", image: "nginx" },
					{ name: "side", image: "busybox" },
				],
			},
		},
	},
};

const patch = (api: TestRegistry, contentType: string, body: unknown, more: object = {}) =>
	api.value<Deployment>("patch", Deployment, { name: "web", contentType, body, ...more });

test("three kinds of patches", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: web });
	const replaced = await patch(api, JSON_PATCH, [{ op: "replace", path: "/spec/replicas", value: 3 }]);
	t.is(replaced.spec?.replicas, 3);
	t.is(replaced.metadata.generation, 2);
	const merged = await patch(api, MERGE, { metadata: { labels: { a: "b" } }, spec: { paused: true } });
	t.deepEqual([merged.metadata.labels, merged.spec?.paused], [{ a: "b" }, true]);
	const strategic = await patch(api, STRATEGIC, {
		spec: { template: { spec: { containers: [{ name: "side", image: "busybox:2" }] } } },
	});
	t.deepEqual(
		strategic.spec?.template.spec?.containers?.map(({ image }) => image),
		["nginx", "busybox:2"],
	);
	const same = await patch(api, MERGE, { spec: { paused: true } });
	t.is(same.metadata.resourceVersion, strategic.metadata.resourceVersion);
});

test("a patch of the status touches nothing else but labels and annotations", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: web });
	const body = { metadata: { annotations: { a: "b" } }, spec: { replicas: 9 }, status: { replicas: 2 } };
	const patched = await patch(api, MERGE, body, { subresource: "status" });
	t.is(patched.spec?.replicas, 2);
	t.is(patched.status?.replicas, 2);
	t.deepEqual(patched.metadata.annotations, { a: "b" });
});

test("a patch that names a resourceVersion conflicts at once, others try again", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const patchMap = (body: object) =>
		api.value<ConfigMap>("patch", ConfigMap, { name: "a", contentType: MERGE, body });
	await Promise.all(Array.from({ length: 4 }, (_, i) => patchMap({ data: { [`k${i}`]: "v" } })));
	t.is(Object.keys((await api.value<ConfigMap>("get", ConfigMap, { name: "a" })).data ?? {}).length, 4);
	const failure = await api.failure("patch", ConfigMap, {
		name: "a",
		contentType: MERGE,
		body: { metadata: { resourceVersion: "2" } },
	});
	t.is(failure.code, 409);
});

test("what cannot be: wrong types, wrong media types, wrong operations, hostile keys", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: web });
	const failure = (contentType: string, body: unknown, query = {}) =>
		api.failure("patch", Deployment, { name: "web", contentType, body, query });
	const unknown = await failure("application/json", {});
	t.is(unknown.code, 415);
	t.is(
		unknown.message.split(" (got")[0],
		"the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
	);
	t.is((await failure(JSON_PATCH, { op: "add" })).code, 400);
	t.is((await failure(JSON_PATCH, [{ op: "replace", path: "/spec/nothing/here", value: 1 }])).code, 422);
	t.is((await failure(JSON_PATCH, [{ op: "test", path: "/spec/replicas", value: 7 }])).code, 422);
	for (const body of [null, 7, "x", [], { spec: 7 }, { metadata: "x" }, { spec: { replicas: "many" } }]) {
		for (const type of [MERGE, STRATEGIC])
			t.is((await failure(type, body)).code, 400, `${type} ${JSON.stringify(body)}`);
	}
	t.is(
		(await failure(MERGE, { metadata: { name: "other" } })).message,
		"the name of the object (other) does not match the name on the URL (web)",
	);
	t.is((await failure(MERGE, { metadata: { namespace: "other" } })).code, 400);
	t.is((await failure(MERGE, { metadata: { uid: "other" } })).code, 409);
	t.is((await failure(MERGE, { kind: "Pod" })).code, 400);
	t.is((await failure(MERGE, { metadata: { labels: { a: "not a value!" } } })).code, 422);
	const raw = '{"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1}}}';
	await api.ask("patch", Deployment, { name: "web", contentType: MERGE, raw });
	t.is(({} as { polluted?: number }).polluted, undefined);
	t.is((await api.failure("patch", Deployment, { name: "no", contentType: MERGE, body: {} })).code, 404);
	t.is((await api.failure("patch", Deployment, { name: "web", contentType: MERGE, raw: "{" })).code, 400);
});

test("unknown fields in a patch warn, or with strict validation make it invalid", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: web });
	const body = { spec: { foo: 1 } };
	const warned = await api.ask("patch", Deployment, { name: "web", contentType: MERGE, body });
	t.deepEqual(warned.warnings, ['unknown field "spec.foo"']);
	const strict = await api.failure("patch", Deployment, {
		name: "web",
		contentType: MERGE,
		body,
		query: { fieldValidation: "Strict" },
	});
	t.is(strict.code, 422);
	t.is(
		strict.message,
		' "" is invalid: patch: Invalid value: "{\\"spec\\":{\\"foo\\":1}}": strict decoding error: unknown field "spec.foo"',
	);
});

test("finalizers taken away by a patch end a deletion; dry runs do not", async (t) => {
	await using api = await openRegistry();
	const pod = {
		metadata: { name: "p", finalizers: ["example.com/hold"] },
		spec: { containers: [{ name: "main", image: "nginx" }] },
	};
	await api.ask("create", Pod, { body: pod });
	await api.ask("delete", Pod, { name: "p" });
	const ask = { name: "p", contentType: MERGE, body: { metadata: { finalizers: null } } };
	await api.ask("patch", Pod, { ...ask, query: { dryRun: "All" } });
	await api.ask("get", Pod, { name: "p" });
	await api.ask("patch", Pod, ask);
	t.is((await api.failure("get", Pod, { name: "p" })).code, 404);
});
