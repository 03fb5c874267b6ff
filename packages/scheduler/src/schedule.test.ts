import type { Affinity, Node, Pod, TopologySpreadConstraint } from "@berth/api";
import test from "ava";
import { type Cluster, createCluster } from "./cluster/cluster.ts";
import { podInfo } from "./cluster/pod-info.ts";
import { aNamespace, aNode, aPod, onNode, seeded } from "./objects.fixture.ts";
import { explain, schedule } from "./schedule.ts";

function clusterOf(nodes: readonly Node[], pods: readonly Pod[] = []): Cluster {
	const cluster = createCluster();
	for (const node of nodes) cluster.setNode(node);
	for (const pod of pods) cluster.place(pod);
	return cluster;
}

/** The node's name, or the whole explanation. */
function outcome(cluster: Cluster, pod: Pod): string {
	const verdict = schedule(podInfo(pod), cluster, seeded(1));
	return verdict.node ?? explain(verdict);
}

/** Schedules one after the other, each placed before the next; pods by node. */
function spreadOf(cluster: Cluster, pods: readonly Pod[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const pod of pods) {
		const node = outcome(cluster, pod);
		cluster.place(onNode(pod, node));
		counts[node] = (counts[node] ?? 0) + 1;
	}
	return counts;
}

const many = (count: number, make: (name: string) => Pod) =>
	Array.from({ length: count }, (_, index) => make(`pod-${index}`));

const near = (labels: Record<string, string>, topologyKey = "kubernetes.io/hostname"): Affinity => ({
	podAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey }],
	},
});

const far = (labels: Record<string, string>, topologyKey = "kubernetes.io/hostname"): Affinity => ({
	podAntiAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey }],
	},
});

test("a cluster without nodes", (t) => {
	t.is(outcome(clusterOf([]), aPod("x")), "no nodes available to schedule pods");
});

test("every reason is counted, in order", (t) => {
	const cluster = clusterOf([
		aNode("full", { cpu: "1" }),
		aNode("small", { cpu: "500m", memory: "1Mi" }),
		aNode("cordoned", { spec: { unschedulable: true } }),
		aNode("lost", { spec: { taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoSchedule" }] } }),
		aNode("gone", { spec: { taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }] } }),
	]);
	t.is(
		outcome(cluster, aPod("x", { requests: { cpu: "2", memory: "1Gi", "example.com/gpu": "1" } })),
		"0/5 nodes are available: 1 Insufficient memory, 1 node(s) were unschedulable, 2 Insufficient cpu, " +
			"2 Insufficient example.com/gpu, 2 node(s) had untolerated taint(s).",
	);
});

test("resources: what is placed counts, to the last milli and the last pod", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "1", pods: "3", more: { "example.com/gpu": "2" } })]);
	cluster.place(onNode(aPod("p", { requests: { cpu: "600m", "example.com/gpu": "1" } }), "a"));
	t.is(outcome(cluster, aPod("x", { requests: { cpu: "400m" } })), "a");
	t.is(
		outcome(cluster, aPod("x", { requests: { cpu: "401m" } })),
		"0/1 nodes are available: 1 Insufficient cpu.",
	);
	t.is(outcome(cluster, aPod("x", { requests: { "example.com/gpu": "1" } })), "a");
	t.is(
		outcome(cluster, aPod("x", { requests: { "ephemeral-storage": "101Gi" } })),
		"0/1 nodes are available: 1 Insufficient ephemeral-storage.",
	);
	cluster.place(onNode(aPod("q"), "a"));
	cluster.place(onNode(aPod("r"), "a"));
	t.is(outcome(cluster, aPod("x")), "0/1 nodes are available: 1 Too many pods.");
	cluster.remove("default/q");
	t.is(outcome(cluster, aPod("x")), "a");
});

test("a pod that asks for nothing fits where too much is promised already", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "1" })], [onNode(aPod("p", { requests: { cpu: "3" } }), "a")]);
	t.is(outcome(cluster, aPod("x")), "a");
});

test("an assumed pod counts at once, a forgotten one no more, a shown one once", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "1" })]);
	const pod = aPod("p", { requests: { cpu: "1" } });
	const info = podInfo(pod);
	const next = aPod("x", { requests: { cpu: "1" } });
	cluster.assume(info, "a");
	t.regex(outcome(cluster, next), /Insufficient cpu/);
	cluster.forget(info);
	t.is(outcome(cluster, next), "a");
	cluster.assume(info, "a");
	cluster.place(onNode(pod, "a"));
	cluster.forget(info);
	t.is(cluster.node("a")?.used.cpu, 1_000, "what the server shows is not forgotten");
	cluster.remove("default/p");
	t.is(cluster.node("a")?.used.cpu, 0);
});

