/**
 * A volume is given to a pod's group: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ . What is
 * in it may change meanwhile; every file is held open, without following links, while it is changed.
 */
import { constants } from "node:fs";
import { chmod, chown, type FileHandle, lchown, open, readdir, stat } from "node:fs/promises";

/** Linux: a handle for the name only, which opens no device and waits for no pipe. */
const O_PATH = 0o10000000;
const SETGID = 0o2000;
const FOR_FILES = 0o660;
const FOR_DIRECTORIES = 0o770 | SETGID;
const BITS = 0o7777;

export interface GroupOptions {
	readonly group: number;
	/** `OnRootMismatch`: nothing is looked at when the root is the group's already. */
	readonly policy?: string | undefined;
}

/** The root comes last: when it is right, all below it is. */
export async function giveToGroup(root: string, { group, policy }: GroupOptions): Promise<void> {
	if (policy === "OnRootMismatch") {
		const { gid, mode } = await stat(root);
		if (gid === group && (mode & FOR_DIRECTORIES) === FOR_DIRECTORIES) return;
	}
	const handle = await open(root, O_PATH | constants.O_DIRECTORY);
	try {
		await giveTree(handle, group);
	} finally {
		await handle.close();
	}
}

async function giveTree(handle: FileHandle, group: number): Promise<void> {
	const path = `/proc/self/fd/${handle.fd}`;
	const info = await handle.stat();
	if (info.isDirectory()) {
		for (const name of await readdir(path)) await giveEntry(`${path}/${name}`, group);
	}
	if (info.gid !== group) await chown(path, -1, group);
	const mode = (info.mode & BITS) | (info.isDirectory() ? FOR_DIRECTORIES : FOR_FILES);
	// A change of the group takes bits away.
	if (info.gid !== group || mode !== (info.mode & BITS)) await chmod(path, mode);
}

async function giveEntry(path: string, group: number): Promise<void> {
	const handle = await open(path, O_PATH | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (!handle) return;
	try {
		if ((await handle.stat()).isSymbolicLink()) await lchown(path, -1, group);
		else await giveTree(handle, group);
	} finally {
		await handle.close();
	}
}
