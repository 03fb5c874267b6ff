import type { Deployment, ReplicaSet } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { budgetOf } from "./budget.ts";
import { deployment, replicaSet, template } from "./fixtures.ts";
import { planDeployment } from "./plan.ts";
import { scaleAll } from "./sizes.ts";

const plan = (deployment: Deployment, sets: readonly ReplicaSet[]) =>
	planDeployment({ deployment, sets, pods: [] });
const sizes = (resize: ReadonlyMap<ReplicaSet, number>) =>
	Object.fromEntries([...resize].map(([set, size]) => [set.metadata.name, size]));

test("a new deployment gets its first set, whole, as revision 1", (t) => {
	t.deepEqual(plan(deployment(), []).create, { revision: 1n, replicas: 3 });
});

test("a new template starts within the surge, with the next revision", (t) => {
	const old = replicaSet({ image: "web:0", replicas: 4, revision: 7 });
	t.deepEqual(plan(deployment({ replicas: 4 }), [old]).create, { revision: 8n, replicas: 1 });
});

test("old sets shrink by what may be unavailable and by what the new set has ready", (t) => {
	const old = replicaSet({ image: "web:0", replicas: 4 });
	const current = replicaSet({ image: "web:1", replicas: 1, available: 0, revision: 2 });
	t.deepEqual(sizes(plan(deployment({ replicas: 4 }), [old, current]).resize), { "web-web-0": 3 });
});

test("a set that has shrunk, and has not said so yet, does not shrink again", (t) => {
	const old = replicaSet({ image: "web:0", replicas: 3, available: 4 });
	const current = replicaSet({ image: "web:1", replicas: 2, available: 0, revision: 2 });
	t.deepEqual(sizes(plan(deployment({ replicas: 4 }), [old, current]).resize), {});
});

test("pods that are not available go first, however many", (t) => {
	const old = replicaSet({ image: "web:0", replicas: 4, available: 0 });
	const current = replicaSet({ image: "web:1", replicas: 1, available: 0, revision: 2 });
	t.deepEqual(sizes(plan(deployment({ replicas: 4 }), [old, current]).resize), { "web-web-0": 3 });
});

test("Recreate empties old sets before it makes the new one", (t) => {
	const recreate = deployment({ strategy: { type: "Recreate" } });
	const old = replicaSet({ image: "web:0", replicas: 3 });
	const first = plan(recreate, [old]);
	t.is(first.create, undefined);
	t.deepEqual(sizes(first.resize), { "web-web-0": 0 });
	const empty = replicaSet({ image: "web:0", replicas: 0 });
	t.deepEqual(plan(recreate, [empty]).create, { revision: 2n, replicas: 3 });
});

test("revisions are 64 bits wide", (t) => {
	const adopted = replicaSet({ image: "web:0", replicas: 3 });
	const annotations = { "deployment.kubernetes.io/revision": "3546343826724305832" };
	const old = { ...adopted, metadata: { ...adopted.metadata, annotations } };
	t.is(plan(deployment(), [old]).create?.revision, 3546343826724305833n);
});

test("a rollback makes the old set current again under a new revision", (t) => {
	const back = replicaSet({ image: "web:1", replicas: 0, revision: 1 });
	const bad = replicaSet({ image: "web:2", replicas: 3, revision: 2 });
	const next = plan(deployment(), [back, bad]);
	t.is(next.current, back);
	t.is(next.revise, 3n);
});

test("paused: no rollout, but scaling still works, in proportion", (t) => {
	const paused = deployment({ paused: true, replicas: 20 });
	t.is(plan(paused, []).create, undefined);
	const a = replicaSet({ image: "web:0", replicas: 8, desired: 10 });
	const b = replicaSet({ image: "web:1", replicas: 4, desired: 10, revision: 2 });
	t.deepEqual(sizes(plan(paused, [a, b]).resize), { "web-web-0": 17, "web-web-1": 8 });
});

test("history beyond the limit is removed, oldest revision first, when the rollout is complete", (t) => {
	const current = replicaSet({ image: "web:1", replicas: 3, revision: 4 });
	const old = [1, 2, 3].map((revision) => replicaSet({ image: `old:${revision}`, replicas: 0, revision }));
	const done = {
		...deployment({ revisionHistoryLimit: 1 }),
		status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 },
	};
	t.deepEqual(
		plan(done, [...old, current]).remove.map((set) => set.metadata.name),
		["web-old-1", "web-old-2"],
	);
	t.deepEqual(plan(deployment({ revisionHistoryLimit: 1 }), [...old, current]).remove, []);
});

test("property: a rollout stays within its budget at every step and ends", (t) => {
	const settings = fc.record({
		replicas: fc.integer({ min: 1, max: 20 }),
		maxSurge: fc.integer({ min: 0, max: 5 }),
		maxUnavailable: fc.integer({ min: 0, max: 5 }),
		readiness: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 }),
	});
	fc.assert(
		fc.property(settings, ({ replicas, maxSurge, maxUnavailable, readiness }) => {
			const target = deployment({
				replicas,
				strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
			});
			const { surge, unavailable } = budgetOf(target);
			let sets: ReplicaSet[] = [replicaSet({ image: "web:0", replicas })];
			for (let step = 0; step < 500; step += 1) {
				const next = plan(target, sets);
				if (next.create) {
					sets.push(
						replicaSet({ image: "web:1", replicas: next.create.replicas, available: 0, revision: 2 }),
					);
				}
				sets = sets.map((set) => {
					const size = next.resize.get(set) ?? set.spec.replicas ?? 0;
					const ready = Math.min(size, set.status?.availableReplicas ?? 0);
					// Some pods become ready between the steps, at the latest after a few steps.
					const grown = Math.min(
						size,
						ready + (readiness[step % readiness.length]! || (step % 5 === 0 ? 1 : 0)),
					);
					return {
						...set,
						spec: { ...set.spec, replicas: size },
						status: { replicas: size, availableReplicas: set.metadata.name === "web-web-1" ? grown : ready },
					};
				});
				const total = sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
				const available = sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
				t.true(total <= replicas + surge);
				t.true(available >= replicas - unavailable);
				const [old, current] = sets;
				if (old?.spec.replicas === 0 && current?.status?.availableReplicas === replicas) return;
			}
			t.fail(`no end with ${JSON.stringify({ replicas, maxSurge, maxUnavailable })}`);
		}),
		{ numRuns: 200 },
	);
});

test("property: proportional scaling hands out exactly what is allowed", (t) => {
	fc.assert(
		fc.property(
			fc.integer({ min: 0, max: 50 }),
			fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 5 }),
			(replicas, present) => {
				const target = deployment({ replicas });
				const sets = present.map((size, i) =>
					replicaSet({ image: `i:${i}`, replicas: size, revision: i + 1 }),
				);
				const next = scaleAll(target, sets);
				const total = sets.reduce((sum, set) => sum + (next.get(set) ?? set.spec.replicas ?? 0), 0);
				t.is(total, replicas === 0 ? 0 : replicas + budgetOf(target).surge);
				t.true([...next.values()].every((size) => size >= 0));
			},
		),
	);
});

test("templates are compared without their hash label", (t) => {
	const labelled = { ...template("web:1"), metadata: { labels: { app: "web", "pod-template-hash": "x" } } };
	const set = {
		...replicaSet({ image: "web:1", replicas: 3 }),
		spec: { replicas: 3, selector: {}, template: labelled },
	};
	t.is(plan(deployment(), [set]).current, set);
});
