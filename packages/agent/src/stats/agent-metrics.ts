/** What the agent tells of its own work, under the names that a kubelet's dashboards use: `/metrics`. Times in seconds. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Purpose } from "../node/certificates/certificates.ts";
import { LABEL, SANDBOX } from "../pods/labels.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";
import type { Operation, OperationObserver } from "./timed-runtime.ts";

export interface AgentMetrics extends OperationObserver {
	/** A pod runs, so long after the agent first saw it and after it was made. */
	podStarted(sinceSeen: number, sinceCreated: number): void;
	/** A pod had to make way for a critical one that found too little of this resource. */
	preempted(resource: string): void;
	/** A certificate could not be renewed. */
	renewalFailed(purpose: Purpose): void;
}

export interface AgentFacts {
	readonly nodeName: string;
	readonly containers: () => readonly Pick<ContainerInfo, "labels" | "state">[];
	/** Pods evicted since the agent started, by signal. */
	readonly evictions: () => ReadonlyMap<string, number>;
}

/** From 5 ms to 12 minutes, each two and a half times the one before. */
const OPERATION_BUCKETS = Array.from({ length: 14 }, (_, index) => 0.005 * 2.5 ** index);
const START_BUCKETS = [
	...[0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300],
	...[360, 480, 600, 900, 1200, 1800, 2700, 3600],
];

export function createAgentMetrics(registry: Registry): AgentMetrics {
	const registers = [registry];
	const operation = { labelNames: ["operation_type"], registers } as const;
	const operations = new Counter({
		name: "kubelet_runtime_operations_total",
		help: "Calls to the container engine, by what they ask for.",
		...operation,
	});
	const durations = new Histogram({
		name: "kubelet_runtime_operations_duration_seconds",
		help: "Time that the container engine took to answer.",
		buckets: OPERATION_BUCKETS,
		...operation,
	});
	const errors = new Counter({
		name: "kubelet_runtime_operations_errors_total",
		help: "Calls to the container engine that failed.",
		...operation,
	});
	const starts = new Histogram({
		name: "kubelet_pod_start_duration_seconds",
		help: "Time from the agent's first sight of a pod until the pod ran.",
		buckets: START_BUCKETS,
		registers,
	});
	const totalStarts = new Histogram({
		name: "kubelet_pod_start_total_duration_seconds",
		help: "Time from a pod's creation until it ran, scheduling and pulls of images included.",
		buckets: START_BUCKETS,
		registers,
	});
	const preemptions = new Counter({
		name: "kubelet_preemptions",
		help: "Pods that had to make way for a critical one, by what that found too little of.",
		labelNames: ["preemption_signal"],
		registers,
	});
	const clientRenewals = new Counter({
		name: "kubelet_certificate_manager_client_expiration_renew_errors",
		help: "Renewals of the client certificate that failed.",
		registers,
	});
	const servingRenewals = new Counter({
		name: "kubelet_server_expiration_renew_errors",
		help: "Renewals of the serving certificate that failed.",
		registers,
	});
	return {
		operated(type: Operation, seconds, failed) {
			operations.inc({ operation_type: type });
			durations.observe({ operation_type: type }, seconds);
			if (failed) errors.inc({ operation_type: type });
		},
		podStarted(sinceSeen, sinceCreated) {
			starts.observe(sinceSeen);
			totalStarts.observe(sinceCreated);
		},
		renewalFailed: (purpose) => (purpose === "client" ? clientRenewals : servingRenewals).inc(),
		preempted: (resource) => preemptions.inc({ preemption_signal: resource }),
	};
}

/** Read whenever they are asked for. */
export function exposeAgentFacts(registry: Registry, { nodeName, containers, evictions }: AgentFacts): void {
	const registers = [registry];
	const isSandbox = ({ labels }: Pick<ContainerInfo, "labels">) => labels[LABEL.container] === SANDBOX;
	new Gauge({
		name: "kubelet_node_name",
		help: "The node's name; always 1.",
		labelNames: ["node"],
		registers,
	}).set({ node: nodeName }, 1);
	new Gauge({
		name: "kubelet_running_pods",
		help: "Pods that have a running sandbox.",
		registers,
		collect() {
			this.set(containers().filter((each) => isSandbox(each) && each.state === "running").length);
		},
	});
	new Gauge({
		name: "kubelet_running_containers",
		help: "Containers on the host, by state.",
		labelNames: ["container_state"],
		registers,
		collect() {
			this.reset();
			for (const each of containers()) if (!isSandbox(each)) this.inc({ container_state: each.state });
		},
	});
	new Counter({
		name: "kubelet_evictions",
		help: "Pods evicted for what the host ran short of.",
		labelNames: ["eviction_signal"],
		registers,
		collect() {
			this.reset();
			for (const [signal, count] of evictions()) this.inc({ eviction_signal: signal }, count);
		},
	});
}
