/**
 * A part of a volume as a mount of its own. What is in a volume is the containers' to change, at any moment: a link they
 * plant must not lead the mount out of it. So the path is walked directory by directory, each opened without following
 * links, and what was opened, not its name, is bound to a place that no container reaches.
 */
import { constants } from "node:fs";
import { chmod, type FileHandle, mkdir, open, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { bindMount, isMountPoint, unmountBelow } from "../mounts.ts";
import { missingAs, removeTree } from "../pod-directory.ts";

/** Linux: a handle for the name only, which opens no device and waits for no pipe. */
const O_PATH = 0o10000000;

export interface SubPath {
	/** Directory of the volume on the host. */
	readonly volume: string;
	/** Relative, as the mount says; made as a directory, as open as the volume is, when it is not there. */
	readonly path: string;
	/** Where it is bound; what was bound there before and is something else by now is replaced. */
	readonly target: string;
}

/** Answers with the target. Throws when the path leads out of the volume. */
export async function bindSubPath({ volume, path, target }: SubPath): Promise<string> {
	if (path.startsWith("/")) throw new Error(`subPath ${JSON.stringify(path)} must be a relative path`);
	if (path.split("/").includes(".."))
		throw new Error(`subPath ${JSON.stringify(path)} must not contain '..'`);
	const handle = await openOrMake(await realpath(volume), path);
	try {
		const wanted = await handle.stat();
		if (await isMountPoint(target)) {
			const bound = await stat(target);
			if (bound.dev === wanted.dev && bound.ino === wanted.ino) return target;
			await unmountBelow(target);
		}
		const isDirectory = wanted.isDirectory();
		const present = await missingAs(stat(target), undefined);
		if (present && present.isDirectory() !== isDirectory) await removeTree(target);
		await mkdir(isDirectory ? target : dirname(target), { recursive: true });
		if (!isDirectory) await writeFile(target, "");
		await bindMount(`/proc/${process.pid}/fd/${handle.fd}`, target);
	} finally {
		await handle.close();
	}
	return target;
}

/** A handle for the name of what is at a path of a volume. Throws when it leads out of the volume; ENOENT when nothing is there. */
export async function openWithin(volume: string, path: string): Promise<FileHandle> {
	const root = await realpath(volume);
	// Links that stay within the volume are fine: the walk follows none.
	return walk(root, partsBelow(root, await realpath(join(root, path)), path));
}

function partsBelow(root: string, real: string, path: string): readonly string[] {
	const parts = relative(root, real).split("/").filter(Boolean);
	if (parts[0] === "..") throw new Error(`subPath ${JSON.stringify(path)} leads out of the volume`);
	return parts;
}

/** As `openWithin`, and makes the directories that are missing at the path's end. */
async function openOrMake(root: string, path: string): Promise<FileHandle> {
	const parts = path.split("/").filter((each) => each !== "" && each !== ".");
	let existing = parts.length;
	let real = await missingAs(realpath(join(root, ...parts)), undefined);
	while (real === undefined) {
		existing--;
		real = await missingAs(realpath(join(root, ...parts.slice(0, existing))), undefined);
	}
	const handle = await walk(root, partsBelow(root, real, path));
	const missing = parts.slice(existing);
	if (missing.length === 0) return handle;
	const mode = (await stat(root)).mode & 0o777;
	return descend(handle, missing, async (parent, name) => {
		const made = `/proc/self/fd/${parent.fd}/${name}`;
		const isNew = await mkdir(made).then(
			() => true,
			(error: NodeJS.ErrnoException) => {
				if (error.code === "EEXIST") return false;
				throw error;
			},
		);
		const next = await open(made, O_PATH | constants.O_NOFOLLOW);
		// Whatever the agent's own umask leaves of it.
		if (isNew) await chmod(`/proc/self/fd/${next.fd}`, ((await next.stat()).mode & 0o7000) | mode);
		return next;
	});
}

const walk = async (root: string, parts: readonly string[]): Promise<FileHandle> =>
	descend(await open(root, O_PATH | constants.O_DIRECTORY), parts, (parent, name) =>
		open(`/proc/self/fd/${parent.fd}/${name}`, O_PATH | constants.O_NOFOLLOW),
	);

/** From one handle to the next; only the last is left open. Throws when one is a link. */
async function descend(
	start: FileHandle,
	names: readonly string[],
	enter: (parent: FileHandle, name: string) => Promise<FileHandle>,
): Promise<FileHandle> {
	let handle = start;
	for (const name of names) {
		const parent = handle;
		handle = await enter(parent, name).finally(() => parent.close());
		if ((await handle.stat()).isSymbolicLink()) {
			await handle.close();
			throw new Error(`subPath changed while it was being mounted: ${name} is a link`);
		}
	}
	return handle;
}
