import type { DaemonSet, Node, Pod, PodSpec, PodStatus, Taint } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { daemonPod, nodeOf } from "./daemon-pod.ts";
import { createPenalties } from "./penalties.ts";
import { placement } from "./placement.ts";
import { planDaemons } from "./plan.ts";
import { daemonSetStatus } from "./status.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const metadata = (name: string) => ({
	name,
	uid: `uid-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
});

const daemonSet = (spec: Partial<DaemonSet["spec"]> = {}, podSpec: Partial<PodSpec> = {}): DaemonSet => ({
	apiVersion: "apps/v1",
	kind: "DaemonSet",
	metadata: {
		...metadata("agent"),
		namespace: "default",
		generation: 2,
		annotations: { "deprecated.daemonset.template.generation": "4" },
	},
	spec: {
		selector: { matchLabels: { app: "agent" } },
		template: {
			metadata: { labels: { app: "agent" } },
			spec: { containers: [{ name: "c", image: "i:1" }], ...podSpec },
		},
		updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
		...spec,
	},
});
const rolling = (
	maxUnavailable: number | string,
	maxSurge: number | string = 0,
): Partial<DaemonSet["spec"]> => ({
	updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable, maxSurge } },
});

const node = (name: string, labels: Record<string, string> = {}, taints: readonly Taint[] = []): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: { ...metadata(name), labels },
	spec: { taints },
});
const nodes = ["a", "b", "c"].map((name) => node(name));

interface PodState {
	readonly hash?: string;
	readonly ready?: boolean;
	readonly going?: boolean;
	readonly phase?: PodStatus["phase"];
	readonly age?: number;
	readonly bound?: boolean;
}

let pods = 0;
function pod(on: string, state: PodState = {}): Pod {
	const { hash = "new", ready = true, going = false, phase = "Running", age = 100, bound = true } = state;
	const made = daemonPod(daemonSet(), on, hash);
	const lastTransitionTime = new Date(NOW - age * 1_000).toISOString();
	return {
		...made,
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			...metadata(`agent-${pods++}`),
			labels: made.metadata.labels,
			creationTimestamp: lastTransitionTime,
			...(going ? { deletionTimestamp: "2026-01-01T11:00:00Z" } : {}),
		},
		spec: bound ? { ...made.spec, nodeName: on } : made.spec,
		status: {
			phase,
			conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime }],
		},
	};
}

const plan = (set: DaemonSet, present: readonly Pod[], all: readonly Node[] = nodes, penalty = 0) =>
	planDaemons({ set, nodes: all, pods: present, hash: "new", now: NOW, penalty: () => penalty });
const onNodes = (present: readonly Pod[]) => present.map(nodeOf).toSorted();

test("every node gets a pod of its own, bound by affinity, with what daemons tolerate", (t) => {
	t.deepEqual(plan(daemonSet(), []).create, ["a", "b", "c"]);
	t.deepEqual(plan(daemonSet(), [pod("a", { bound: false }), pod("b", { going: true })]).create, ["c"]);
	const made = daemonPod(daemonSet({}, { hostNetwork: true }), "a", "new");
	t.like(made.metadata.labels, { "pod-template-generation": "4", "controller-revision-hash": "new" });
	t.deepEqual(made.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution, {
		nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }],
	});
	t.deepEqual(
		made.spec.tolerations?.map(({ key, effect }) => `${key?.split("/")[1]}:${effect}`),
		[
			"not-ready:NoExecute",
			"unreachable:NoExecute",
			"disk-pressure:NoSchedule",
			"memory-pressure:NoSchedule",
			"pid-pressure:NoSchedule",
			"unschedulable:NoSchedule",
			"network-unavailable:NoSchedule",
		],
	);
});

test("nodes that do not suit it, and pods that may stay where no new one would come", (t) => {
	const blue = placement(daemonSet({}, { nodeSelector: { color: "blue" } }));
	t.deepEqual(blue(node("a", { color: "blue" })), { run: true, stay: true });
	t.deepEqual(blue(node("a", { color: "green" })), { run: false, stay: false });
	const named = placement(daemonSet({}, { nodeName: "b" }));
	t.deepEqual([named(node("a")).run, named(node("b")).run], [false, true]);
	const taint = (effect: string) => [{ key: "team", value: "x", effect }] as Taint[];
	const any = placement(daemonSet());
	t.deepEqual(any(node("a", {}, taint("NoSchedule"))), { run: false, stay: true });
	t.deepEqual(any(node("a", {}, taint("NoExecute"))), { run: false, stay: false });
	const cordoned = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] as Taint[];
	t.deepEqual(any(node("a", {}, cordoned)), { run: true, stay: true });
	const affine = placement(
		daemonSet(
			{},
			{
				affinity: {
					nodeAffinity: {
						requiredDuringSchedulingIgnoredDuringExecution: {
							nodeSelectorTerms: [{ matchExpressions: [{ key: "gpu", operator: "Exists" }] }],
						},
					},
				},
			},
		),
	);
	t.deepEqual([affine(node("a")).run, affine(node("b", { gpu: "1" })).run], [false, true]);
});

test("pods leave nodes that they do not belong to, and nodes that are gone", (t) => {
	const set = daemonSet({}, { nodeSelector: { color: "blue" } });
	const all = [node("a", { color: "blue" }), node("b")];
	t.deepEqual(onNodes(plan(set, [pod("a"), pod("b")], all).remove), ["b"]);
	t.deepEqual(onNodes(plan(daemonSet(), [pod("a"), pod("z", { bound: false }), pod("y")], all).remove), [
		"z",
	]);
});

test("of several pods on a node the oldest stays", (t) => {
	const [older, younger] = [pod("a", { age: 90 }), pod("a", { age: 10 })];
	t.deepEqual(plan(daemonSet(), [younger, older, pod("b"), pod("c")]).remove, [younger]);
	const [starting, ready] = [pod("a", { ready: false }), pod("a")];
	t.deepEqual(plan(daemonSet(), [starting, ready, pod("b"), pod("c")]).remove, [starting]);
});

test("a pod that ended is replaced, after a while when it keeps failing", (t) => {
	const failed = pod("a", { phase: "Failed", ready: false });
	const present = [failed, pod("b"), pod("c")];
	t.like(plan(daemonSet(), present), { remove: [failed], ended: [failed], create: [] });
	t.like(plan(daemonSet(), present, nodes, 4_000), { remove: [], ended: [], lookAgainIn: 4_000 });
	const going = pod("a", { phase: "Failed", ready: false, going: true });
	t.deepEqual(plan(daemonSet(), [going, pod("b"), pod("c")]).create, ["a"]);
});

test("failures in a row wait twice as long each, up to a quarter of an hour", (t) => {
	let now = NOW;
	const penalties = createPenalties({ now: () => now, after: () => () => {}, sleep: async () => {} });
	t.is(penalties.left("x"), 0);
	const waits = Array.from({ length: 12 }, () => {
		penalties.add("x");
		const wait = penalties.left("x");
		now += wait;
		return wait;
	});
	t.deepEqual(waits.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
	t.is(waits.at(-1), 900_000);
	now += 2_000_000;
	penalties.add("x");
	t.is(penalties.left("x"), 1_000);
});

test("a rollout takes pods as far as enough nodes stay served; broken ones at once", (t) => {
	const old = ["a", "b", "c"].map((name) => pod(name, { hash: "old" }));
	t.is(plan(daemonSet(rolling(1)), old).remove.length, 1);
	t.is(plan(daemonSet(rolling("50%")), old).remove.length, 2);
	t.is(plan(daemonSet({ updateStrategy: { type: "OnDelete" } }), old).remove.length, 0);
	t.is(plan(daemonSet(rolling(1)), [...old.slice(1), pod("a", { ready: false })]).remove.length, 0);
	const broken = pod("a", { hash: "bad", ready: false });
	t.deepEqual(plan(daemonSet(rolling(1)), [broken, ...old.slice(1)]).remove, [broken]);
	const waiting = plan(daemonSet({ ...rolling(1), minReadySeconds: 60 }), [
		...old.slice(1),
		pod("a", { age: 20 }),
	]);
	t.like(waiting, { remove: [], lookAgainIn: 40_000 });
});

test("with surge the new pod comes first and the old one goes when it serves", (t) => {
	const set = daemonSet(rolling(0, 1));
	const old = ["a", "b", "c"].map((name) => pod(name, { hash: "old" }));
	t.like(plan(set, old), { create: ["a"], remove: [] });
	t.like(plan(set, [...old, pod("a", { ready: false })]), { create: [], remove: [] });
	const next = plan(set, [...old, pod("a")]);
	t.like(next, { remove: [old[0]] });
	const broken = pod("b", { hash: "old", ready: false });
	t.deepEqual(plan(set, [pod("a"), broken, pod("c", { hash: "old" })]).create.toSorted(), ["b", "c"]);
});

test("what is counted", (t) => {
	const set = daemonSet({ minReadySeconds: 30 }, { nodeSelector: { color: "blue" } });
	const all = ["a", "b", "c", "d"].map((name) => node(name, { color: "blue" })).concat(node("e"));
	const present = [
		pod("a"),
		pod("b", { hash: "old", age: 5 }),
		pod("c", { ready: false }),
		pod("e", { age: 50 }),
	];
	const found = daemonSetStatus({ set, nodes: all, pods: present, hash: "new", now: NOW, collisions: 0 });
	t.deepEqual(found, {
		desiredNumberScheduled: 4,
		currentNumberScheduled: 3,
		numberMisscheduled: 1,
		numberReady: 2,
		updatedNumberScheduled: 2,
		numberAvailable: 1,
		numberUnavailable: 3,
		observedGeneration: 2,
	});
});

const anyState = fc.record({
	on: fc.constantFrom("a", "b", "c", "d", "gone"),
	hash: fc.constantFrom("old", "new"),
	ready: fc.boolean(),
	going: fc.boolean(),
	phase: fc.constantFrom<PodStatus["phase"]>("Running", "Running", "Pending", "Failed", "Succeeded"),
	age: fc.nat(100),
});
const anyStates = fc.uniqueArray(anyState, { selector: ({ on }) => on });
const anyStrategy = fc.oneof(
	fc.integer({ min: 1, max: 3 }).map((max) => rolling(max)),
	fc.integer({ min: 1, max: 3 }).map((max) => rolling(0, max)),
);

test("whatever there is, it ends with one new pod on each node, and no pod that serves is missed meanwhile", (t) => {
	const all = ["a", "b", "c", "d"].map((name) => node(name));
	fc.assert(
		fc.property(anyStrategy, anyStates, (strategy, states) => {
			const set = daemonSet(strategy);
			const allowed = Number(strategy.updateStrategy?.rollingUpdate?.maxUnavailable);
			let present = states.map(({ on, ...state }) => pod(on, state));
			for (let round = 0; ; round++) {
				t.true(round < 60, "it does not end");
				const before = served(present);
				const { create, remove } = plan(set, present, all);
				const left = present.filter((each) => !remove.includes(each));
				t.true(served(left) === before || served(left) >= all.length - allowed, "too many are taken");
				const isSettled = left.every((each) => !each.metadata.deletionTimestamp && isReady(each));
				if (create.length + remove.length === 0 && isSettled) break;
				present = left
					.filter(({ metadata }) => !metadata.deletionTimestamp)
					.filter((each) => nodeOf(each) !== "gone")
					.map(running);
				present = [...present, ...create.map((name) => pod(name, { ready: false }))];
			}
			t.deepEqual(onNodes(present.filter((each) => nodeOf(each) !== "gone")), ["a", "b", "c", "d"]);
			for (const each of present) {
				if (nodeOf(each) !== "gone") t.is(each.metadata.labels?.["controller-revision-hash"], "new");
			}
		}),
	);
});

const isReady = ({ status }: Pod) => status?.phase === "Running" && status.conditions?.[0]?.status === "True";

/** Nodes with a pod that runs and is ready. */
const served = (present: readonly Pod[]): number =>
	new Set(
		present
			.filter(({ metadata }) => !metadata.deletionTimestamp)
			.filter(isReady)
			.map(nodeOf)
			.filter((name) => name !== "gone"),
	).size;

function running(each: Pod): Pod {
	const { phase } = each.status ?? {};
	if (phase === "Failed" || phase === "Succeeded") return each;
	const hash = each.metadata.labels?.["controller-revision-hash"] ?? "";
	return { ...pod(nodeOf(each) ?? "", { hash }), metadata: each.metadata };
}