test("node selector, required affinity by label and by name", (t) => {
	const cluster = clusterOf([aNode("a", { labels: { disk: "ssd", cores: "8" } }), aNode("b")]);
	const refused = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.";
	t.is(outcome(cluster, aPod("x", { spec: { nodeSelector: { disk: "ssd" } } })), "a");
	t.is(outcome(cluster, aPod("x", { spec: { nodeSelector: { disk: "hdd" } } })), refused);
	t.is(outcome(cluster, aPod("x", { spec: { nodeSelector: { constructor: "x" } } })), refused);
	const required = (term: object) =>
		aPod("x", {
			spec: {
				affinity: {
					nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
				},
			},
		});
	t.is(
		outcome(cluster, required({ matchExpressions: [{ key: "cores", operator: "Gt", values: ["7"] }] })),
		"a",
	);
	t.is(outcome(cluster, required({ matchExpressions: [{ key: "disk", operator: "DoesNotExist" }] })), "b");
	t.is(
		outcome(cluster, required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["b"] }] })),
		"b",
	);
	t.is(outcome(cluster, required({})), refused);
});

test("preferred node affinity decides between nodes that both fit", (t) => {
	const cluster = clusterOf([aNode("a"), aNode("b", { labels: { zone: "1" } }), aNode("c")]);
	const pod = aPod("x", {
		spec: {
			affinity: {
				nodeAffinity: {
					preferredDuringSchedulingIgnoredDuringExecution: [
						{ weight: 1, preference: { matchExpressions: [{ key: "zone", operator: "Exists" }] } },
					],
				},
			},
		},
	});
	t.is(outcome(cluster, pod), "b");
});

