/**
 * Decisions a second on 500 nodes, against the least any scheduler must do: look at each node's free CPU and memory and
 * keep the best. Run twice, in an empty cluster and in one that holds 10,000 pods: the cost of a decision must not grow.
 */
import type { Node, Pod } from "@berth/api";
import { createCluster, podInfo, preempt, schedule } from "@berth/scheduler";
import { median, report } from "./report.ts";

const NODES = 500;
const PODS = 2_000;
const ROUNDS = 5;

const meta = (name: string, more: object = {}) => ({
	name,
	uid: name,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	...more,
});

const node = (index: number): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: meta(`n${index}`, {
		labels: { "kubernetes.io/hostname": `n${index}`, "topology.kubernetes.io/zone": `z${index % 3}` },
	}),
	spec: {},
	status: { allocatable: { cpu: "32", memory: "128Gi", pods: "110", "ephemeral-storage": "1Ti" } },
});

type Shape = "plain" | "spread over zones" | "apart from its like";

const extras: Record<Shape, (app: string) => Partial<Pod["spec"]>> = {
	plain: () => ({}),
	"spread over zones": (app) => ({
		topologySpreadConstraints: [
			{
				maxSkew: 1,
				topologyKey: "topology.kubernetes.io/zone",
				whenUnsatisfiable: "DoNotSchedule",
				labelSelector: { matchLabels: { app } },
			},
		],
	}),
	"apart from its like": (app) => ({
		affinity: {
			podAntiAffinity: {
				requiredDuringSchedulingIgnoredDuringExecution: [
					{ labelSelector: { matchLabels: { app } }, topologyKey: "kubernetes.io/hostname" },
				],
			},
		},
	}),
};

function pod(index: number, shape: Shape): Pod {
	const app = `app-${index % 100}`;
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: meta(`p${index}`, {
			namespace: "default",
			labels: { app },
			ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: app, uid: app, controller: true }],
		}),
		spec: {
			containers: [{ name: "main", image: "web", resources: { requests: { cpu: "100m", memory: "256Mi" } } }],
			...extras[shape](app),
		},
	};
}

/** Pods a second. `held` pods are placed before the clock starts. */
function measure(shape: Shape, held: number): number {
	const cluster = createCluster();
	for (let index = 0; index < NODES; index++) cluster.setNode(node(index));
	for (let index = 0; index < held; index++) {
		const filler = pod(1_000_000 + index, "plain");
		cluster.place({ ...filler, spec: { ...filler.spec, nodeName: `n${index % NODES}` } });
	}
	const pods = Array.from({ length: PODS }, (_, index) => pod(index, shape));
	const began = performance.now();
	for (const each of pods) {
		const info = podInfo(each);
		const verdict = schedule(info, cluster, Math.random);
		if (verdict.node === undefined) throw new Error("a pod found no node");
		cluster.assume(info, verdict.node);
	}
	return (PODS / (performance.now() - began)) * 1_000;
}

const FULL_HOSTS = 100;
const PODS_ON_EACH = 100;
const ATTEMPTS = 20;

/** Attempts a second to find whom a pod should displace, on hosts that are full; nobody may be when all are its equals. */
function measurePreemption(priority: number): number {
	const cluster = createCluster();
	const full = { cpu: "10", memory: "128Gi", pods: "110", "ephemeral-storage": "1Ti" };
	for (let index = 0; index < FULL_HOSTS; index++)
		cluster.setNode({ ...node(index), status: { allocatable: full } });
	for (let index = 0; index < FULL_HOSTS * PODS_ON_EACH; index++) {
		const filler = pod(index, "plain");
		cluster.place({ ...filler, spec: { ...filler.spec, nodeName: `n${index % FULL_HOSTS}` } });
	}
	const urgent = pod(1_000_000, "plain");
	const info = podInfo({ ...urgent, spec: { ...urgent.spec, priority } });
	const began = performance.now();
	for (let index = 0; index < ATTEMPTS; index++) {
		const refusal = schedule(info, cluster, Math.random);
		if (refusal.node !== undefined) throw new Error("there is room");
		const found = preempt({
			pod: info,
			refusal,
			snapshot: cluster,
			budgets: [],
			random: Math.random,
			now: 0,
		});
		if ((found.node === undefined) === priority > 0) throw new Error("unexpected preemption");
	}
	return (ATTEMPTS / (performance.now() - began)) * 1_000;
}

/** The same number of choices among bare numbers. */
function floor(): number {
	const nodes = Array.from({ length: NODES }, () => ({ cpu: 32_000, memory: 128 * 2 ** 30 }));
	const began = performance.now();
	for (let index = 0; index < PODS; index++) {
		let best: { cpu: number; memory: number } | undefined;
		for (const each of nodes) {
			if (each.cpu >= 100 && each.memory >= 2 ** 28 && (!best || each.cpu > best.cpu)) best = each;
		}
		if (!best) throw new Error("a pod found no node");
		best.cpu -= 100;
		best.memory -= 2 ** 28;
	}
	return (PODS / (performance.now() - began)) * 1_000;
}

const repeated = (run: () => number) => median(Array.from({ length: ROUNDS }, run));

const bare = repeated(floor);
for (const shape of Object.keys(extras) as Shape[]) {
	const empty = repeated(() => measure(shape, 0));
	const full = repeated(() => measure(shape, 10_000));
	report({ what: `decisions, ${shape}`, value: empty, unit: "/s", floor: bare, floorName: "a bare loop" });
	report({
		what: "  with 10,000 pods placed",
		value: full,
		unit: "/s",
		floor: empty,
		floorName: "the empty cluster",
	});
}
const vain = repeated(() => measurePreemption(0));
report({
	what: "room made on 100 full hosts",
	value: repeated(() => measurePreemption(10)),
	unit: "/s",
	floor: vain,
	floorName: "where nobody may be displaced",
});
