import { ConfigMap, Deployment, type ManagedFieldsEntry, Pod, Service, systemClock } from "@berth/api";
import test from "ava";
import { openRegistry } from "./testing/open-registry.ts";

const deployment = {
	metadata: { name: "web", labels: { app: "web" } },
	spec: {
		selector: { matchLabels: { app: "web" } },
		template: {
			metadata: { labels: { app: "web" } },
			spec: { containers: [{ name: "c", image: "i:1" }] },
		},
	},
};

/** `manager operation subresource: …` with the fields of each entry. */
const shown = (entries: readonly ManagedFieldsEntry[] | undefined) =>
	(entries ?? []).map(
		({ manager, operation, subresource = "", fieldsV1 }) =>
			`${manager} ${operation} ${subresource}: ${JSON.stringify(fieldsV1)}`,
	);

test("a new object belongs to whoever made it, as the body said it and defaults completed it", async (t) => {
	await using api = await openRegistry();
	const { metadata } = await api.value<Deployment>("create", Deployment, {
		body: { ...deployment, status: { replicas: 1 } },
		query: { fieldManager: "kubectl-create" },
	});
	const [entry, ...others] = metadata.managedFields ?? [];
	t.deepEqual(others, []);
	t.like(entry, {
		manager: "kubectl-create",
		operation: "Update",
		apiVersion: "apps/v1",
		fieldsType: "FieldsV1",
	});
	t.is(entry?.subresource, undefined);
	t.deepEqual(entry?.fieldsV1, {
		"f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
		"f:spec": {
			"f:progressDeadlineSeconds": {},
			"f:replicas": {},
			"f:revisionHistoryLimit": {},
			"f:selector": {},
			"f:strategy": {
				"f:rollingUpdate": { ".": {}, "f:maxSurge": {}, "f:maxUnavailable": {} },
				"f:type": {},
			},
			"f:template": {
				"f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
				"f:spec": {
					"f:containers": {
						'k:{"name":"c"}': {
							".": {},
							"f:image": {},
							"f:imagePullPolicy": {},
							"f:name": {},
							"f:resources": {},
							"f:terminationMessagePath": {},
							"f:terminationMessagePolicy": {},
						},
					},
					"f:dnsPolicy": {},
					"f:restartPolicy": {},
					"f:schedulerName": {},
					"f:securityContext": {},
					"f:terminationGracePeriodSeconds": {},
				},
			},
		},
	});
});

test("what admission and allocators add is nobody's", async (t) => {
	await using api = await openRegistry();
	const service = await api.value<Service>("create", Service, {
		body: { metadata: { name: "a" }, spec: { ports: [{ port: 80 }], selector: { a: "b" } } },
	});
	t.truthy(service.spec.clusterIP);
	t.false(JSON.stringify(service.metadata.managedFields).includes("clusterIP"));
	const pod = await api.value<Pod>("create", Pod, {
		body: { metadata: { generateName: "p-" }, spec: { containers: [{ name: "c", image: "i" }] } },
	});
	t.true((pod.spec.volumes?.length ?? 0) > 0);
	const fields = JSON.stringify(pod.metadata.managedFields);
	t.false(fields.includes("volumes") || fields.includes("serviceAccount"));
	t.true(fields.includes("f:generateName"));
});

test("an update takes over what it changes, and the time tells of changes only", async (t) => {
	let now = Date.parse("2026-01-01T00:00:00Z");
	await using api = await openRegistry({ clock: { ...systemClock, now: () => now } });
	await api.ask("create", ConfigMap, {
		body: { metadata: { name: "a" }, data: { x: "1", y: "1" } },
		query: { fieldManager: "one" },
	});
	now += 60_000;
	const patch = (body: object, fieldManager: string) =>
		api.value<ConfigMap>("patch", ConfigMap, {
			name: "a",
			body,
			contentType: "application/merge-patch+json",
			query: { fieldManager },
		});
	const changed = await patch({ data: { y: "2", z: "2" } }, "two");
	t.deepEqual(shown(changed.metadata.managedFields), [
		'one Update : {"f:data":{".":{},"f:x":{}}}',
		'two Update : {"f:data":{"f:y":{},"f:z":{}}}',
	]);
	t.deepEqual(
		changed.metadata.managedFields?.map(({ time }) => time),
		["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"],
	);
	now += 60_000;
	const same = await patch({ data: { y: "2" } }, "three");
	t.is(same.metadata.resourceVersion, changed.metadata.resourceVersion);
	const less = await patch({ data: { y: null } }, "one");
	t.deepEqual(shown(less.metadata.managedFields), [
		'one Update : {"f:data":{".":{},"f:x":{}}}',
		'two Update : {"f:data":{"f:z":{}}}',
	]);
});

