/** What containers wrote for the world before they ended. */
import { open } from "node:fs/promises";
import type { Pod } from "@berth/api";
import type { Runtime } from "../runtime/runtime.ts";
import { terminationLogPath } from "../steps/files/files.ts";
import { missingAs, type PodDirectories } from "../steps/pod-directory.ts";
import { containerOf, type ObservedContainer, type ObservedPod } from "./observed.ts";

export interface LastWords {
	/** Reads those of containers that have ended since the last call. */
	read(pod: Pod, observed: ObservedPod): Promise<void>;
	/** By container id. */
	readonly messages: ReadonlyMap<string, string>;
}

const MOST_BYTES = 4_096;
/** Of the log, when nothing was written and the container failed. */
const MOST_LOG_BYTES = 2_048;
const MOST_LOG_LINES = 80;

export function createLastWords(runtime: Runtime, directories: PodDirectories): LastWords {
	const messages = new Map<string, string>();

	async function wordsOf(pod: Pod, ended: ObservedContainer): Promise<string> {
		const path = terminationLogPath(directories.of(pod.metadata.uid), ended.name, ended.attempt);
		const written = await missingAs(readEnd(path), "");
		const policy = containerOf(pod, ended.name)?.terminationMessagePolicy;
		if (written !== "" || policy !== "FallbackToLogsOnError" || ended.exitCode === 0) return written;
		const log = await runtime.logs(ended.id, {
			follow: false,
			stdout: true,
			stderr: true,
			timestamps: false,
			tail: MOST_LOG_LINES,
		});
		const chunks: Buffer[] = [];
		for await (const chunk of log as AsyncIterable<Buffer | string>) chunks.push(Buffer.from(chunk));
		return Buffer.concat(chunks).subarray(-MOST_LOG_BYTES).toString();
	}

	return {
		messages,
		async read(pod, observed) {
			const present = new Set(observed.containers.map(({ id }) => id));
			for (const id of messages.keys()) if (!present.has(id)) messages.delete(id);
			for (const container of observed.containers) {
				const isNew = container.state === "exited" && !container.remembered && !messages.has(container.id);
				// Without them the status says enough.
				if (isNew) messages.set(container.id, await wordsOf(pod, container).catch(() => ""));
			}
		},
	};
}

/** The last words are the last ones, however much was said before. */
async function readEnd(path: string): Promise<string> {
	const file = await open(path);
	try {
		const { size } = await file.stat();
		const from = Math.max(0, size - MOST_BYTES);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, from);
		return buffer.subarray(0, bytesRead).toString();
	} finally {
		await file.close();
	}
}
