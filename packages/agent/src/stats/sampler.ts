/**
 * Looks at the host and its containers. It takes a look of its own every now and then, so that whoever asks gets rates
 * over the last seconds, however seldom they ask.
 */
import type { Clock, Logger } from "@berth/api";
import { LABEL, SANDBOX } from "../pods/labels.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { type CgroupPaths, cgroupPathsOf, type HostPaths } from "./cgroup-paths.ts";
import { readCpuTotal, readUsage } from "./cgroup-usage.ts";
import { readFileSystem, readHost } from "./host-usage.ts";
import { readInterfaces } from "./network-usage.ts";
import type { ContainerSample, CpuRate, HostSample, PodSample, Sample } from "./samples.ts";

export interface Sampler {
	/** Looks now. */
	sample(): Promise<Sample>;
	/** Keeps looking until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface SamplerOptions {
	readonly containers: () => readonly ContainerInfo[];
	/** Directory on the file system of volumes. */
	readonly dataDir: string;
	/** Directory on the file system of images; undefined until the engine has said it. */
	readonly imageDir: () => string | undefined;
	readonly host: HostPaths;
	readonly clock: Clock;
	readonly log: Logger;
}

const LOOK_EVERY = 15_000;
/** Milliseconds: shorter spans say nothing about a rate. */
const LEAST_SPAN = 1_000;

/** Nanoseconds of processor time by container id; "" is the host. */
interface Mark {
	readonly at: number;
	readonly cpu: ReadonlyMap<string, number>;
}

export function createSampler(options: SamplerOptions): Sampler {
	const { host, clock, log } = options;
	/** The newest first. */
	let marks: readonly Mark[] = [];
	const paths = new Map<
		string,
		{ readonly pid: number; readonly paths: CgroupPaths; readonly name: string }
	>();

	async function pathsOf({ id, pid }: ContainerInfo) {
		const known = paths.get(id);
		if (known?.pid === pid) return known;
		const found = await cgroupPathsOf(pid, host);
		const directory = found?.of("memory") ?? found?.of("cpu");
		if (!found || !directory) return undefined;
		const entry = {
			pid,
			paths: found,
			name: directory.slice(host.cgroup.length).replace(/^\/memory(?=\/)/, ""),
		};
		paths.set(id, entry);
		return entry;
	}

	const rateOf = (id: string, total: number, now: number): CpuRate | undefined => {
		const mark = marks.find(({ at }) => now - at >= LEAST_SPAN);
		const before = mark?.cpu.get(id);
		if (!mark || before === undefined || total < before) return undefined;
		const window = (now - mark.at) / 1000;
		return { nanoCores: Math.round((total - before) / window), window };
	};

	async function containerSample(info: ContainerInfo): Promise<ContainerSample | undefined> {
		const where = await pathsOf(info);
		const usage = where && readUsage(where.paths);
		if (!where || !usage) return undefined;
		const cpuRate = rateOf(info.id, usage.cpu.total, clock.now());
		return { info, name: info.labels[LABEL.container] ?? "", cgroup: where.name, usage, cpuRate };
	}

	async function podSample(infos: readonly ContainerInfo[]): Promise<PodSample[]> {
		const found = (await Promise.all(infos.map(containerSample))).filter((each) => each !== undefined);
		const sandbox = found.find(({ name }) => name === SANDBOX);
		const labels: ContainerInfo["labels"] = infos[0]?.labels ?? {};
		if (found.length === 0) return [];
		return [
			{
				namespace: labels[LABEL.namespace] ?? "",
				name: labels[LABEL.pod] ?? "",
				uid: labels[LABEL.uid] ?? "",
				startedAt: (sandbox ?? found[0])?.info.startedAt ?? 0,
				containers: found.filter((each) => each !== sandbox),
				sandbox,
				interfaces: sandbox && !sandbox.info.hostNetwork ? readInterfaces(sandbox.info.pid, host) : [],
			},
		];
	}

	async function hostSample(): Promise<HostSample> {
		const [usage, interfaces, files, images] = await Promise.all([
			readHost(host),
			readInterfaces(process.pid, host),
			readFileSystem(options.dataDir),
			readFileSystem(options.imageDir() ?? options.dataDir),
		]);
		const at = clock.now();
		return { at, usage, cpuRate: rateOf("", usage.cpu, at), interfaces, files, images };
	}

	function runningNow(): readonly ContainerInfo[] {
		const running = options.containers().filter(({ state }) => state === "running");
		const ids = new Set(running.map(({ id }) => id));
		for (const id of paths.keys()) if (!ids.has(id)) paths.delete(id);
		return running;
	}

	async function sample(): Promise<Sample> {
		const running = runningNow();
		const byPod = Map.groupBy(running, ({ labels }) => labels[LABEL.uid] ?? "");
		const [pods, whole] = await Promise.all([Promise.all([...byPod.values()].map(podSample)), hostSample()]);
		return { host: whole, pods: pods.flat() };
	}

	/** Only what rates are made of: nobody may ever ask for the rest. */
	async function mark(): Promise<void> {
		const { cpu: ofHost } = await readHost(host);
		const cpu = new Map([["", ofHost]]);
		for (const info of runningNow()) {
			const where = await pathsOf(info);
			const total = where && readCpuTotal(where.paths);
			if (total !== undefined) cpu.set(info.id, total);
		}
		marks = [{ at: clock.now(), cpu }, ...marks.slice(0, 1)];
	}

	return {
		sample,
		async run(signal) {
			while (!signal.aborted) {
				try {
					await mark();
				} catch (error) {
					log.debug({ error }, "cannot read what this host uses");
				}
				await clock.sleep(LOOK_EVERY, signal);
			}
		},
	};
}
