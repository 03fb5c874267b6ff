/**
 * What an agent has to know of a pod to go on looking after it while the API server cannot be asked: the pod as it was
 * last seen, in the pod's directory, which goes when the pod goes.
 */
import { join } from "node:path";
import { isPodTerminal, type Pod } from "@berth/api";
import { type PodDirectories, readJson, writeWhole } from "../steps/pod-directory.ts";

export interface Checkpoint {
	/** Writes the pod down when something has changed that matters for looking after it. `grace` as an Ending has it. */
	keep(pod: Pod, grace?: number): Promise<void>;
}

export interface Known {
	/** The pod as it was last written down; any word of the server is newer. */
	readonly pod: Pod;
	/** Seconds at most that its ending leaves it; absent: its own. */
	readonly grace?: number | undefined;
}

const fileOf = (directories: PodDirectories, uid: string) => join(directories.of(uid), "pod.json");

export function createCheckpoint(directories: PodDirectories): Checkpoint {
	let kept = "";
	return {
		async keep(pod, grace) {
			const mark = markOf(pod, grace);
			if (mark === kept) return;
			// Variables may be secrets.
			await writeWhole(fileOf(directories, pod.metadata.uid), JSON.stringify({ ...pod, grace }), 0o600);
			kept = mark;
		},
	};
}

/** Undefined when nothing, or nothing that can be used, is written there. */
export async function readCheckpoint(directories: PodDirectories, uid: string): Promise<Known | undefined> {
	const written = await readJson<Pod & Pick<Known, "grace">>(fileOf(directories, uid));
	if (written?.metadata?.uid !== uid || !Array.isArray(written.spec?.containers)) return undefined;
	const { grace, ...pod } = written;
	return { pod: { ...pod, metadata: { ...pod.metadata, resourceVersion: "0" } }, grace };
}

/** The status changes often, and most of it can be read off the containers. */
function markOf(pod: Pod, grace: number | undefined): string {
	const { generation, deletionTimestamp, deletionGracePeriodSeconds, labels, annotations } = pod.metadata;
	const { startTime, phase, reason } = pod.status ?? {};
	return JSON.stringify([
		generation ?? pod.spec,
		// Those that it has been given: they follow later than the generation that asks for them.
		[...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(({ resources }) => resources),
		deletionTimestamp,
		deletionGracePeriodSeconds,
		labels,
		annotations,
		startTime,
		isPodTerminal(pod) && phase,
		reason,
		grace,
	]);
}
