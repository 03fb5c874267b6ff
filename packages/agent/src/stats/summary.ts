/**
 * `/stats/summary` as the kubelet writes it: what `kubectl top` and others read. Pure.
 * Source: k8s.io/kubelet/pkg/apis/stats/v1alpha1.
 */
import { formatTime } from "@berth/api";
import type { CgroupUsage } from "./cgroup-usage.ts";
import type { DiskUsage } from "./disk-usage.ts";
import type { FileSystemUsage } from "./host-usage.ts";
import type { InterfaceUsage } from "./network-usage.ts";
import type { ContainerSample, CpuRate, PodSample, Sample } from "./samples.ts";

/** What pods take on disk; `undefined` when it was not measured. */
export interface PodDisk {
	/** By container name. */
	readonly containers: ReadonlyMap<string, { readonly layer: DiskUsage; readonly log: DiskUsage }>;
	/** Of emptyDir and other volumes on this host, by volume name. */
	readonly volumes: ReadonlyMap<string, DiskUsage>;
}

export interface SummaryOptions {
	readonly nodeName: string;
	readonly sample: Sample;
	/** By uid; absent when only processors and memory are asked for. */
	readonly disk?: ReadonlyMap<string, PodDisk> | undefined;
}

export function summaryOf({ nodeName, sample, disk }: SummaryOptions): object {
	const { host } = sample;
	const time = formatTime(host.at);
	const { cpu, memory, processes, startedAt } = host.usage;
	return {
		node: {
			nodeName,
			startTime: formatTime(startedAt),
			cpu: { time, ...rateOf(host.cpuRate), usageCoreNanoSeconds: cpu },
			memory: {
				time,
				availableBytes: Math.max(0, memory.total - memory.workingSet),
				usageBytes: memory.usage,
				workingSetBytes: memory.workingSet,
				rssBytes: memory.rss,
				pageFaults: memory.pageFaults,
				majorPageFaults: memory.majorPageFaults,
			},
			network: networkOf(host.interfaces, time),
			fs: fileSystemOf(host.files, time),
			runtime: { imageFs: fileSystemOf(host.images, time), containerFs: fileSystemOf(host.images, time) },
			rlimit: { time, maxpid: processes.most, curproc: processes.running },
			swap: { time, swapUsageBytes: memory.swap },
		},
		pods: sample.pods.map((pod) => podOf(pod, sample, time, disk?.get(pod.uid))),
	};
}

function podOf(pod: PodSample, { host }: Sample, time: string, disk: PodDisk | undefined): object {
	const all = pod.sandbox ? [...pod.containers, pod.sandbox] : pod.containers;
	const layers = [...(disk?.containers.values() ?? [])].flatMap(({ layer, log }) => [layer, log]);
	return {
		podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
		startTime: formatTime(pod.startedAt),
		containers: pod.containers.map((container) => ({
			name: container.name,
			startTime: formatTime(container.info.startedAt),
			...usageOf([container], time),
			...(disk && {
				rootfs: {
					...sharedFileSystem(host.images, time),
					...used(disk.containers.get(container.name)?.layer),
				},
				logs: { ...sharedFileSystem(host.images, time), ...used(disk.containers.get(container.name)?.log) },
			}),
		})),
		...usageOf(all, time),
		...(pod.interfaces.length ? { network: networkOf(pod.interfaces, time) } : {}),
		...(disk && {
			volume: [...disk.volumes].map(([name, usage]) => ({
				...sharedFileSystem(host.files, time),
				...used(usage),
				name,
			})),
			"ephemeral-storage": {
				...sharedFileSystem(host.files, time),
				...used(total([...layers, ...disk.volumes.values()])),
			},
		}),
		process_stats: { process_count: all.reduce((sum, { usage }) => sum + usage.processes, 0) },
	};
}

/** The sum of some containers. */
export function sumOf(samples: readonly ContainerSample[]) {
	const sum = (of: (usage: CgroupUsage) => number) =>
		samples.reduce((total, { usage }) => total + of(usage), 0);
	const rates = samples.flatMap(({ cpuRate }) => cpuRate ?? []);
	return {
		cpu: sum(({ cpu }) => cpu.total),
		cpuRate: rates[0] && {
			nanoCores: rates.reduce((total, { nanoCores }) => total + nanoCores, 0),
			window: rates[0].window,
		},
		memory: sum(({ memory }) => memory.usage),
		workingSet: sum(({ memory }) => memory.workingSet),
		rss: sum(({ memory }) => memory.rss),
		swap: sum(({ memory }) => memory.swap),
		limit: sum(({ memory }) => memory.limit),
		pageFaults: sum(({ memory }) => memory.pageFaults),
		majorPageFaults: sum(({ memory }) => memory.majorPageFaults),
	};
}

function usageOf(samples: readonly ContainerSample[], time: string): object {
	const sum = sumOf(samples);
	const limited = samples.every(({ usage }) => usage.memory.limit > 0);
	return {
		cpu: { time, ...rateOf(sum.cpuRate), usageCoreNanoSeconds: sum.cpu },
		memory: {
			time,
			...(limited ? { availableBytes: Math.max(0, sum.limit - sum.workingSet) } : {}),
			usageBytes: sum.memory,
			workingSetBytes: sum.workingSet,
			rssBytes: sum.rss,
			pageFaults: sum.pageFaults,
			majorPageFaults: sum.majorPageFaults,
		},
		swap: { time, swapUsageBytes: sum.swap },
	};
}

/** The window is Berth's own: whoever reports a rate onwards can say what it is of. */
const rateOf = (rate: CpuRate | undefined) =>
	rate ? { usageNanoCores: rate.nanoCores, usageWindowSeconds: rate.window } : {};

function networkOf(interfaces: readonly InterfaceUsage[], time: string): object {
	const each = interfaces.map(({ name, rxBytes, rxErrors, txBytes, txErrors }) => ({
		name,
		rxBytes,
		rxErrors,
		txBytes,
		txErrors,
	}));
	// The first one stands for the pod, or the host.
	return { time, ...(each.find(({ name }) => name === "eth0") ?? each[0]), interfaces: each };
}

const fileSystemOf = (usage: FileSystemUsage, time: string) => ({
	...sharedFileSystem(usage, time),
	usedBytes: usage.used,
	inodesUsed: usage.inodes - usage.inodesFree,
});

/** What is true of everything on this file system. */
const sharedFileSystem = ({ available, capacity, inodes, inodesFree }: FileSystemUsage, time: string) => ({
	time,
	availableBytes: available,
	capacityBytes: capacity,
	inodesFree,
	inodes,
});

const used = (usage: DiskUsage | undefined) => ({
	usedBytes: usage?.bytes ?? 0,
	inodesUsed: usage?.inodes ?? 0,
});

const total = (usages: readonly DiskUsage[]): DiskUsage => ({
	bytes: usages.reduce((sum, { bytes }) => sum + bytes, 0),
	inodes: usages.reduce((sum, { inodes }) => sum + inodes, 0),
});
