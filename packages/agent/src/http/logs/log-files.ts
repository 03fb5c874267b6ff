/** The files of one container's log: `path` is being written, `path.1` was before it, `path.2` before that. */
import { type FileHandle, open } from "node:fs/promises";

export interface LogFile {
	readonly handle: FileHandle;
	readonly inode: bigint;
}

/** More than anybody keeps. */
const MOST = 1_000;

/**
 * Opens what there is, oldest first, down to but without the file `known`. From the newest to the oldest, because a
 * rotation meanwhile moves files that way: one is met twice, none is missed. Whoever calls closes the handles.
 */
export async function openLogFiles(path: string, known?: bigint): Promise<readonly LogFile[]> {
	const files: LogFile[] = [];
	let missing = 0;
	try {
		// In the middle of a rotation one of them has no file for a moment.
		for (let age = 0; age < MOST && missing < 2; age += 1) {
			const file = await openLogFile(age === 0 ? path : `${path}.${age}`);
			missing = file ? 0 : missing + 1;
			if (!file) continue;
			const isLast = file.inode === known;
			if (isLast || files.some(({ inode }) => inode === file.inode)) await file.handle.close();
			else files.unshift(file);
			if (isLast) break;
		}
		return files;
	} catch (error) {
		await closeAll(files);
		throw error;
	}
}

export async function closeAll(files: readonly LogFile[]): Promise<void> {
	await Promise.all(files.map(({ handle }) => handle.close()));
}

async function openLogFile(path: string): Promise<LogFile | undefined> {
	try {
		const handle = await open(path, "r");
		const { ino } = await handle.stat({ bigint: true });
		return { handle, inode: ino };
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

export interface Position {
	/** Index of the file to begin with. */
	readonly file: number;
	/** Bytes from its beginning. */
	readonly offset: number;
}

const NEWLINE = 0x0a;
const BLOCK = 64 * 1024;

/** Where the last `count` lines begin; the very beginning when there are no more than that. */
export async function lastLines(files: readonly LogFile[], count: number): Promise<Position> {
	let left = count;
	const block = Buffer.allocUnsafe(BLOCK);
	for (let file = files.length - 1; file >= 0; file -= 1) {
		const handle = files[file]?.handle;
		if (!handle) continue;
		const { size } = await handle.stat();
		// The last byte ends a line, it does not begin another.
		let end = size;
		while (end > 0) {
			const start = Math.max(0, end - BLOCK);
			const { bytesRead } = await handle.read(block, 0, end - start, start);
			for (let at = bytesRead - 1; at >= 0; at -= 1) {
				if (block[at] !== NEWLINE) continue;
				const after = start + at + 1;
				if (after === size) {
					if (count === 0) return { file, offset: size };
					continue;
				}
				left -= 1;
				if (left === 0) return { file, offset: after };
			}
			end = start;
		}
		if (size > 0) {
			left -= 1;
			if (left === 0) return { file, offset: 0 };
		}
	}
	return { file: 0, offset: 0 };
}
