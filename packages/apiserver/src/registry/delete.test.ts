import { ConfigMap, Deployment, KINDS, Pod, ServiceAccount, type Status } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { openRegistry, type TestRegistry } from "./testing/open-registry.ts";

const START = Date.UTC(2026, 0, 1);
const MERGE = "application/merge-patch+json";

const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
	metadata: { name, ...metadata },
	spec: { containers: [{ name: "main", image: "nginx" }], nodeName: "n1", ...spec },
});

test("a deleted object is answered by a Status that names it", async (t) => {
	await using api = await openRegistry();
	const { metadata } = await api.value("create", Deployment, {
		body: {
			metadata: { name: "web" },
			spec: {
				selector: { matchLabels: { a: "b" } },
				template: { metadata: { labels: { a: "b" } }, spec: pod("x").spec },
			},
		},
	});
	t.deepEqual(await api.value<Status>("delete", Deployment, { name: "web" }), {
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Success",
		details: { name: "web", group: "apps", kind: "deployments", uid: metadata.uid },
	});
	t.is(
		(await api.failure("delete", Deployment, { name: "web" })).message,
		'deployments.apps "web" not found',
	);
	const account = await api.value("delete", ServiceAccount, { name: "default" });
	t.is(account.kind, "ServiceAccount");
});

test("a running pod gets its grace, which only shortens", async (t) => {
	await using api = await openRegistry({ clock: createFakeClock(START) });
	await api.ask("create", Pod, { body: pod("p", { terminationGracePeriodSeconds: 60 }) });
	const remove = (query: Record<string, string> = {}) => api.value("delete", Pod, { name: "p", query });
	const first = await remove();
	t.is(first.metadata.deletionTimestamp, "2026-01-01T00:01:00Z");
	t.is(first.metadata.deletionGracePeriodSeconds, 60);
	t.is(first.metadata.generation, 2);
	t.is((await remove()).metadata.resourceVersion, first.metadata.resourceVersion);
	t.is((await remove({ gracePeriodSeconds: "90" })).metadata.resourceVersion, first.metadata.resourceVersion);
	const shorter = await remove({ gracePeriodSeconds: "10" });
	t.is(shorter.metadata.deletionTimestamp, "2026-01-01T00:00:10Z");
	t.is(shorter.metadata.deletionGracePeriodSeconds, 10);
	await remove({ gracePeriodSeconds: "0" });
	t.is((await api.failure("get", Pod, { name: "p" })).code, 404);
});

test("pods that run nowhere or no longer go at once", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", Pod, { body: pod("waiting", { nodeName: undefined }) });
	await api.ask("create", Pod, { body: pod("done") });
	const body = { status: { phase: "Succeeded" } };
	await api.ask("patch", Pod, { name: "done", subresource: "status", contentType: MERGE, body });
	for (const name of ["waiting", "done"]) {
		await api.ask("delete", Pod, { name });
		t.is((await api.failure("get", Pod, { name })).code, 404);
	}
});

test("absurd grace periods are times all the same", async (t) => {
	await using api = await openRegistry();
	for (const [i, seconds] of [-5, 2 ** 52, 10 ** 12].entries()) {
		await api.ask("create", Pod, { body: pod(`p${i}`) });
		const kept = await api.value("delete", Pod, { name: `p${i}`, body: { gracePeriodSeconds: seconds } });
		t.false(Number.isNaN(Date.parse(kept.metadata.deletionTimestamp ?? "")));
	}
});

test("finalizers hold an object; propagation policies are finalizers", async (t) => {
	await using api = await openRegistry();
	const make = (name: string, finalizers: string[] = []) =>
		api.ask("create", ConfigMap, { body: { metadata: { name, finalizers } } });
	const remove = async (name: string, body: object) => {
		const answer = await api.ask("delete", ConfigMap, { name, body });
		if (answer.type !== "value") throw new Error("no value");
		const { metadata } = answer.value as ConfigMap;
		return [answer.code, metadata.finalizers ?? "gone"] as const;
	};
	await make("orphan");
	t.deepEqual(await remove("orphan", { propagationPolicy: "Orphan" }), [200, ["orphan"]]);
	await make("old");
	t.deepEqual(await remove("old", { orphanDependents: true }), [200, ["orphan"]]);
	await make("front");
	t.deepEqual(await remove("front", { propagationPolicy: "Foreground" }), [202, ["foregroundDeletion"]]);
	t.deepEqual(await remove("front", { propagationPolicy: "Background" }), [200, "gone"]);
	await make("held", ["example.com/hold"]);
	t.deepEqual(await remove("held", {}), [200, ["example.com/hold"]]);
	await make("back");
	t.deepEqual(await remove("back", { propagationPolicy: "Background" }), [200, "gone"]);
});

