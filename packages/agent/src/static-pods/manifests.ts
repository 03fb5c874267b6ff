/** The manifests of a directory, read anew whenever something seems to have changed there. */
import { type FSWatcher, watch } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Clock, keyOf, type Logger, type Pod, parseGoDuration } from "@berth/api";
import { parse } from "yaml";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import { missingAs } from "../steps/pod-directory.ts";
import { staticPod } from "./static-pod.ts";

export interface ManifestsOptions {
	readonly configuration: Pick<KubeletConfiguration, "staticPodPath" | "fileCheckFrequency">;
	readonly nodeName: string;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Milliseconds: editors write a file in several goes. */
const SETTLE = 100;

/** Tells the pods of all manifests, at once and after each change, until the signal aborts. */
export async function followManifests(
	options: ManifestsOptions,
	tell: (pods: readonly Pod[]) => void,
	signal: AbortSignal,
): Promise<void> {
	const { configuration, clock, log } = options;
	const path = configuration.staticPodPath;
	if (!path) return tell([]);
	const period = parseGoDuration(configuration.fileCheckFrequency ?? "20s") / 1e6;
	const read = createReader(path, options);
	while (!signal.aborted) {
		const changed = new AbortController();
		const watcher = watching(path, () => changed.abort());
		try {
			tell(await read());
		} catch (error) {
			log.warn({ error, path }, "cannot read the manifests of static pods: they stay as they are");
		}
		await clock.sleep(period, AbortSignal.any([signal, changed.signal]));
		watcher?.close();
		if (changed.signal.aborted) await clock.sleep(SETTLE, signal);
	}
}

/** Undefined when nothing is there yet. */
function watching(path: string, changed: () => void): FSWatcher | undefined {
	try {
		// What befalls the directory itself is seen at the next look.
		return watch(path, { persistent: false }, changed).on("error", () => {});
	} catch {
		return undefined;
	}
}

function createReader(path: string, { nodeName, clock, log }: ManifestsOptions) {
	/** What is wrong with which file, so that it is told once. */
	const told = new Map<string, string>();
	/** What is as it was is the same pod, with the time at which it was first seen. */
	let known: ReadonlyMap<string, Pod> = new Map();

	function complain(file: string, problem: string): void {
		if (told.get(file) === problem) return;
		told.set(file, problem);
		log.error({ file, problem }, "a static pod's manifest cannot be used");
	}

	return async (): Promise<readonly Pod[]> => {
		const pods = new Map<string, Pod>();
		for (const file of await filesOf(path)) {
			const text = await missingAs(readFile(file, "utf8"), undefined);
			if (text === undefined) continue;
			try {
				const pod = staticPod(parse(text, { maxAliasCount: 10 }), { nodeName, file, now: clock.now() });
				if (pods.has(keyOf(pod))) complain(file, `there is another manifest of a pod ${keyOf(pod)}`);
				else {
					pods.set(keyOf(pod), pod);
					told.delete(file);
				}
			} catch (error) {
				complain(file, error instanceof Error ? error.message : String(error));
			}
		}
		known = new Map(
			[...pods].map(([key, pod]) => {
				const before = known.get(key);
				return [key, before?.metadata.uid === pod.metadata.uid ? before : pod];
			}),
		);
		return [...known.values()];
	};
}

/** Hidden ones are left out: editors keep drafts in them. */
async function filesOf(path: string): Promise<readonly string[]> {
	const found = await missingAs(stat(path), undefined);
	if (!found) return [];
	const isHidden = (file: string) => basename(file).startsWith(".");
	if (!found.isDirectory()) return isHidden(path) ? [] : [join(dirname(path), basename(path))];
	const files: string[] = [];
	for (const name of (await readdir(path)).sort()) {
		const file = join(path, name);
		// Links lead to files too.
		const entry = isHidden(name) ? undefined : await missingAs(stat(file), undefined);
		if (entry?.isFile()) files.push(file);
	}
	return files;
}
