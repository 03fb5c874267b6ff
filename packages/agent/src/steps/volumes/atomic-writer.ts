/**
 * Files of a volume, replaced all at once while containers read them: they live in a directory of their own, `..data`
 * leads to it, and each visible name leads through `..data`. Readers see the old files or the new, never some of each.
 */
import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, readdir, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { missingAs, removeTree } from "../pod-directory.ts";
import type { Payload } from "./payload.ts";

const CURRENT = "..data";
/** The group may read every file. */
const FOR_GROUP = 0o440;

/** `group` owns the files, and may read them, when given. Nothing is touched when the files are already these. */
export async function writeAtomically(volume: string, payload: Payload, group?: number): Promise<void> {
	for (const path of payload.keys()) {
		if (!isInside(path)) throw new Error(`${JSON.stringify(path)} leads out of the volume`);
	}
	const version = `..${digestOf(payload, group)}`;
	const current = await missingAs(readlink(join(volume, CURRENT)), undefined);
	if (current !== version) {
		await openUp(volume, group);
		await writeVersion(join(volume, version), payload, group);
		const draft = join(volume, `${CURRENT}.new`);
		await removeTree(draft);
		await symlink(version, draft);
		await rename(draft, join(volume, CURRENT));
	}
	await linkNames(volume, payload);
	for (const name of await readdir(volume)) {
		if (name.startsWith("..") && name !== CURRENT && name !== version) await removeTree(join(volume, name));
	}
}

/** Whether the volume has had files before. */
export const hasFiles = async (volume: string): Promise<boolean> =>
	(await missingAs(lstat(join(volume, CURRENT)), undefined)) !== undefined;

function isInside(path: string): boolean {
	const clean = normalize(path);
	return (
		path !== "" &&
		!clean.startsWith("/") &&
		clean !== "." &&
		!clean.split("/").includes("..") &&
		!clean.startsWith("..")
	);
}

/** Same files, same name: what was written by an earlier agent is recognized. */
function digestOf(payload: Payload, group?: number): string {
	const hash = createHash("sha256").update(`${group ?? ""}\n`);
	for (const path of [...payload.keys()].sort()) {
		const file = payload.get(path);
		hash.update(JSON.stringify([path, file?.mode, file?.owner, file?.data.length])).update(file?.data ?? "");
	}
	return hash.digest("hex").slice(0, 20);
}

async function writeVersion(directory: string, payload: Payload, group?: number): Promise<void> {
	// A half written one may be left from a crash.
	await removeTree(directory);
	await makeDirectory(directory, group);
	const made = new Set([directory]);
	for (const [path, { data, mode, owner }] of payload) {
		const file = join(directory, path);
		for (const parent of parentsOf(directory, file)) {
			if (!made.has(parent)) await makeDirectory(parent, group);
			made.add(parent);
		}
		await writeFile(file, data, { mode: 0o600 });
		if (owner !== undefined || group !== undefined) await chown(file, owner ?? -1, group ?? -1);
		await chmod(file, group === undefined ? mode : mode | FOR_GROUP);
	}
}

/** Those below the top, from there on. */
function parentsOf(top: string, file: string): readonly string[] {
	const parent = dirname(file);
	return parent === top ? [] : [...parentsOf(top, parent), parent];
}

async function makeDirectory(path: string, group: number | undefined): Promise<void> {
	await mkdir(path);
	await openUp(path, group);
}

/** Everybody may look into it; whatever the agent's umask says. */
async function openUp(directory: string, group: number | undefined): Promise<void> {
	if (group !== undefined) await chown(directory, -1, group);
	await chmod(directory, group === undefined ? 0o755 : 0o2755);
}

/** The first part of each path is what is seen at the volume's top. */
async function linkNames(volume: string, payload: Payload): Promise<void> {
	const names = new Set([...payload.keys()].map((path) => normalize(path).split("/")[0] ?? ""));
	for (const name of await readdir(volume)) {
		if (!name.startsWith("..") && !names.has(name)) await removeTree(join(volume, name));
	}
	for (const name of names) {
		const path = join(volume, name);
		const wanted = `${CURRENT}/${name}`;
		const present = await missingAs(lstat(path), undefined);
		if (present?.isSymbolicLink() && (await readlink(path)) === wanted) continue;
		if (present) await removeTree(path);
		await symlink(wanted, path);
	}
}
