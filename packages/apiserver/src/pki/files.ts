/** Secret files: written whole or not at all, readable by their owner only. */
import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** The file's text; undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		if (isErrno(error, "ENOENT")) return undefined;
		throw error;
	}
}

/** Replaces the file in one step; it survives a power cut once this resolves. */
export async function replaceFile(path: string, text: string): Promise<void> {
	const temporary = await writeTemporary(path, text);
	await rename(temporary, path);
	await syncDirectory(path);
}

/**
 * Writes the file unless there is one already, and answers what it holds afterwards. Of several processes doing this
 * at the same time one wins, and all get the winner's text.
 */
export async function createFile(path: string, text: string): Promise<string> {
	const temporary = await writeTemporary(path, text);
	try {
		await link(temporary, path);
		await syncDirectory(path);
		return text;
	} catch (error) {
		if (isErrno(error, "EEXIST")) return await readFile(path, "utf8");
		throw error;
	} finally {
		await unlink(temporary);
	}
}

async function writeTemporary(path: string, text: string): Promise<string> {
	const temporary = `${path}.${randomUUID()}.tmp`;
	const file = await open(temporary, "wx", 0o600);
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
	return temporary;
}

async function syncDirectory(path: string): Promise<void> {
	const directory = await open(dirname(path), "r");
	try {
		await directory.sync();
	} finally {
		await directory.close();
	}
}

const isErrno = (error: unknown, code: string): boolean =>
	error instanceof Error && "code" in error && error.code === code;
