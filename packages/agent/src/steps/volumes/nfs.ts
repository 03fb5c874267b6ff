/** Directories of NFS servers, mounted by the host's own helper. */
import { access, mkdir } from "node:fs/promises";
import type { NFSVolumeSource } from "@berth/api";
import { isMountPoint } from "../mounts.ts";
import { mustRun } from "../spawn.ts";
import type { VolumeKind } from "./volume-kind.ts";

const HELPERS = ["/sbin/mount.nfs", "/usr/sbin/mount.nfs"];

export const nfsKind: VolumeKind = {
	applies: ({ nfs }) => nfs !== undefined,
	readOnly: ({ nfs }) => nfs?.readOnly ?? false,
	setUp: async ({ volume, directory }) => volume.nfs && mountNfs(volume.nfs, directory),
};

/** Throws when the host cannot, or the server does not let it. */
export async function mountNfs(
	{ server, path, readOnly }: NFSVolumeSource,
	directory: string,
	options: readonly string[] = [],
): Promise<undefined> {
	if (await isMountPoint(directory)) return;
	const found = await Promise.all(
		HELPERS.map((helper) =>
			access(helper).then(
				() => true,
				() => false,
			),
		),
	);
	if (!found.includes(true)) {
		throw new Error("this host cannot mount NFS: it has no mount.nfs (package nfs-common or nfs-utils)");
	}
	await mkdir(directory, { recursive: true });
	const all = [...options, ...(readOnly ? ["ro"] : [])];
	const source = `${server.includes(":") ? `[${server}]` : server}:${path}`;
	await mustRun("mount", ["-t", "nfs", ...(all.length > 0 ? ["-o", all.join(",")] : []), source, directory]);
}