test("subresources own apart, and cannot say who owns what", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: deployment, query: { fieldManager: "kubectl" } });
	const status = await api.value<Deployment>("patch", Deployment, {
		name: "web",
		subresource: "status",
		body: { metadata: { managedFields: [] }, status: { replicas: 3 } },
		contentType: "application/merge-patch+json",
		query: { fieldManager: "controller" },
	});
	t.is(shown(status.metadata.managedFields)[0], 'controller Update status: {"f:status":{"f:replicas":{}}}');
	t.is(status.metadata.managedFields?.length, 2);
	await api.ask("patch", Deployment, {
		name: "web",
		subresource: "scale",
		body: { spec: { replicas: 7 } },
		contentType: "application/merge-patch+json",
		query: { fieldManager: "scaler" },
	});
	const scaled = await api.value<Deployment>("get", Deployment, { name: "web" });
	t.true(shown(scaled.metadata.managedFields).includes('scaler Update scale: {"f:spec":{"f:replicas":{}}}'));
	t.false(shown(scaled.metadata.managedFields)[1]?.includes("f:replicas"));
});

test("an empty list clears who owns what; what cannot be read is passed over", async (t) => {
	await using api = await openRegistry();
	const created = await api.value<ConfigMap>("create", ConfigMap, {
		body: { metadata: { name: "a" }, data: { x: "1" } },
		query: { fieldManager: "one" },
	});
	const put = (managedFields: unknown) =>
		api.value<ConfigMap>("update", ConfigMap, {
			name: "a",
			body: { metadata: { name: "a", managedFields }, data: { x: "1" } },
			query: { fieldManager: "two" },
		});
	t.deepEqual((await put(undefined)).metadata.managedFields, created.metadata.managedFields);
	const fieldsV1 = { "f:data": { "f:x": {} } };
	const entry = { manager: "m", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1 };
	for (const broken of [
		[{ ...entry, operation: "Sing" }],
		[{ ...entry, fieldsType: "FieldsV9" }],
		[{ ...entry, fieldsV1: { x: {} } }],
		[{ ...entry, fieldsV1: { "f:data": 7 } }],
		[{ ...entry, fieldsV1: 7 }],
	]) {
		t.deepEqual((await put(broken)).metadata.managedFields, created.metadata.managedFields);
	}
	t.deepEqual(shown((await put([entry])).metadata.managedFields), ['m Apply : {"f:data":{"f:x":{}}}']);
	t.is((await put([])).metadata.managedFields, undefined);
	const after = await api.value<ConfigMap>("update", ConfigMap, {
		name: "a",
		body: { metadata: { name: "a" }, data: { x: "2" } },
	});
	t.is(after.metadata.managedFields, undefined);
	await put([entry]);
	t.is((await put([{}])).metadata.managedFields, undefined);
});

test("objects made alike share one value", async (t) => {
	await using api = await openRegistry();
	const make = (name: string) =>
		api.value<Pod>("create", Pod, {
			body: { metadata: { name }, spec: { containers: [{ name: "c", image: "i" }] } },
		});
	const [a, b] = [await make("a"), await make("b")];
	t.truthy(a.metadata.managedFields?.[0]?.fieldsV1);
	t.is(a.metadata.managedFields?.[0]?.fieldsV1, b.metadata.managedFields?.[0]?.fieldsV1);
});