test("preconditions", async (t) => {
	await using api = await openRegistry();
	const { metadata } = await api.value("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const failure = (preconditions: object) =>
		api.failure("delete", ConfigMap, { name: "a", body: { preconditions } });
	t.is(
		(await failure({ uid: "other" })).message,
		`Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
	);
	t.is((await failure({ resourceVersion: "1" })).code, 409);
	const { uid, resourceVersion } = metadata;
	await api.ask("delete", ConfigMap, { name: "a", body: { preconditions: { uid, resourceVersion } } });
});

test("options nobody understands are refused", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const code = async (body: unknown, query: Record<string, string> = {}) =>
		(await api.failure("delete", ConfigMap, { name: "a", body, query })).code;
	for (const body of [
		7,
		"x",
		[],
		{ gracePeriodSeconds: "1" },
		{ gracePeriodSeconds: 1.5 },
		{ kind: "Pod" },
	]) {
		t.is(await code(body), 400, JSON.stringify(body));
	}
	t.is(await code({ preconditions: "x" }), 400);
	t.is(await code({ propagationPolicy: "Sideways" }), 422);
	t.is(await code({ propagationPolicy: "Orphan", orphanDependents: true }), 422);
	t.is(await code({ dryRun: ["Some"] }), 422);
	t.is(await code(undefined, { gracePeriodSeconds: "soon" }), 400);
	t.is(await code(undefined, { propagationPolicy: "Sideways" }), 422);
	await api.ask("delete", ConfigMap, { name: "a", query: { dryRun: "All" } });
	await api.ask("delete", ConfigMap, { name: "a", body: { dryRun: ["All"], unheardOf: 1 } });
	t.deepEqual(await api.names(ConfigMap), ["a"]);
});

test("deletecollection takes what its selectors choose", async (t) => {
	await using api = await openRegistry({ namespaces: ["default", "other"] });
	const make = async (namespace: string) => {
		for (let i = 0; i < 40; i += 1) {
			const labels = { half: String(i % 2) };
			await api.ask("create", ConfigMap, { namespace, body: { metadata: { name: `c${i}`, labels } } });
		}
	};
	await make("default");
	await make("other");
	await api.ask("deletecollection", ConfigMap, { query: { labelSelector: "half=1" } });
	t.is((await api.names(ConfigMap, { namespace: "default" })).length, 20);
	await api.ask("deletecollection", ConfigMap, { query: { fieldSelector: "metadata.name=c0" } });
	t.is((await api.names(ConfigMap, { namespace: "default" })).length, 19);
	await api.ask("deletecollection", ConfigMap);
	t.is((await api.names(ConfigMap, { namespace: "default" })).length, 0);
	t.is((await api.names(ConfigMap, { namespace: "other" })).length, 40);
});

test("namespaces that everybody relies on stay", async (t) => {
	await using api = await openRegistry();
	const namespaces = KINDS.find((kind) => kind.plural === "namespaces")!;
	const failure = await api.failure("delete", namespaces, { name: "default" });
	t.is(failure.message, 'namespaces "default" is forbidden: this namespace may not be deleted');
});

test("deletes race with each other: one wins, none breaks", async (t) => {
	await using api: TestRegistry = await openRegistry();
	await api.ask("create", ConfigMap, { body: { metadata: { name: "a" } } });
	const results = await Promise.allSettled(
		Array.from({ length: 10 }, () => api.ask("delete", ConfigMap, { name: "a" })),
	);
	t.is(results.filter(({ status }) => status === "fulfilled").length, 1);
});
