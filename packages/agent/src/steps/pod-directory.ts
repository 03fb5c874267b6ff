/**
 * What a pod keeps on its host's disk: one directory, named by the pod's uid. All of it can be found, and taken apart,
 * by whoever has only the directory.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface PodDirectories {
	/** `…/pods/UID` */
	of(uid: string): string;
	/** `…/pods/UID/volumes/NAME` */
	volume(uid: string, name: string): string;
	/** Uids of all pods that have a directory. */
	list(): Promise<readonly string[]>;
}

export function createPodDirectories(root: string): PodDirectories {
	return {
		of: (uid) => join(root, uid),
		volume: (uid, name) => join(root, uid, "volumes", name),
		list: async () => (await missingAs(readdir(root), [])) as readonly string[],
	};
}

/** Replaces the file as a whole: readers see the old or the new text, also after a crash half way. */
export async function writeWhole(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	// Several containers may start, and write the same, at once.
	const draft = `${path}.${randomBytes(4).toString("hex")}.new`;
	try {
		await writeFile(draft, data, { mode });
		await rename(draft, path);
	} catch (error) {
		// Each attempt on a full disk would leave one.
		await rm(draft, { force: true });
		throw error;
	}
}

/** The file's JSON, or undefined when there is none, or none that can be read. */
export async function readJson<T>(path: string): Promise<T | undefined> {
	const text = await missingAs(readFile(path, "utf8"), "");
	try {
		return text === "" ? undefined : (JSON.parse(text) as T);
	} catch {
		return undefined;
	}
}

export const removeTree = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** `otherwise` when the file or directory does not exist. */
export async function missingAs<T, D>(reading: Promise<T>, otherwise: D): Promise<T | D> {
	try {
		return await reading;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		return otherwise;
	}
}
