/** Directories that live as long as their pod: on disk, in memory, or in huge pages. */
import { chmod, chown, lstat, mkdir, rename } from "node:fs/promises";
import { aggregateResources, type Pod, quantityValue, type Volume } from "@berth/api";
import { mountHugePages, mountMemory } from "../mounts.ts";
import { missingAs, removeTree } from "../pod-directory.ts";
import type { VolumeKind } from "./volume-kind.ts";

export interface EmptyDirOptions {
	/** Of this node. */
	readonly allocatable: () => Readonly<Record<string, string>>;
}

const HUGE_PAGES = "HugePages";

export function emptyDirKind({ allocatable }: EmptyDirOptions): VolumeKind {
	return {
		applies: ({ emptyDir }) => emptyDir !== undefined,
		readOnly: () => false,
		async setUp({ volume, scope: { pod }, directory }) {
			const { medium = "" } = volume.emptyDir ?? {};
			const group = pod.spec.securityContext?.fsGroup;
			// Containers may have changed what they were given: it is given once.
			const mode = group === undefined ? 0o777 : 0o2777;
			if (medium === "") {
				await makeOnDisk(directory, mode, group);
			} else {
				await mkdir(directory, { recursive: true });
				const options = { mode: mode.toString(8), group };
				if (medium === "Memory") {
					const size = memorySize(volume, pod, allocatable());
					await mountMemory(directory, { ...options, size });
				} else if (medium === HUGE_PAGES || medium.startsWith(`${HUGE_PAGES}-`)) {
					await mountHugePages(directory, pageSize(medium, pod), options);
				} else {
					throw new Error(`unknown storage medium ${JSON.stringify(medium)}`);
				}
			}
			return undefined;
		},
	};
}

/** All at once, so that it is whole if it is there. */
async function makeOnDisk(directory: string, mode: number, group: number | undefined): Promise<void> {
	if (await missingAs(lstat(directory), undefined)) return;
	const draft = `${directory}.new`;
	await removeTree(draft);
	await mkdir(draft);
	if (group !== undefined) await chown(draft, -1, group);
	await chmod(draft, mode);
	await rename(draft, directory);
}

/** Bytes: the least of the volume's own limit and of what its pod, or else its node, has. Undefined when nothing is known. */
export function memorySize(
	{ emptyDir }: Volume,
	{ spec }: Pod,
	allocatable: Readonly<Record<string, string>>,
): number | undefined {
	const ofPod = spec.resources?.limits?.memory ?? limitsOf(spec).memory;
	const bounds = [emptyDir?.sizeLimit, ofPod ?? allocatable.memory]
		.map((quantity) => quantityValue(quantity ?? "0"))
		.filter((bytes) => bytes > 0);
	return bounds.length > 0 ? Math.min(...bounds) : undefined;
}

const limitsOf = (spec: Pod["spec"]) => aggregateResources(spec, ({ resources }) => resources?.limits);

/** As the kernel spells it: of the medium, or the only one that the pod's containers ask for. */
export function pageSize(medium: string, { spec }: Pod): string {
	const named = medium.slice(HUGE_PAGES.length + 1);
	const asked = new Set(
		Object.keys({ ...limitsOf(spec), ...spec.resources?.limits })
			.filter((name) => name.startsWith("hugepages-"))
			.map((name) => name.slice("hugepages-".length)),
	);
	const [only] = asked;
	if (named && !asked.has(named)) {
		throw new Error(`medium "${medium}" needs a container that requests hugepages-${named}`);
	}
	if (!named && asked.size !== 1) {
		throw new Error(
			`medium "${medium}" needs containers that request huge pages of one size, these request ${asked.size}`,
		);
	}
	return (named || (only ?? "")).replace(/i$/, "");
}
