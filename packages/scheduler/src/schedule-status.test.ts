/** What is told of nodes and pods in their status and names. */
import type { Affinity, Node, Pod } from "@berth/api";
import test from "ava";
import { type Cluster, createCluster } from "./cluster/cluster.ts";
import { podInfo } from "./cluster/pod-info.ts";
import { aNode, aPod, onNode, seeded } from "./objects.fixture.ts";
import { explain, schedule } from "./schedule.ts";

function clusterOf(nodes: readonly Node[]): Cluster {
	const cluster = createCluster();
	for (const node of nodes) cluster.setNode(node);
	return cluster;
}

/** The node's name, or the whole explanation. */
function outcome(cluster: Cluster, pod: Pod): string {
	const verdict = schedule(podInfo(pod), cluster, seeded(1));
	return verdict.node ?? explain(verdict);
}

test("images that are there already draw, the more so the more nodes have them", (t) => {
	const withImage = (name: string, sizeBytes: number): Node => {
		const node = aNode(name);
		const images = [{ names: ["registry/web:latest", "registry/web@sha256:1"], sizeBytes }];
		return { ...node, status: { ...node.status, images } };
	};
	const using = (image: string) => aPod("x", { spec: { containers: [{ name: "main", image }] } });
	const cluster = clusterOf([aNode("a"), withImage("b", 900 * 2 ** 20)]);
	t.is(outcome(cluster, using("registry/web")), "b");
	t.is(outcome(cluster, using("registry/web:latest")), "b");
	t.is(cluster.nodesWithImage("registry/web:latest"), 1);
	cluster.setNode(aNode("b"));
	t.is(cluster.nodesWithImage("registry/web:latest"), 0);
});

test("while a pod is resized the most of what it wants and has is set aside", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "4" })]);
	const held = (wanted: string, given: string, conditions: object[] = []): Pod => {
		const pod = onNode(aPod("p", { requests: { cpu: wanted } }), "a");
		const containerStatuses = [{ name: "main", allocatedResources: { cpu: given } }];
		return { ...pod, status: { ...pod.status, containerStatuses, conditions } } as unknown as Pod;
	};
	const used = (pod: Pod) => {
		cluster.place(pod);
		return cluster.node("a")?.used.cpu;
	};
	t.is(used(held("1", "1")), 1_000);
	t.is(used(held("2", "1")), 2_000, "growing");
	t.is(used(held("1", "3")), 3_000, "shrinking");
	t.is(used(held("8", "1", [{ type: "PodResizePending", status: "True", reason: "Infeasible" }])), 1_000);
	t.is(used(held("1", "1")), 1_000);
});

test("pods that name their nodes, as those of daemon sets do", (t) => {
	const cluster = clusterOf([aNode("a", { cpu: "1" }), aNode("b")]);
	const on = (...values: string[]): Affinity => ({
		nodeAffinity: {
			requiredDuringSchedulingIgnoredDuringExecution: {
				nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values }] }],
			},
		},
	});
	t.is(outcome(cluster, aPod("x", { spec: { affinity: on("b") } })), "b");
	t.is(
		outcome(cluster, aPod("x", { requests: { cpu: "2" }, spec: { affinity: on("a") } })),
		"0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].",
	);
});
