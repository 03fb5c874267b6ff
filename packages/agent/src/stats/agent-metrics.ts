/** What the agent tells of its own work, under the names that a kubelet's dashboards use. Pure. */
import { LABEL, SANDBOX } from "../pods/labels.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { exposition } from "./exposition.ts";

export interface AgentFacts {
	readonly nodeName: string;
	readonly containers: readonly Pick<ContainerInfo, "labels" | "state">[];
	/** Pods evicted since the agent started, by signal. */
	readonly evictions: ReadonlyMap<string, number>;
}

export function agentMetrics({ nodeName, containers, evictions }: AgentFacts): string {
	const isSandbox = ({ labels }: AgentFacts["containers"][number]) => labels[LABEL.container] === SANDBOX;
	const running = containers.filter((each) => isSandbox(each) && each.state === "running");
	const byState = Map.groupBy(
		containers.filter((each) => !isSandbox(each)),
		({ state }) => state,
	);
	return exposition([
		{
			name: "kubelet_node_name",
			type: "gauge",
			help: "The node's name; always 1.",
			series: [{ labels: { node: nodeName }, value: 1 }],
		},
		{
			name: "kubelet_running_pods",
			type: "gauge",
			help: "Pods that have a running sandbox.",
			series: [{ value: running.length }],
		},
		{
			name: "kubelet_running_containers",
			type: "gauge",
			help: "Containers on the host, by state.",
			series: [...byState].map(([state, each]) => ({
				labels: { container_state: state },
				value: each.length,
			})),
		},
		{
			name: "kubelet_evictions",
			type: "counter",
			help: "Pods evicted for what the host ran short of.",
			series: [...evictions].map(([signal, count]) => ({
				labels: { eviction_signal: signal },
				value: count,
			})),
		},
	]);
}
