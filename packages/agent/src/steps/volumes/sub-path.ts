/**
 * A part of a volume as a mount of its own. What is in a volume is the containers' to change, at any moment: a link they
 * plant must not lead the mount out of it. So the path is walked directory by directory, each opened without following
 * links, and what was opened, not its name, is bound to a place that no container reaches.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, realpath, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { bindMount, isMountPoint } from "../mounts.ts";
import { missingAs } from "../pod-directory.ts";

/** Linux: a handle for the name only, which opens no device and waits for no pipe. */
const O_PATH = 0o10000000;

export interface SubPath {
	/** Directory of the volume on the host. */
	readonly volume: string;
	/** Relative, as the mount says; made as a directory when it is not there. */
	readonly path: string;
	/** Where it is bound. */
	readonly target: string;
}

/** Answers with the target. Throws when the path leads out of the volume. */
export async function bindSubPath({ volume, path, target }: SubPath): Promise<string> {
	if (path.startsWith("/") || path.split("/").includes("..")) {
		throw new Error(`subPath ${JSON.stringify(path)} must be within the volume`);
	}
	if (await isMountPoint(target)) return target;
	await makeWithin(await realpath(volume), path);
	const handle = await openWithin(volume, path);
	try {
		const source = `/proc/${process.pid}/fd/${handle.fd}`;
		const isDirectory = (await stat(source)).isDirectory();
		await mkdir(isDirectory ? target : join(target, ".."), { recursive: true });
		if (!isDirectory) await writeFile(target, "");
		await bindMount(source, target);
	} finally {
		await handle.close();
	}
	return target;
}

/** A handle for the name of what is at a path of a volume. Throws when it leads out of the volume; ENOENT when nothing is there. */
export async function openWithin(volume: string, path: string): Promise<FileHandle> {
	const root = await realpath(volume);
	// Links that stay within the volume are fine: the walk follows none.
	const real = await realpath(join(root, path));
	const parts = relative(root, real).split("/").filter(Boolean);
	if (parts[0] === "..") throw new Error(`subPath ${JSON.stringify(path)} leads out of the volume`);
	return walk(root, parts);
}

/** Makes the missing directories of a path, from the first that is missing on. */
async function makeWithin(root: string, path: string): Promise<void> {
	let parent = root;
	for (const part of path.split("/").filter((each) => each !== "" && each !== ".")) {
		const next = join(parent, part);
		const real = await missingAs(realpath(next), undefined);
		if (real !== undefined && real !== root && !real.startsWith(`${root}/`)) {
			throw new Error(`subPath ${JSON.stringify(path)} leads out of the volume`);
		}
		if (real === undefined) await mkdir(next, { mode: 0o750 });
		parent = real ?? next;
	}
}

async function walk(root: string, parts: readonly string[]): Promise<FileHandle> {
	let handle = await open(root, O_PATH | constants.O_DIRECTORY);
	for (const part of parts) {
		const next = await open(`/proc/self/fd/${handle.fd}/${part}`, O_PATH | constants.O_NOFOLLOW).finally(() =>
			handle.close(),
		);
		handle = next;
		if ((await handle.stat()).isSymbolicLink()) {
			await handle.close();
			throw new Error(`subPath changed while it was being mounted: ${part} is a link`);
		}
	}
	return handle;
}
