/**
 * `/metrics/resource`: processors and memory of the node, its pods and their containers, for metrics-server and the like.
 * Pure. Source: the kubelet's resource metrics endpoint (KEP-727).
 */
import { exposition, type Family, type Series } from "./exposition.ts";
import type { ContainerSample, Sample } from "./samples.ts";
import { sumOf } from "./summary.ts";

const NANO = 1e9;

export function resourceMetrics({ host, pods }: Sample): string {
	const { at } = host;
	const node = (name: string, type: Family["type"], help: string, value: number): Family => ({
		name,
		type,
		help,
		series: [{ value, at }],
	});
	const containers = pods.flatMap((pod) =>
		pod.containers.map((sample) => ({
			labels: { container: sample.name, namespace: pod.namespace, pod: pod.name },
			sample,
		})),
	);
	const each = (
		name: string,
		type: Family["type"],
		help: string,
		value: (sample: ContainerSample) => number,
	): Family => ({
		name,
		type,
		help,
		series: containers.map(({ labels, sample }): Series => ({ labels, value: value(sample), at })),
	});
	const whole = (
		name: string,
		type: Family["type"],
		help: string,
		value: (sum: ReturnType<typeof sumOf>) => number,
	): Family => ({
		name,
		type,
		help,
		series: pods.map(({ namespace, name: pod, containers, sandbox }) => ({
			labels: { namespace, pod },
			value: value(sumOf(sandbox ? [...containers, sandbox] : containers)),
			at,
		})),
	});
	return exposition([
		each(
			"container_cpu_usage_seconds_total",
			"counter",
			"Processor time of a container, in seconds.",
			({ usage }) => usage.cpu.total / NANO,
		),
		each(
			"container_memory_working_set_bytes",
			"gauge",
			"Working set of a container, in bytes.",
			({ usage }) => usage.memory.workingSet,
		),
		// Without a time of its own: a start time does not move.
		{
			name: "container_start_time_seconds",
			type: "gauge",
			help: "Start time of a container since the epoch, in seconds.",
			series: containers.map(({ labels, sample }) => ({ labels, value: sample.info.startedAt / 1000 })),
		},
		each(
			"container_swap_usage_bytes",
			"gauge",
			"Swap of a container, in bytes.",
			({ usage }) => usage.memory.swap,
		),
		node(
			"node_cpu_usage_seconds_total",
			"counter",
			"Processor time of the node, in seconds.",
			host.usage.cpu / NANO,
		),
		node(
			"node_memory_working_set_bytes",
			"gauge",
			"Working set of the node, in bytes.",
			host.usage.memory.workingSet,
		),
		node("node_swap_usage_bytes", "gauge", "Swap of the node, in bytes.", host.usage.memory.swap),
		whole(
			"pod_cpu_usage_seconds_total",
			"counter",
			"Processor time of a pod, in seconds.",
			({ cpu }) => cpu / NANO,
		),
		whole(
			"pod_memory_working_set_bytes",
			"gauge",
			"Working set of a pod, in bytes.",
			({ workingSet }) => workingSet,
		),
		whole("pod_swap_usage_bytes", "gauge", "Swap of a pod, in bytes.", ({ swap }) => swap),
		{
			name: "resource_scrape_error",
			type: "gauge",
			help: "1 if a sample could not be taken, else 0.",
			series: [{ value: 0 }],
		},
	]);
}
