import { Eviction, Pod, PodDisruptionBudget, type PodDisruptionBudgetStatus } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "../testing/open-registry.ts";

const MERGE = "application/merge-patch+json";
const labels = { app: "web" };

async function runningPod(api: TestRegistry, name: string, ready = true): Promise<Pod> {
	const body = {
		metadata: { name, labels },
		spec: { containers: [{ name: "main", image: "nginx" }], nodeName: "n1" },
	};
	await api.ask("create", Pod, { body });
	const status = {
		phase: "Running",
		conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
	};
	return setStatus<Pod>(api, Pod, name, status);
}

const setStatus = <T>(
	api: TestRegistry,
	kind: typeof Pod | typeof PodDisruptionBudget,
	name: string,
	status: object,
) =>
	api.value<T>("patch", kind as typeof Pod, {
		name,
		subresource: "status",
		contentType: MERGE,
		body: { status },
	});

const budget = async (
	api: TestRegistry,
	status: Partial<PodDisruptionBudgetStatus>,
	{ name = "pdb", ...spec }: { name?: string; unhealthyPodEvictionPolicy?: string } = {},
) => {
	await api.ask("create", PodDisruptionBudget, {
		body: { metadata: { name }, spec: { minAvailable: 1, selector: { matchLabels: labels }, ...spec } },
	});
	return setStatus<PodDisruptionBudget>(api, PodDisruptionBudget, name, {
		observedGeneration: 1,
		disruptionsAllowed: 0,
		currentHealthy: 1,
		desiredHealthy: 1,
		expectedPods: 1,
		...status,
	});
};
const evict = (name: string, body: object = {}, query: Record<string, string> = {}) => ({
	name,
	subresource: "eviction",
	body: { apiVersion: Eviction.apiVersion, kind: Eviction.kind, metadata: { name }, ...body },
	query,
});

test("a budget with nothing left refuses, and says what it needs", async (t) => {
	await using api = await openRegistry();
	await runningPod(api, "p");
	await budget(api, { currentHealthy: 2, desiredHealthy: 2 });
	const refused = await api.failure("create", Pod, evict("p"));
	t.is(refused.code, 429);
	t.is(refused.reason, "TooManyRequests");
	t.is(refused.message, "Cannot evict pod as it would violate the pod's disruption budget.");
	t.deepEqual(refused.details?.causes, [
		{
			reason: "DisruptionBudget",
			message: "The disruption budget pdb needs 2 healthy pods and has 2 currently",
		},
	]);
	t.is((await api.value<Pod>("get", Pod, { name: "p" })).metadata.deletionTimestamp, undefined);
});

test("an eviction is counted in the budget and told in the pod", async (t) => {
	await using api = await openRegistry();
	await runningPod(api, "p");
	await runningPod(api, "q");
	await budget(api, { disruptionsAllowed: 1, currentHealthy: 2 });
	await api.ask("create", Pod, evict("p", {}, { dryRun: "All" }));
	const untouched = await api.value<PodDisruptionBudget>("get", PodDisruptionBudget, { name: "pdb" });
	t.is(untouched.status?.disruptionsAllowed, 1);
	await api.ask("create", Pod, evict("p"));
	const { status } = await api.value<PodDisruptionBudget>("get", PodDisruptionBudget, { name: "pdb" });
	t.is(status?.disruptionsAllowed, 0);
	t.deepEqual(Object.keys(status?.disruptedPods ?? {}), ["p"]);
	t.like(status?.conditions?.[0], { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods" });
	const pod = await api.value<Pod>("get", Pod, { name: "p" });
	t.truthy(pod.metadata.deletionTimestamp);
	t.like(
		pod.status?.conditions?.find(({ type }) => type === "DisruptionTarget"),
		{ status: "True", reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" },
	);
	t.is((await api.failure("create", Pod, evict("q"))).code, 429);
	// A pod that is on its way out already may be asked again.
	await t.notThrowsAsync(api.ask("create", Pod, evict("p")));
});

test("a budget that its controller has not seen yet is waited for", async (t) => {
	await using api = await openRegistry();
	await runningPod(api, "p");
	await budget(api, { disruptionsAllowed: 1, observedGeneration: 0 });
	const refused = await api.failure("create", Pod, evict("p"));
	t.is(refused.code, 429);
	t.is(refused.details?.retryAfterSeconds, 10);
	t.is(
		refused.details?.causes?.[0]?.message,
		"The disruption budget pdb is still being processed by the server.",
	);
});

test("unready pods go when they cost the budget nothing", async (t) => {
	await using api = await openRegistry();
	await runningPod(api, "p", false);
	await runningPod(api, "q", false);
	await budget(api, { currentHealthy: 0 });
	t.is((await api.failure("create", Pod, evict("p"))).code, 429);
	await setStatus(api, PodDisruptionBudget, "pdb", { currentHealthy: 1 });
	await t.notThrowsAsync(api.ask("create", Pod, evict("p")));
	await api.ask("patch", PodDisruptionBudget, {
		name: "pdb",
		contentType: MERGE,
		body: { spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } },
	});
	await setStatus(api, PodDisruptionBudget, "pdb", { currentHealthy: 0 });
	await t.notThrowsAsync(api.ask("create", Pod, evict("q")));
});

test("pods that have not begun or have ended are no disruption; two budgets are one too many", async (t) => {
	await using api = await openRegistry();
	await runningPod(api, "p");
	await runningPod(api, "done");
	await setStatus(api, Pod, "done", { phase: "Succeeded" });
	await budget(api, {});
	await budget(api, {}, { name: "other" });
	await t.notThrowsAsync(api.ask("create", Pod, evict("done")));
	const refused = await api.failure("create", Pod, evict("p"));
	t.is(refused.code, 500);
	t.regex(refused.message, /^This pod has more than one PodDisruptionBudget/);
});

test("preconditions are kept", async (t) => {
	await using api = await openRegistry();
	const pod = await runningPod(api, "p");
	const on = (preconditions: object) => evict("p", { deleteOptions: { preconditions } });
	t.is((await api.failure("create", Pod, on({ uid: "other" }))).code, 409);
	t.is((await api.failure("create", Pod, on({ resourceVersion: "1" }))).code, 409);
	const { uid, resourceVersion } = pod.metadata;
	await t.notThrowsAsync(api.ask("create", Pod, on({ uid, resourceVersion })));
});
