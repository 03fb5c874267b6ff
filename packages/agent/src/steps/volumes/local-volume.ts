/** Directories and disks of this host as persistent volumes: https://kubernetes.io/docs/concepts/storage/volumes/#local */
import type { Stats } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import type { LocalVolumeSource } from "@berth/api";
import { isMountPoint } from "../mounts.ts";
import { missingAs } from "../pod-directory.ts";
import { mustRun } from "../spawn.ts";
import { giveToGroup } from "./ownership.ts";
import type { PersistentRequest } from "./persistent-kinds.ts";
import { VolumeError } from "./volume-kind.ts";

/** Answers with the path of a directory; a disk is mounted on the volume's own. Throws when it is not there. */
export async function setUpLocal(
	{ path, fsType }: LocalVolumeSource,
	{ scope, directory, readOnly, volume }: Omit<PersistentRequest, "persistent">,
): Promise<string | undefined> {
	const found = await statOf(path, "MountVolume.NewMounter", volume.name);
	const isDisk = found.isBlockDevice();
	if (isDisk && !(await isMountPoint(directory))) {
		await mkdir(directory, { recursive: true });
		await mustRun("mount", [...(fsType ? ["-t", fsType] : []), path, directory]);
	} else if (!isDisk && !found.isDirectory()) {
		throw new Error(`path "${path}" is neither a directory nor a block device`);
	}
	const { fsGroup, fsGroupChangePolicy } = scope.pod.spec.securityContext ?? {};
	if (fsGroup !== undefined && !readOnly) {
		await giveToGroup(isDisk ? directory : path, { group: fsGroup, policy: fsGroupChangePolicy });
	}
	return isDisk ? undefined : path;
}

/** Answers with the path of the device. Throws when there is none. */
export async function checkLocalDevice(
	{ path }: LocalVolumeSource,
	{ volume }: Pick<PersistentRequest, "volume">,
): Promise<string> {
	const found = await statOf(path, "MapVolume.NewBlockVolumeMapper", volume.name);
	if (found.isBlockDevice()) return path;
	throw new VolumeError(
		`MapVolume.MapPodDevice failed for volume "${volume.name}" : path "${path}" is not a block device`,
	);
}

async function statOf(path: string, what: string, volume: string): Promise<Stats> {
	const found = await missingAs(stat(path), undefined);
	if (found) return found;
	throw new VolumeError(
		`${what} initialization failed for volume "${volume}" : path "${path}" does not exist`,
	);
}