test("taints and tolerations", (t) => {
	const tainted = (effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule", value?: string) =>
		aNode("a", { spec: { taints: [{ key: "team", effect, ...(value && { value }) }] } });
	const tolerating = (toleration: object) => aPod("x", { spec: { tolerations: [toleration] } });
	const refused = "0/1 nodes are available: 1 node(s) had untolerated taint(s).";
	const cluster = clusterOf([tainted("NoSchedule", "blue")]);
	t.is(outcome(cluster, aPod("x")), refused);
	t.is(outcome(cluster, tolerating({ key: "team", operator: "Exists" })), "a");
	t.is(outcome(cluster, tolerating({ operator: "Exists" })), "a");
	t.is(outcome(cluster, tolerating({ key: "team", value: "blue" })), "a");
	t.is(outcome(cluster, tolerating({ key: "team", value: "red" })), refused);
	t.is(outcome(cluster, tolerating({ key: "team", operator: "Exists", effect: "NoExecute" })), refused);
	const choice = clusterOf([tainted("PreferNoSchedule"), aNode("b", { cpu: "1" })]);
	t.is(outcome(choice, aPod("x")), "b");
});

test("a cordoned node takes those who tolerate a cordon", (t) => {
	const cluster = clusterOf([aNode("a", { spec: { unschedulable: true } })]);
	t.is(outcome(cluster, aPod("x")), "0/1 nodes are available: 1 node(s) were unschedulable.");
	const tolerations = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" as const }];
	t.is(outcome(cluster, aPod("x", { spec: { tolerations } })), "a");
});

test("host ports", (t) => {
	const cluster = clusterOf([aNode("a")], [onNode(aPod("p", { hostPort: 80 }), "a")]);
	const ports = (extra: object) =>
		aPod("x", { spec: { containers: [{ name: "m", ports: [{ containerPort: 1, ...extra }] }] } });
	const refused = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
	t.is(outcome(cluster, ports({ hostPort: 80 })), refused);
	t.is(outcome(cluster, ports({ hostPort: 80, hostIP: "192.0.2.1" })), refused);
	t.is(outcome(cluster, ports({ hostPort: 80, protocol: "UDP" })), "a");
	t.is(outcome(cluster, ports({ hostPort: 81 })), "a");
	cluster.remove("default/p");
	t.is(outcome(cluster, ports({ hostPort: 80 })), "a");
});

test("pods of one owner are spread evenly over hosts", (t) => {
	const nodes = [aNode("a"), aNode("b", { cpu: "8", memory: "16Gi" }), aNode("c")];
	const pods = many(6, (name) => aPod(name, { owner: "web" }));
	t.deepEqual(spreadOf(clusterOf(nodes), pods), { a: 2, b: 2, c: 2 });
});

test("pods with requests go where there is room", (t) => {
	const nodes = [aNode("big", { cpu: "8", memory: "8Gi" }), aNode("small", { cpu: "2", memory: "2Gi" })];
	const pods = many(5, (name) => aPod(name, { requests: { cpu: "1", memory: "1Gi" } }));
	t.deepEqual(spreadOf(clusterOf(nodes), pods), { big: 4, small: 1 });
});

test("required affinity: the first of its kind anywhere, the others with it", (t) => {
	const cluster = clusterOf([aNode("a"), aNode("b"), aNode("c")]);
	const pods = many(4, (name) =>
		aPod(name, { labels: { app: "x" }, spec: { affinity: near({ app: "x" }) } }),
	);
	t.is(Object.keys(spreadOf(cluster, pods)).length, 1);
	t.is(
		outcome(cluster, aPod("y", { spec: { affinity: near({ app: "none" }) } })),
		"0/3 nodes are available: 3 node(s) didn't match pod affinity rules.",
	);
	t.regex(
		outcome(cluster, aPod("z", { namespace: "other", spec: { affinity: near({ app: "x" }) } })),
		/affinity rules/,
	);
});

test("required anti-affinity holds for the newcomer and for those who were there", (t) => {
	const cluster = clusterOf([aNode("a"), aNode("b")]);
	const pods = many(2, (name) => aPod(name, { labels: { app: "x" }, spec: { affinity: far({ app: "x" }) } }));
	t.deepEqual(spreadOf(cluster, pods), { a: 1, b: 1 });
	t.is(
		outcome(cluster, aPod("y", { labels: { app: "x" }, spec: { affinity: far({ app: "x" }) } })),
		"0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
	);
	t.is(
		outcome(cluster, aPod("z", { labels: { app: "x" } })),
		"0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules.",
	);
	cluster.remove("default/pod-0");
	t.not(outcome(cluster, aPod("z", { labels: { app: "x" } })), "");
});

test("affinity by the labels of namespaces", (t) => {
	const cluster = clusterOf(
		[aNode("a"), aNode("b")],
		[onNode(aPod("p", { namespace: "prod", labels: { app: "x" } }), "b")],
	);
	cluster.setNamespace(aNamespace("prod", { env: "prod" }));
	const wish = (namespaceSelector: object) =>
		aPod("y", {
			spec: {
				affinity: {
					podAffinity: {
						requiredDuringSchedulingIgnoredDuringExecution: [
							{
								labelSelector: { matchLabels: { app: "x" } },
								namespaceSelector,
								topologyKey: "kubernetes.io/hostname",
							},
						],
					},
				},
			},
		});
	t.is(outcome(cluster, wish({ matchLabels: { env: "prod" } })), "b");
	t.is(outcome(cluster, wish({})), "b");
	t.regex(outcome(cluster, wish({ matchLabels: { env: "test" } })), /didn't match pod affinity rules/);
});

test("preferred affinity draws near, and is felt by those who come later", (t) => {
	const preferred = (labels: Record<string, string>) => [
		{
			weight: 100,
			podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" },
		},
	];
	const fan = aPod("fan", {
		spec: {
			affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred({ app: "x" }) } },
		},
	});
	const shy = aPod("shy", {
		spec: {
			affinity: {
				podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred({ app: "x" }) },
			},
		},
	});
	const star = aPod("star", { labels: { app: "x" } });
	const nodes = [aNode("a"), aNode("b")];
	t.is(outcome(clusterOf(nodes, [onNode(star, "b")]), fan), "b");
	t.is(outcome(clusterOf(nodes, [onNode(star, "b")]), shy), "a");
	t.is(outcome(clusterOf(nodes, [onNode(fan, "b")]), star), "b");
	t.is(outcome(clusterOf(nodes, [onNode(shy, "b")]), star), "a");
});

const constraint = (more: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
	maxSkew: 1,
	topologyKey: "zone",
	whenUnsatisfiable: "DoNotSchedule",
	labelSelector: { matchLabels: { app: "x" } },
	...more,
});

test("spread constraints: never more than the skew apart; nodes without the label are out", (t) => {
	const nodes = [
		aNode("a1", { labels: { zone: "a" } }),
		aNode("a2", { labels: { zone: "a" } }),
		aNode("b1", { labels: { zone: "b" }, pods: "2" }),
		aNode("c"),
	];
	const cluster = clusterOf(nodes);
	const pod = (name: string) =>
		aPod(name, { labels: { app: "x" }, spec: { topologySpreadConstraints: [constraint()] } });
	const counts = spreadOf(cluster, many(5, pod));
	t.is(counts.b1, 2);
	t.is((counts.a1 ?? 0) + (counts.a2 ?? 0), 3);
	t.is(
		outcome(cluster, pod("x")),
		"0/4 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints " +
			"(missing required label), 2 node(s) didn't match pod topology spread constraints.",
	);
});

