/** What this host and its pods use, in every form that is asked of an agent. */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock, Logger } from "@berth/api";
import type { ContainerInfo, Runtime, RuntimeInfo } from "../runtime/runtime.ts";
import { missingAs, type PodDirectories } from "../steps/pod-directory.ts";
import { cadvisorMetrics } from "./cadvisor-metrics.ts";
import { HOST_PATHS } from "./cgroup-paths.ts";
import { createContainerList } from "./container-list.ts";
import { createDiskMeter } from "./disk-usage.ts";
import { resourceMetrics } from "./resource-metrics.ts";
import { createSampler } from "./sampler.ts";
import type { PodSample, Sample } from "./samples.ts";
import { type PodDisk, summaryOf } from "./summary.ts";

export interface HostStats {
	/** The containers of this host's pods, as last told by the runtime. */
	containers(): readonly ContainerInfo[];
	sample(): Promise<Sample>;
	/** What a pod's containers and volumes take on this host's disk; up to a minute old. */
	diskOf(pod: PodSample): Promise<PodDisk>;
	/** `/stats/summary`; without disks when only processors and memory are asked for. */
	summary(options: { readonly onlyCpuAndMemory: boolean }): Promise<object>;
	/** `/metrics/resource` */
	resourceMetrics(): Promise<string>;
	/** `/metrics/cadvisor` */
	cadvisorMetrics(): Promise<string>;
	/** Runs until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface HostStatsOptions {
	readonly runtime: Runtime;
	readonly nodeName: string;
	readonly directories: PodDirectories;
	readonly dataDir: string;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1). */
	readonly random: () => number;
}

export function createHostStats(options: HostStatsOptions): HostStats {
	const { runtime, nodeName, directories, clock } = options;
	const containers = createContainerList(options);
	let engine: RuntimeInfo | undefined;
	const sampler = createSampler({
		...options,
		containers: () => containers.all(),
		imageDir: () => engine?.root,
		host: HOST_PATHS,
	});
	const meter = createDiskMeter({ clock });

	async function sample(): Promise<Sample> {
		// The engine does not move its directory while it runs.
		engine ??= await runtime.info().catch(() => undefined);
		return sampler.sample();
	}

	async function diskOf({ uid, containers }: PodSample): Promise<PodDisk> {
		const volumes = join(directories.of(uid), "volumes");
		const names = await missingAs(readdir(volumes), []);
		return {
			containers: new Map(
				await Promise.all(
					containers.map(async ({ name, info }) => [name, await containerDisk(info)] as const),
				),
			),
			volumes: new Map(
				await Promise.all(names.map(async (name) => [name, await meter.of(join(volumes, name))] as const)),
			),
		};
	}

	/** The log lies in a directory of the container's own, with its rotated parts. */
	async function containerDisk({ writableLayer, logPath }: ContainerInfo) {
		const nothing = { bytes: 0, inodes: 0 };
		return {
			layer: writableLayer ? await meter.of(writableLayer) : nothing,
			log: logPath ? await meter.of(dirname(logPath)) : nothing,
		};
	}

	return {
		containers: () => containers.all(),
		sample,
		diskOf,
		async summary({ onlyCpuAndMemory }) {
			const taken = await sample();
			if (onlyCpuAndMemory) return summaryOf({ nodeName, sample: taken });
			const disk = new Map(
				await Promise.all(taken.pods.map(async (pod) => [pod.uid, await diskOf(pod)] as const)),
			);
			return summaryOf({ nodeName, sample: taken, disk });
		},
		resourceMetrics: async () => resourceMetrics(await sample()),
		cadvisorMetrics: async () => {
			const taken = await sample();
			const { cpus = 0, memory = taken.host.usage.memory.total } = engine ?? {};
			return cadvisorMetrics(taken, { cpus, memory });
		},
		run: async (signal) => {
			await Promise.all([containers.run(signal), sampler.run(signal)]);
		},
	};
}
