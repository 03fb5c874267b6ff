import { type Pod, PodDisruptionBudget, Pod as Pods, ReplicaSet, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import fc from "fast-check";
import { createDisruptionController } from "./controller.ts";
import { planBudget } from "./plan.ts";

const NOW = Date.UTC(2026, 0, 2);
const pod = (name: string, ready = true, more: object = {}) =>
	({
		metadata: { namespace: "default", name, uid: name, labels: { app: "a" }, ...more },
		status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
	}) as unknown as Pod;
const budget = (spec: object, status?: object) =>
	({
		metadata: { name: "b", namespace: "default", generation: 3 },
		spec,
		status,
	}) as unknown as PodDisruptionBudget;
const three = [pod("a"), pod("b"), pod("c", false)];

test("numbers and shares, of what should be there", (t) => {
	const of = (spec: object, expected: number) => {
		const { status } = planBudget(budget(spec), three, { pods: expected }, NOW);
		return [status.currentHealthy, status.desiredHealthy, status.expectedPods, status.disruptionsAllowed];
	};
	t.deepEqual(of({ minAvailable: 1 }, 3), [2, 1, 3, 1]);
	t.deepEqual(of({ minAvailable: "50%" }, 5), [2, 3, 5, 0]);
	t.deepEqual(of({ maxUnavailable: 2 }, 3), [2, 1, 3, 1]);
	t.deepEqual(of({ maxUnavailable: "34%" }, 3), [2, 1, 3, 1]);
	t.deepEqual(of({ maxUnavailable: 9 }, 3), [2, 0, 3, 2]);
	t.deepEqual(of({ minAvailable: 0 }, 0), [2, 0, 0, 0]);
});

test("pods on their way out do not count; evictions nobody carried out are forgotten", (t) => {
	const at = (seconds: number) => new Date(NOW - seconds * 1000).toISOString().replace(".000", "");
	const disruptedPods = { a: at(10), b: at(121), gone: at(1) };
	const { status, lookAgainIn } = planBudget(
		budget({ minAvailable: 1 }, { disruptedPods }),
		three,
		{ pods: 3 },
		NOW,
	);
	t.deepEqual(status.disruptedPods, { a: at(10) });
	t.is(status.currentHealthy, 1);
	t.is(lookAgainIn, 110_000);
	t.like(status.conditions?.[0], {
		type: "DisruptionAllowed",
		status: "False",
		reason: "InsufficientPods",
		observedGeneration: 3,
	});
});

test("what cannot be told allows nothing", (t) => {
	const { status } = planBudget(
		budget({ maxUnavailable: 1 }),
		three,
		{ failure: "found no controllers" },
		NOW,
	);
	t.is(status.disruptionsAllowed, 0);
	t.like(status.conditions?.[0], { status: "False", reason: "SyncFailed", message: "found no controllers" });
});

test("property: what is allowed never takes more than leaves the desired ones", (t) => {
	const amount = fc.oneof(
		fc.nat(12),
		fc.nat(100).map((share) => `${share}%`),
	);
	fc.assert(
		fc.property(
			amount,
			fc.boolean(),
			fc.array(fc.boolean(), { maxLength: 10 }),
			fc.nat(12),
			(of, isMin, ready, expected) => {
				const pods = ready.map((each, index) => pod(`p${index}`, each));
				const { status } = planBudget(
					budget(isMin ? { minAvailable: of } : { maxUnavailable: of }),
					pods,
					{ pods: expected },
					NOW,
				);
				const { currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0 } = status;
				t.true(disruptionsAllowed >= 0);
				t.true(disruptionsAllowed === 0 || currentHealthy - disruptionsAllowed >= desiredHealthy);
			},
		),
	);
});

test("the status follows the pods and whoever controls them", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer();
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const controller = createDisruptionController({
		client,
		informers,
		events: { normal: () => {}, warning: () => {} },
		clock,
		log: silentLogger,
	});
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const selector = { matchLabels: { app: "a" } };
	const set = await client.create(ReplicaSet, {
		metadata: { namespace: "default", name: "rs" },
		spec: { replicas: 4, selector },
	});
	const ownerReferences = [
		{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs", uid: set.metadata.uid, controller: true },
	];
	for (const name of ["a", "b", "c"]) {
		const made = await client.create(Pods, {
			metadata: { namespace: "default", name, labels: { app: "a" }, ownerReferences },
			spec: { containers: [] },
		});
		await client.updateStatus(Pods, { ...made, status: pod(name).status });
	}
	await client.create(PodDisruptionBudget, {
		metadata: { namespace: "default", name: "b" },
		spec: { maxUnavailable: "50%", selector },
	});
	const status = () => server.objects<PodDisruptionBudget>(PodDisruptionBudget)[0]?.status;
	await clock.until(() => status()?.expectedPods === 4);
	t.like(status(), { currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
	await client.patch(
		ReplicaSet,
		{ namespace: "default", name: "rs" },
		{ spec: { replicas: 2 } },
		{ type: "merge" },
	);
	await clock.until(() => status()?.expectedPods === 2);
	t.is(status()?.disruptionsAllowed, 2);
	stop.abort();
	await Promise.all(running);
});