test("spread constraints: domains are what the pod could use", (t) => {
	const nodes = [
		aNode("a", { labels: { zone: "a", pool: "x" } }),
		aNode("b", { labels: { zone: "b" } }),
		aNode("c", { labels: { zone: "c", pool: "x" }, spec: { taints: [{ key: "t", effect: "NoSchedule" }] } }),
	];
	const placed = onNode(aPod("p", { labels: { app: "x" } }), "a");
	const pod = (more: Partial<TopologySpreadConstraint>) =>
		aPod("y", {
			labels: { app: "x" },
			spec: { nodeSelector: { pool: "x" }, topologySpreadConstraints: [constraint(more)] },
		});
	const cluster = clusterOf(nodes, [placed]);
	t.regex(outcome(cluster, pod({})), /1 node\(s\) didn't match pod topology spread constraints/);
	t.is(
		outcome(cluster, pod({ nodeTaintsPolicy: "Honor" })),
		"a",
		"zone c cannot be used, b is not asked for",
	);
	t.regex(
		outcome(cluster, pod({ nodeTaintsPolicy: "Honor", nodeAffinityPolicy: "Ignore" })),
		/spread constraints/,
	);
	t.regex(outcome(cluster, pod({ nodeTaintsPolicy: "Honor", minDomains: 2 })), /spread constraints/);
});

test("spread constraints that only prefer, and keys whose value must match", (t) => {
	const nodes = [aNode("a", { labels: { zone: "a" } }), aNode("b", { labels: { zone: "b" } })];
	const soft = constraint({ whenUnsatisfiable: "ScheduleAnyway" });
	const pods = many(4, (name) =>
		aPod(name, { labels: { app: "x" }, spec: { topologySpreadConstraints: [soft] } }),
	);
	t.deepEqual(spreadOf(clusterOf(nodes), pods), { a: 2, b: 2 });

	const perRevision = constraint({ matchLabelKeys: ["revision"] });
	const old = many(2, (name) => onNode(aPod(`old-${name}`, { labels: { app: "x", revision: "1" } }), "a"));
	const pod = aPod("new", {
		labels: { app: "x", revision: "2" },
		spec: { topologySpreadConstraints: [perRevision] },
	});
	t.not(schedule(podInfo(pod), clusterOf(nodes, old), () => 0).node, undefined);
	t.is(
		schedule(podInfo(pod), clusterOf(nodes, old), () => 0).node,
		"b",
		"for its room, not for the old revision",
	);
});

test("a pod that is going counts no more where pods are spread, but still as company and for its room", (t) => {
	const going = aPod("p", {
		labels: { app: "x" },
		requests: { cpu: "1" },
		meta: { deletionTimestamp: "2026-01-01T00:00:00Z" },
	});
	const nodes = [aNode("a", { cpu: "1", labels: { zone: "a" } }), aNode("b", { cpu: "2" })];
	const cluster = clusterOf(nodes, [onNode(going, "a")]);
	const spread = { topologySpreadConstraints: [constraint()] };
	t.is(outcome(cluster, aPod("y", { labels: { app: "x" }, spec: spread })), "a");
	t.is(outcome(cluster, aPod("y", { spec: { affinity: near({ app: "x" }) } })), "a");
	t.is(outcome(cluster, aPod("y", { requests: { cpu: "1" } })), "b");
});

test("nodes that come, change and go", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "1" })]);
	const pod = aPod("x", { requests: { cpu: "2" } });
	t.regex(outcome(cluster, pod), /Insufficient/);
	cluster.setNode(aNode("a", { cpu: "2" }));
	t.is(outcome(cluster, pod), "a");
	cluster.place(onNode(aPod("p", { requests: { cpu: "1" } }), "a"));
	cluster.removeNode("a");
	t.is(outcome(cluster, pod), "no nodes available to schedule pods");
	cluster.setNode(aNode("a", { cpu: "2" }));
	t.regex(outcome(cluster, pod), /Insufficient/, "what was placed there is still there");
});

test("a node that reports nonsense gets nothing, and no other suffers", (t) => {
	const cluster = clusterOf([aNode("odd", { cpu: "many" }), aNode("a")]);
	t.is(outcome(cluster, aPod("x", { requests: { cpu: "1" } })), "a");
});
