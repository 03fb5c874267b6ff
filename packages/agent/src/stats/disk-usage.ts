/** What a directory takes on its disk. Walking it costs, so an answer is kept for a while and walks wait for each other. */
import type { Clock } from "@berth/api";
import { run } from "../steps/spawn.ts";

export interface DiskUsage {
	readonly bytes: number;
	readonly inodes: number;
}

export interface DiskMeter {
	/** Zeroes for what is not there. At most `AGE` old. */
	of(path: string): Promise<DiskUsage>;
}

/** Milliseconds: as often as the kubelet measures volumes. */
const AGE = 60_000;
const FORGOTTEN = 5 * AGE;
const NOTHING: DiskUsage = { bytes: 0, inodes: 0 };

export function createDiskMeter({ clock }: { readonly clock: Clock }): DiskMeter {
	const known = new Map<string, { readonly at: number; readonly usage: Promise<DiskUsage> }>();
	let last: Promise<unknown> = Promise.resolve();
	return {
		of: (path) => {
			const now = clock.now();
			const kept = known.get(path);
			if (kept && now - kept.at < AGE) return kept.usage;
			// What nobody asks for any more belongs to a pod that is gone.
			for (const [other, { at }] of known) if (now - at >= FORGOTTEN) known.delete(other);
			const usage = last.then(() => measure(path));
			last = usage;
			known.set(path, { at: now, usage });
			return usage;
		},
	};
}

/** Without crossing into other file systems: what is mounted below is somebody else's. */
async function measure(path: string): Promise<DiskUsage> {
	const total = async (flag: string) => {
		const { stdout } = await run("nice", ["-n", "19", "du", "-xs", flag, path]);
		return Number.parseInt(stdout, 10) || 0;
	};
	try {
		return { bytes: await total("-B1"), inodes: await total("--inodes") };
	} catch {
		return NOTHING;
	}
}
