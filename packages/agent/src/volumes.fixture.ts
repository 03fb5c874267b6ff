/** Pods that use their volumes and do nothing else, and what has to be gone with them. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Container, VolumeMount } from "@berth/api";
import type { ExecutionContext } from "ava";
import { type FakeCluster, IMAGE } from "./fake-cluster.ts";
import { mountsBelow } from "./steps/mounts.ts";

export const sleeper = (
	name: string,
	volumeMounts: readonly VolumeMount[],
	more: Partial<Container> = {},
): Container => ({
	name,
	image: IMAGE,
	command: ["sleep", "1000"],
	volumeMounts,
	...more,
});

/** Nothing of any pod is mounted or on disk. */
export async function allGone(
	t: ExecutionContext,
	cluster: FakeCluster,
	...pods: readonly string[]
): Promise<void> {
	await Promise.all(pods.map((name) => cluster.remove(name, 0)));
	const directory = join(cluster.dataDir, "pods");
	await cluster.until("directories to be gone", async () => (await readdir(directory)).length === 0);
	t.deepEqual(await mountsBelow(directory), []);
}
