import { ConfigMap, Deployment, Lease, Namespace, Pod, type UserInfo } from "@berth/api";
import test from "ava";
import { openRegistry } from "./testing/open-registry.ts";

const template = {
	metadata: { labels: { app: "web" } },
	spec: { containers: [{ name: "main", image: "nginx" }] },
};
const deployment = (replicas: number, more: object = {}) => ({
	metadata: { name: "web", ...more },
	spec: { replicas, selector: { matchLabels: { app: "web" } }, template },
});
const user: UserInfo = { username: "admin", groups: ["system:masters"] };

test("an update without resourceVersion overwrites; with a stale one it conflicts", async (t) => {
	await using api = await openRegistry();
	const first = await api.value<ConfigMap>("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const put = (data: object, metadata: object = {}) =>
		api.value<ConfigMap>("update", ConfigMap, {
			name: "a",
			body: { metadata: { name: "a", ...metadata }, data },
		});
	const second = await put({ k: "1" });
	t.is(second.metadata.uid, first.metadata.uid);
	t.is(second.metadata.creationTimestamp, first.metadata.creationTimestamp);
	t.not(second.metadata.resourceVersion, first.metadata.resourceVersion);
	const stale = { name: "a", resourceVersion: first.metadata.resourceVersion };
	const conflict = await api.failure("update", ConfigMap, { name: "a", body: { metadata: stale } });
	t.is(conflict.code, 409);
	t.is(conflict.reason, "Conflict");
	t.is(
		conflict.message,
		'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
	);
	t.deepEqual((await put({ k: "2" }, { resourceVersion: second.metadata.resourceVersion })).data, { k: "2" });
	const uid = await api.failure("update", ConfigMap, {
		name: "a",
		body: { metadata: { name: "a", uid: "other" } },
	});
	t.is(uid.code, 409);
	t.regex(uid.message, /Precondition failed: UID in precondition: other, UID in object meta: /);
});

test("an update that changes nothing writes nothing", async (t) => {
	await using api = await openRegistry();
	const first = await api.value<Deployment>("create", Deployment, { body: deployment(2) });
	const again = await api.value<Deployment>("update", Deployment, { name: "web", body: deployment(2) });
	t.is(again.metadata.resourceVersion, first.metadata.resourceVersion);
});

test("generation moves with the spec alone, and status and spec do not reach each other", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Deployment, { body: deployment(2) });
	const status = { replicas: 2, readyReplicas: 1 };
	const put = (body: object, subresource?: string) =>
		api.value<Deployment>("update", Deployment, {
			name: "web",
			body,
			...(subresource ? { subresource } : {}),
		});
	const labelled = await put(deployment(2, { labels: { a: "b" } }));
	t.is(labelled.metadata.generation, 1);
	const reported = await put({ ...deployment(9), status }, "status");
	t.is(reported.spec?.replicas, 2);
	t.is(reported.metadata.generation, 1);
	t.deepEqual(reported.status, status);
	const scaled = await put({ ...deployment(3), status: { replicas: 100 } });
	t.is(scaled.metadata.generation, 2);
	t.deepEqual(scaled.status, status);
	const forged = await put(deployment(3, { generation: 40, annotations: { a: "b" } }));
	t.is(forged.metadata.generation, 2);
});

test("the body's name must be the path's", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const message = async (body: unknown) =>
		(await api.failure("update", ConfigMap, { name: "a", body })).message;
	t.is(
		await message({}),
		"the name of the object (a based on URL) was undeterminable: name must be provided",
	);
	t.is(
		await message({ metadata: { name: "b" } }),
		"the name of the object (b) does not match the name on the URL (a)",
	);
	t.is(
		await message({ metadata: { name: "a", namespace: "b" } }),
		"the namespace of the provided object does not match the namespace sent on the request",
	);
	t.is((await api.failure("update", ConfigMap, { name: "x", body: { metadata: { name: "x" } } })).code, 404);
});

test("the last finalizer of a deleted object takes the object with it", async (t) => {
	await using api = await openRegistry();
	const held = { name: "a", finalizers: ["example.com/hold"] };
	await api.ask("create", ConfigMap, { body: { metadata: held } });
	const kept = await api.value("delete", ConfigMap, { name: "a" });
	t.truthy(kept.metadata.deletionTimestamp);
	t.is(kept.metadata.deletionGracePeriodSeconds, 0);
	const added = await api.failure("update", ConfigMap, {
		name: "a",
		body: { metadata: { ...held, finalizers: ["example.com/hold", "example.com/more"] } },
	});
	t.is(added.code, 422);
	await api.ask("update", ConfigMap, { name: "a", body: { metadata: { name: "a" } } });
	t.is((await api.failure("get", ConfigMap, { name: "a" })).code, 404);
});

test("a namespace goes when its own finalizers are gone, and only through finalize", async (t) => {
	await using api = await openRegistry();
	const made = await api.value<Namespace>("create", Namespace, { body: { metadata: { name: "x" } } });
	t.deepEqual(made.spec?.finalizers, ["kubernetes"]);
	const going = await api.value<Namespace>("delete", Namespace, { name: "x" });
	t.is(going.status?.phase, "Terminating");
	t.truthy(going.metadata.deletionTimestamp);
	const again = await api.value<Namespace>("delete", Namespace, { name: "x" });
	t.is(again.metadata.resourceVersion, going.metadata.resourceVersion);
	const plain = await api.value<Namespace>("update", Namespace, {
		name: "x",
		body: { metadata: { name: "x" }, spec: { finalizers: [] } },
	});
	t.deepEqual(plain.spec?.finalizers, ["kubernetes"]);
	await api.ask("update", Namespace, {
		name: "x",
		subresource: "finalize",
		body: { ...plain, spec: { finalizers: [] } },
	});
	t.is((await api.failure("get", Namespace, { name: "x" })).code, 404);
});

test("a lease needs its resourceVersion, and may be made by a PUT", async (t) => {
	await using api = await openRegistry();
	const body = { metadata: { name: "l" }, spec: { holderIdentity: "me" } };
	await api.ask("update", Lease, { name: "l", body, user });
	const refused = await api.failure("update", Lease, { name: "l", body });
	t.is(
		refused.message,
		'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
	);
});

test("many writers without resourceVersion all get through", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const writers = Array.from({ length: 20 }, (_, i) =>
		api.value<ConfigMap>("update", ConfigMap, {
			name: "a",
			body: { metadata: { name: "a" }, data: { n: String(i) } },
		}),
	);
	const versions = (await Promise.all(writers)).map((object) => object.metadata.resourceVersion);
	t.is(new Set(versions).size, 20);
});

test("a pod's new labels arrive, its node does not move", async (t) => {
	await using api = await openRegistry();
	const body = { metadata: { name: "p" }, spec: template.spec };
	const pod = await api.value<Pod>("create", Pod, { body });
	const dry = await api.value<Pod>("update", Pod, {
		name: "p",
		query: { dryRun: "All" },
		body: { ...pod, metadata: { ...pod.metadata, labels: { a: "b" } } },
	});
	t.deepEqual(dry.metadata.labels, { a: "b" });
	t.is((await api.value<Pod>("get", Pod, { name: "p" })).metadata.labels, undefined);
});
