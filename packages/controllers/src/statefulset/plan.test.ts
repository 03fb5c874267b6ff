import type { Pod, StatefulSet } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { NOW, pod, statefulSet } from "./fixtures.ts";
import { ordinalOf } from "./identity.ts";
import { isAvailable, isGoing, planStateful, type StatefulPlan } from "./plan.ts";

const plan = (set: StatefulSet, pods: readonly Pod[]): StatefulPlan =>
	planStateful({ set, pods, updateRevision: "new", now: NOW });
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);
const parallel = { podManagementPolicy: "Parallel" };

test("pods come one after the other, each when those before it are available", (t) => {
	const set = statefulSet();
	t.deepEqual(plan(set, []).create, [0]);
	t.deepEqual(plan(set, [pod(0, { ready: false })]).create, []);
	t.deepEqual(plan(set, [pod(0)]).create, [1]);
	t.deepEqual(plan(set, [pod(0, { ready: false }), pod(1)]).create, []);
	const slow = statefulSet({ minReadySeconds: 10 });
	t.like(plan(slow, [pod(0, { since: 4 })]), { create: [], lookAgainIn: 6_000 });
	t.deepEqual(plan(slow, [pod(0, { since: 10 })]).create, [1]);
});

test("all at once when told so", (t) => {
	t.deepEqual(plan(statefulSet(parallel), [pod(1, { ready: false })]).create, [0, 2]);
	const { remove } = plan(statefulSet({ ...parallel, replicas: 1 }), [
		pod(0, { ready: false }),
		pod(1),
		pod(3),
		pod(2, { going: true }),
	]);
	t.deepEqual(names(remove), ["web-3", "web-1"]);
});

test("numbers begin where the set says", (t) => {
	const set = statefulSet({ replicas: 2, ordinals: { start: 5 }, ...parallel });
	const made = plan(set, [pod(0), pod(6)]);
	t.deepEqual(made.create, [5]);
	t.deepEqual(names(made.remove), ["web-0"]);
});

test("scaling down goes from the highest number, one by one, and halts at what is unhealthy", (t) => {
	const set = statefulSet({ replicas: 1 });
	t.deepEqual(names(plan(set, [pod(0), pod(1), pod(2)]).remove), ["web-2"]);
	t.deepEqual(names(plan(set, [pod(0), pod(1), pod(2, { going: true })]).remove), []);
	t.deepEqual(names(plan(set, [pod(0, { ready: false }), pod(1), pod(2)]).remove), []);
	t.deepEqual(names(plan(set, [pod(0), pod(1, { ready: false }), pod(2)]).remove), ["web-2"]);
	t.deepEqual(names(plan(set, [pod(0), pod(1, { ready: false }), pod(2, { ready: false })]).remove), []);
	t.deepEqual(names(plan(set, [pod(0), pod(1), pod(2, { ready: false })]).remove), ["web-2"]);
});

test("pods that have ended are deleted, to be made anew", (t) => {
	for (const spec of [{}, parallel]) {
		const failed = pod(1, { phase: "Failed", ready: false });
		const { remove, ended, create } = plan(statefulSet(spec), [pod(0), failed, pod(2)]);
		t.deepEqual(names(remove), ["web-1"]);
		t.deepEqual(remove, ended);
		t.deepEqual(create, []);
	}
});

test("a rollout goes from the highest number to the partition; OnDelete waits for somebody", (t) => {
	const old = [0, 1, 2].map((ordinal) => pod(ordinal, { revision: "old" }));
	const rolling = (partition: number, maxUnavailable: number | string = 1) =>
		statefulSet({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition, maxUnavailable } } });
	t.deepEqual(names(plan(rolling(0), old).remove), ["web-2"]);
	t.deepEqual(names(plan(rolling(3), old).remove), []);
	t.deepEqual(names(plan(rolling(1, "50%"), old).remove), ["web-2", "web-1"]);
	t.deepEqual(names(plan(rolling(1), [...old.slice(0, 2), pod(2)]).remove), ["web-1"]);
	t.deepEqual(names(plan(rolling(1), [...old.slice(0, 2), pod(2, { ready: false })]).remove), []);
	t.deepEqual(names(plan(statefulSet({ updateStrategy: { type: "OnDelete" } }), old).remove), []);
});

test("a broken pod of another template is in nobody's way where order does not matter", (t) => {
	const broken = pod(2, { revision: "bad", ready: false, phase: "Pending" });
	const { remove } = plan(statefulSet(parallel), [
		pod(0, { revision: "old" }),
		pod(1, { revision: "old" }),
		broken,
	]);
	t.deepEqual(names(remove), ["web-2"]);
});

