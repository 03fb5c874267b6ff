/** Why a pod was evicted, in the words that people search for. Pure. */
import { formatQuantity, type Pod, quantityValue } from "@berth/api";
import type { PodSample } from "../stats/samples.ts";
import type { PodDisk } from "../stats/summary.ts";
import type { Observation, Signal, Threshold } from "./thresholds.ts";

const NANO = 1_000_000_000n;
const bytesText = (bytes: number) =>
	formatQuantity(BigInt(Math.max(0, Math.round(bytes))) * NANO, "BinarySI");

const RESOURCES: Readonly<Record<Signal, string>> = {
	"memory.available": "memory",
	"nodefs.available": "ephemeral-storage",
	"imagefs.available": "ephemeral-storage",
	"nodefs.inodesFree": "inodes",
	"imagefs.inodesFree": "inodes",
	"pid.available": "pids",
};

/** `The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. Container …` */
export function shortageMessage(
	threshold: Threshold,
	{ available, capacity }: Observation,
	pod: Pod,
	sample: PodSample | undefined,
): string {
	const { signal, value } = threshold;
	const resource = RESOURCES[signal];
	const amount = "amount" in value ? value.amount : value.share * capacity;
	const isBytes = signal.endsWith(".available") && signal !== "pid.available";
	const text = (number: number) => (isBytes ? bytesText(number) : `${Math.round(number)}`);
	const head = `The node was low on resource: ${resource}. Threshold quantity: ${text(amount)}, available: ${text(available)}. `;
	if (resource !== "memory") return head;
	const guilty = (sample?.containers ?? []).flatMap(({ name, usage }) => {
		const request =
			pod.spec.containers.find((container) => container.name === name)?.resources?.requests?.memory ?? "0";
		const used = usage.memory.workingSet;
		if (used <= quantityValue(request)) return [];
		return `Container ${name} was using ${bytesText(used)}, request is ${request}, has larger consumption of memory. `;
	});
	return head + guilty.join("");
}

export interface Excess {
	/** What evictions of this sort are counted under. */
	readonly signal: "emptydirfs.limit" | "ephemeralpodfs.limit" | "ephemeralcontainerfs.limit";
	readonly message: string;
}

/** The first local limit that a pod is over; undefined when it keeps to all of them. */
export function overLimit({ spec }: Pod, disk: PodDisk): Excess | undefined {
	for (const { name, emptyDir } of spec.volumes ?? []) {
		const limit = emptyDir?.sizeLimit;
		// A zero is no limit, and memory is limited by its mount.
		if (!limit || emptyDir.medium === "Memory" || quantityValue(limit) === 0) continue;
		if ((disk.volumes.get(name)?.bytes ?? 0) > quantityValue(limit)) {
			const message = `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `;
			return { signal: "emptydirfs.limit", message };
		}
	}
	const limits = spec.containers.map(({ name, resources }) => ({
		name,
		limit: resources?.limits?.["ephemeral-storage"],
	}));
	const ofContainer = (name: string) => {
		const { layer, log } = disk.containers.get(name) ?? {};
		return (layer?.bytes ?? 0) + (log?.bytes ?? 0);
	};
	const total = limits.reduce((sum, { limit }) => sum + quantityValue(limit ?? "0"), 0);
	const volumes = (spec.volumes ?? [])
		.filter(({ emptyDir }) => emptyDir && emptyDir.medium !== "Memory")
		.reduce((sum, { name }) => sum + (disk.volumes.get(name)?.bytes ?? 0), 0);
	const used = limits.reduce((sum, { name }) => sum + ofContainer(name), volumes);
	if (limits.length > 0 && limits.every(({ limit }) => limit !== undefined) && used > total) {
		const message = `Pod ephemeral local storage usage exceeds the total limit of containers ${bytesText(total)}. `;
		return { signal: "ephemeralpodfs.limit", message };
	}
	const over = limits.find(
		({ name, limit }) => limit !== undefined && ofContainer(name) > quantityValue(limit),
	);
	if (!over) return undefined;
	const message = `Container ${over.name} exceeded its local ephemeral storage limit ${JSON.stringify(over.limit)}. `;
	return { signal: "ephemeralcontainerfs.limit", message };
}
