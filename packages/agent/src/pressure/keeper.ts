/**
 * Keeps the host from running out of memory, disk or processes: tells the node's conditions, throws unused images away,
 * and then evicts pods, one at a time, until there is enough again.
 */
import { type Clock, type Logger, type Pod, parseGoDuration } from "@berth/api";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { HostStats } from "../stats/host-stats.ts";
import type { PodSample, Sample } from "../stats/samples.ts";
import { assess, CALM, PRESSURES, type Pressure, type PressureState } from "./assess.ts";
import { type Excess, overLimit, shortageMessage } from "./messages.ts";
import { type Candidate, isCritical, rank } from "./rank.ts";
import { observe, type Signal, type Threshold, thresholdsOf } from "./thresholds.ts";

export interface PressureKeeper {
	/** As last seen. */
	readonly conditions: ReadonlySet<Pressure>;
	run(signal: AbortSignal): Promise<void>;
}

export interface Eviction {
	/** What it is counted under. */
	readonly signal: Signal | Excess["signal"];
	readonly message: string;
	/** Seconds; absent: the pod's own. */
	readonly grace?: number | undefined;
}

export interface PressureOptions {
	readonly configuration: KubeletConfiguration;
	readonly stats: HostStats;
	/** Pods that run on this host. */
	readonly pods: () => readonly Pod[];
	/** Ends a pod as Failed; it does not come back. Resolves when nothing of it runs. */
	readonly evict: (pod: Pod, eviction: Eviction) => Promise<void>;
	/** Throws away what nobody uses; answers the bytes that this freed. */
	readonly reclaimImages: () => Promise<number>;
	/** The conditions have changed. */
	readonly changed: () => void;
	readonly clock: Clock;
	readonly log: Logger;
}

const LOOK_EVERY = 10_000;
/** After an eviction, until its effect can be seen. */
const LOOK_AGAIN = 2_000;
/** How long the end of one pod is waited for before another has to go. */
const PATIENCE = 30_000;
/** Seconds between the signal and the kill for a hard threshold: there is no time. */
const HARD_GRACE = 1;

export function createPressureKeeper(options: PressureOptions): PressureKeeper {
	const { configuration, stats, clock, log } = options;
	const thresholds = thresholdsOf(configuration);
	const transition = parseGoDuration(configuration.evictionPressureTransitionPeriod ?? "0s") / 1e6;
	let state: PressureState = CALM;
	let conditions: ReadonlySet<Pressure> = new Set();

	const look = (sample: Sample) =>
		assess({ thresholds, observations: observe(sample.host), before: state, now: clock.now(), transition });

	/** Answers whether a pod was told to go. */
	async function turn(signal: AbortSignal): Promise<boolean> {
		let sample = await stats.sample();
		if (await enforceLimits(sample, signal)) return true;
		let found = look(sample);
		state = found.state;
		if (PRESSURES.some((pressure) => found.conditions.has(pressure) !== conditions.has(pressure))) {
			({ conditions } = found);
			options.changed();
		}
		if (!found.relieve) return false;
		if (found.relieve.signal.includes("fs.") && (await options.reclaimImages()) > 0) {
			sample = await stats.sample();
			found = look(sample);
			state = found.state;
			if (!found.relieve) return false;
		}
		return relieve(found.relieve, sample, signal);
	}

	/** Pods over limits of their own go, however much the host has left. */
	async function enforceLimits(sample: Sample, stop: AbortSignal): Promise<boolean> {
		const ends: Promise<void>[] = [];
		for (const pod of options.pods().filter((each) => isLimited(each) && !isCritical(each))) {
			const used = sample.pods.find(({ uid }) => uid === pod.metadata.uid);
			const excess = used && overLimit(pod, await stats.diskOf(used));
			if (!excess) continue;
			log.warn({ pod: pod.metadata.name, ...excess }, "evicting a pod");
			ends.push(options.evict(pod, { ...excess, grace: HARD_GRACE }));
		}
		await waitFor(ends, stop);
		return ends.length > 0;
	}

	async function waitFor(ends: readonly Promise<void>[], stop: AbortSignal): Promise<void> {
		if (ends.length === 0) return;
		const over = new AbortController();
		await Promise.race([Promise.all(ends), clock.sleep(PATIENCE, AbortSignal.any([stop, over.signal]))]);
		over.abort();
	}

	async function relieve(threshold: Threshold, sample: Sample, stop: AbortSignal): Promise<boolean> {
		const { signal } = threshold;
		const candidates = await Promise.all(options.pods().map((pod) => candidateOf(pod, sample, threshold)));
		const [first] = rank(signal, candidates);
		const observation = observe(sample.host).get(signal);
		if (!first || !observation) {
			log.warn({ signal }, "the host runs short, and no pod may be evicted");
			return false;
		}
		const { pod } = first;
		const used = sample.pods.find(({ uid }) => uid === pod.metadata.uid);
		const grace = threshold.hard ? HARD_GRACE : configuration.evictionMaxPodGracePeriod;
		log.warn({ pod: pod.metadata.name, signal, ...observation }, "evicting a pod");
		const message = shortageMessage(threshold, observation, pod, used);
		await waitFor([options.evict(pod, { signal, message, grace })], stop);
		return true;
	}

	async function candidateOf(pod: Pod, sample: Sample, { signal }: Threshold): Promise<Candidate> {
		const used = sample.pods.find(({ uid }) => uid === pod.metadata.uid);
		const disk = used && signal.includes("fs.") ? await diskOf(used) : { disk: 0, inodes: 0 };
		const sum = (of: (container: PodSample["containers"][number]) => number) =>
			(used?.containers ?? []).reduce((total, container) => total + of(container), 0);
		return {
			pod,
			usage: {
				...disk,
				memory: sum(({ usage }) => usage.memory.workingSet),
				processes: sum(({ usage }) => usage.processes),
			},
		};
	}

	async function diskOf(used: PodSample) {
		const { containers, volumes } = await stats.diskOf(used);
		const all = [...[...containers.values()].flatMap(({ layer, log }) => [layer, log]), ...volumes.values()];
		return {
			disk: all.reduce((sum, { bytes }) => sum + bytes, 0),
			inodes: all.reduce((sum, { inodes }) => sum + inodes, 0),
		};
	}

	return {
		get conditions() {
			return conditions;
		},
		async run(signal) {
			while (!signal.aborted) {
				let evicted = false;
				try {
					evicted = await turn(signal);
				} catch (error) {
					log.warn({ error }, "cannot see whether this host runs short");
				}
				await clock.sleep(evicted ? LOOK_AGAIN : LOOK_EVERY, signal);
			}
		},
	};
}

/** Measuring directories costs: only pods that have limits on disk are looked at. */
const isLimited = ({ spec }: Pod): boolean =>
	(spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit && emptyDir.medium !== "Memory") ||
	spec.containers.some(({ resources }) => resources?.limits?.["ephemeral-storage"] !== undefined);
