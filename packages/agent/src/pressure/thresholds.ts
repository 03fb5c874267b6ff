/** Signals of a host that runs short, and the thresholds set for them. Pure. Source: Node-pressure Eviction. */
import { parseGoDuration, quantityValue } from "@berth/api";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { HostSample } from "../stats/samples.ts";

export const SIGNALS = [
	"memory.available",
	"nodefs.available",
	"nodefs.inodesFree",
	"imagefs.available",
	"imagefs.inodesFree",
	"pid.available",
] as const;
export type Signal = (typeof SIGNALS)[number];

export interface Observation {
	/** Bytes, inodes or processes. */
	readonly available: number;
	readonly capacity: number;
}

export interface Threshold {
	readonly signal: Signal;
	/** As it was written, for messages: `100Mi`, `10%`. */
	readonly text: string;
	/** Of an amount, or a share of the capacity. */
	readonly value: { readonly amount: number } | { readonly share: number };
	/** Milliseconds that it may be crossed before pods go; 0 for a hard one. */
	readonly patience: number;
	readonly hard: boolean;
	/** What is freed beyond it once pods go. */
	readonly reclaim: { readonly amount: number } | { readonly share: number };
}

export function observe({ usage, files, images }: HostSample): ReadonlyMap<Signal, Observation> {
	const { memory, processes } = usage;
	return new Map<Signal, Observation>([
		["memory.available", { available: memory.total - memory.workingSet, capacity: memory.total }],
		["nodefs.available", { available: files.available, capacity: files.capacity }],
		["nodefs.inodesFree", { available: files.inodesFree, capacity: files.inodes }],
		["imagefs.available", { available: images.available, capacity: images.capacity }],
		["imagefs.inodesFree", { available: images.inodesFree, capacity: images.inodes }],
		["pid.available", { available: processes.most - processes.running, capacity: processes.most }],
	]);
}

/** Throws an Error that names what is wrong. */
export function thresholdsOf(configuration: KubeletConfiguration): readonly Threshold[] {
	const {
		evictionHard = {},
		evictionSoft = {},
		evictionSoftGracePeriod = {},
		evictionMinimumReclaim = {},
	} = configuration;
	const reclaimOf = (signal: string) =>
		amountOf(evictionMinimumReclaim[signal] ?? "0", `evictionMinimumReclaim.${signal}`);
	const hard = Object.entries(evictionHard).map(([name, text]) => {
		const signal = signalOf(name, "evictionHard");
		return {
			signal,
			text,
			value: amountOf(text, `evictionHard.${name}`),
			patience: 0,
			hard: true,
			reclaim: reclaimOf(name),
		};
	});
	const soft = Object.entries(evictionSoft).map(([name, text]) => {
		const signal = signalOf(name, "evictionSoft");
		const patience = evictionSoftGracePeriod[name];
		if (patience === undefined)
			throw new Error(
				`evictionSoftGracePeriod.${name}: a grace period must be given for each soft threshold`,
			);
		return {
			signal,
			text,
			value: amountOf(text, `evictionSoft.${name}`),
			patience: parseGoDuration(patience) / 1e6,
			hard: false,
			reclaim: reclaimOf(name),
		};
	});
	return [...hard, ...soft];
}

/** Whether so little is left; `more` is wanted beyond the threshold. A file system without inodes never runs out of them. */
export function isCrossed(
	{ value, reclaim }: Threshold,
	{ available, capacity }: Observation,
	more = false,
): boolean {
	if (capacity <= 0) return false;
	const of = (amount: Threshold["value"]) => ("amount" in amount ? amount.amount : amount.share * capacity);
	return available < of(value) + (more ? of(reclaim) : 0);
}

function signalOf(name: string, where: string): Signal {
	const found = SIGNALS.find((signal) => signal === name);
	if (!found) throw new Error(`${where}.${name}: unknown signal; known: ${SIGNALS.join(", ")}`);
	return found;
}

function amountOf(text: string, where: string): Threshold["value"] {
	try {
		const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
		if (share !== undefined && Number(share) <= 100) return { share: Number(share) / 100 };
		return { amount: quantityValue(text) };
	} catch {
		throw new Error(`${where}: ${JSON.stringify(text)} is neither a quantity nor a percentage`);
	}
}
