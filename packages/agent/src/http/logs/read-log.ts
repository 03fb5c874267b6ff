/**
 * A container's log, read where Docker keeps it. The engine's own way of reading loses lines when it rotates while
 * somebody follows; who holds the file that is being rotated away reads it to its end, and goes on with the next.
 */
import { watch } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import type { Clock } from "@berth/api";
import { createRenderer, parseEntry, type Wanted } from "./entry.ts";
import { closeAll, type LogFile, lastLines, openLogFiles } from "./log-files.ts";

export interface LogRead extends Wanted {
	readonly path: string;
	/** Lines from the end; absent: all. */
	readonly tailLines?: number | undefined;
	readonly limitBytes?: number | undefined;
	/** Resolves when the container writes no more; absent: nothing is waited for. */
	readonly ended?: Promise<void> | undefined;
	readonly clock: Clock;
	readonly signal: AbortSignal;
}

const BLOCK = 128 * 1024;
/** Milliseconds between looks where the file system tells nothing. */
const LOOK_AGAIN = 1_000;

/** Undefined when there is no such log here. Nothing is read ahead of the reader. */
export async function readLog(options: LogRead): Promise<Readable | undefined> {
	const files = await openLogFiles(options.path);
	if (files.length === 0) return undefined;
	return Readable.from(limited(textOf(options, files), options.limitBytes), { objectMode: false });
}

async function* limited(source: AsyncGenerator<Buffer>, limit: number | undefined): AsyncGenerator<Buffer> {
	let left = limit ?? Number.POSITIVE_INFINITY;
	for await (const chunk of source) {
		yield left < chunk.length ? chunk.subarray(0, left) : chunk;
		left -= chunk.length;
		if (left <= 0) return;
	}
}

async function* textOf(options: LogRead, found: readonly LogFile[]): AsyncGenerator<Buffer> {
	const { tailLines, signal } = options;
	const render = createRenderer(options);
	const queue = [...found];
	let changes: Changes | undefined;
	try {
		if (options.ended) changes = followChanges(options.path, options.ended, options.clock, signal);
		const from = tailLines === undefined ? undefined : await lastLines(queue, tailLines);
		await closeAll(queue.splice(0, from?.file ?? 0));
		let offset = from?.offset ?? 0;
		for (let file = queue[0]; file && !signal.aborted; file = queue[0]) {
			const reader = createLineReader(file, offset);
			offset = 0;
			for (;;) {
				// Asked before reading: what is written before the end is read after it was told.
				const isOver = changes?.over() ?? true;
				const seen = changes?.seen();
				const lines = await reader.next();
				if (lines.length > 0) {
					const text = lines.map((line) => renderLine(line, render)).join("");
					if (text) yield Buffer.from(text);
					if (signal.aborted) return;
					continue;
				}
				if (queue.length > 1) break;
				const newer = changes ? await openLogFiles(options.path, file.inode) : [];
				queue.push(...newer);
				// Rotated away: whatever came until then is there now.
				if (newer.length > 0) continue;
				if (isOver || signal.aborted) return;
				await changes?.since(seen ?? 0);
			}
			queue.shift();
			await file.handle.close();
		}
	} finally {
		changes?.close();
		await closeAll(queue);
	}
}

function renderLine(line: string, render: ReturnType<typeof createRenderer>): string {
	const entry = parseEntry(line);
	return entry ? render(entry) : "";
}

/** Whole lines only; the rest waits until it is one. */
function createLineReader({ handle }: LogFile, offset: number) {
	const block = Buffer.allocUnsafe(BLOCK);
	let at = offset;
	let rest = Buffer.alloc(0);
	return {
		/** Empty at the end, as it is now. */
		async next(): Promise<readonly string[]> {
			for (;;) {
				const { bytesRead } = await handle.read(block, 0, BLOCK, at);
				if (bytesRead === 0) {
					// A log that keeps one file is cut off and begun again.
					if (at > 0 && (await handle.stat()).size < at) {
						at = 0;
						rest = Buffer.alloc(0);
						continue;
					}
					return [];
				}
				at += bytesRead;
				const read = block.subarray(0, bytesRead);
				const end = read.lastIndexOf(0x0a);
				if (end < 0) {
					rest = Buffer.concat([rest, read]);
					continue;
				}
				const lines = Buffer.concat([rest, read.subarray(0, end)])
					.toString()
					.split("\n");
				rest = Buffer.from(read.subarray(end + 1));
				return lines;
			}
		},
	};
}

interface Changes {
	/** The container writes no more. */
	over(): boolean;
	/** How much has happened to the log so far. */
	seen(): number;
	/** Resolves when more has happened than that, or after a while. */
	since(seen: number): Promise<void>;
	close(): void;
}

function followChanges(path: string, ended: Promise<void>, clock: Clock, signal: AbortSignal): Changes {
	let count = 0;
	let over = false;
	let wake = () => {};
	const changed = () => {
		count += 1;
		wake();
	};
	const stop = new AbortController();
	// A container that cannot be waited for is looked at until the reader leaves.
	ended.then(
		() => {
			over = true;
			changed();
		},
		() => {},
	);
	signal.addEventListener("abort", changed, { once: true });
	const watcher = watch(dirname(path), { signal: stop.signal, persistent: false }, changed);
	// A directory that goes away takes its watch along; the container's end is told otherwise.
	watcher.on("error", () => {});
	return {
		over: () => over,
		seen: () => count,
		async since(seen: number): Promise<void> {
			if (count !== seen) return;
			const cancel = clock.after(LOOK_AGAIN, () => wake());
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
			cancel();
		},
		close(): void {
			signal.removeEventListener("abort", changed);
			stop.abort();
		},
	};
}