const anyPod = fc.record({
	revision: fc.constantFrom("old", "new"),
	ready: fc.boolean(),
	going: fc.boolean(),
	phase: fc.constantFrom("Running", "Running", "Running", "Pending", "Failed", "Succeeded"),
});
const anyPods = fc
	.uniqueArray(fc.tuple(fc.nat(7), anyPod), { selector: ([ordinal]) => ordinal })
	.map((pods) => pods.map(([ordinal, state]) => pod(ordinal, state)));
const anySet = fc
	.record({
		replicas: fc.nat(5),
		start: fc.nat(2),
		partition: fc.nat(3),
		maxUnavailable: fc.integer({ min: 1, max: 3 }),
		podManagementPolicy: fc.constantFrom("OrderedReady", "Parallel"),
	})
	.map(({ replicas, start, partition, maxUnavailable, podManagementPolicy }) =>
		statefulSet({
			replicas,
			podManagementPolicy,
			ordinals: { start },
			updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition, maxUnavailable } },
		}),
	);

test("in order, nothing happens beyond the first pod that is not available", (t) => {
	fc.assert(
		fc.property(anySet, anyPods, (set, pods) => {
			fc.pre(set.spec.podManagementPolicy === "OrderedReady");
			const { create, remove, ended } = plan(set, pods);
			const start = set.spec.ordinals?.start ?? 0;
			const serving = new Set(
				pods
					.filter((each) => isAvailable(set, each, NOW) && !isGoing(each))
					.map((each) => numberOf(set, each)),
			);
			const before = (ordinal: number) =>
				Array.from({ length: Math.max(0, ordinal - start) }, (_, index) => start + index);
			const wanted = start + (set.spec.replicas ?? 1);
			t.true(create.length <= 1 && (create.length === 0 || remove.length === 0));
			for (const ordinal of create) t.true(before(ordinal).every((lower) => serving.has(lower)));
			for (const each of ended) t.true(before(numberOf(set, each)).every((lower) => serving.has(lower)));
			for (const each of remove) {
				t.false(isGoing(each));
				if (!ended.includes(each)) t.true(before(wanted).every((lower) => serving.has(lower)));
			}
		}),
	);
});

test("a rollout never takes more that serve than it may", (t) => {
	fc.assert(
		fc.property(anySet, anyPods, (set, pods) => {
			const { remove, ended } = plan(set, pods);
			const start = set.spec.ordinals?.start ?? 0;
			const replicas = set.spec.replicas ?? 1;
			const isWanted = (each: Pod) => numberOf(set, each) >= start && numberOf(set, each) < start + replicas;
			const serves = (each: Pod) => isAvailable(set, each, NOW) && !isGoing(each);
			const left = pods.filter((each) => isWanted(each) && serves(each) && !remove.includes(each)).length;
			const taken = remove.filter((each) => isWanted(each) && serves(each) && !ended.includes(each)).length;
			const allowed = Number(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable);
			t.true(taken === 0 || left >= replicas - allowed);
		}),
	);
});

test("whatever there is, it ends with the wanted pods, of the new template from the partition on", (t) => {
	fc.assert(
		fc.property(anySet, anyPods, (set, pods) => {
			let present = pods;
			for (let round = 0; ; round++) {
				t.true(round < 60, "it does not end");
				const { create, remove } = plan(set, present);
				const isSettled = present.every((each) => isAvailable(set, each, NOW) && !isGoing(each));
				if (create.length + remove.length === 0 && isSettled) break;
				// Meanwhile what is going goes, and what can run runs.
				present = present
					.filter((each) => !isGoing(each) && !remove.includes(each))
					.map((each) => settled(set, each));
				present = [...present, ...create.map((ordinal) => pod(ordinal, { ready: false }))];
			}
			const start = set.spec.ordinals?.start ?? 0;
			const partition = start + (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
			t.deepEqual(
				present.map((each) => numberOf(set, each)).toSorted((a, b) => a - b),
				Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => start + index),
			);
			for (const each of present) {
				if (numberOf(set, each) < partition) continue;
				t.is(each.metadata.labels?.["controller-revision-hash"], "new");
			}
		}),
	);
});

const numberOf = (set: StatefulSet, { metadata }: Pod) => ordinalOf(set, metadata.name) ?? -1;

function settled(set: StatefulSet, each: Pod): Pod {
	const { phase } = each.status ?? {};
	if (phase === "Failed" || phase === "Succeeded") return each;
	const revision = each.metadata.labels?.["controller-revision-hash"] ?? "";
	return pod(numberOf(set, each), { revision });
}
