import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createPodDirectories } from "../steps/pod-directory.ts";
import { createCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { podOf } from "./decide.world.ts";

test("a pod is written down when it matters, and read back", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-checkpoint-"));
	const directories = createPodDirectories(root);
	const file = join(directories.of("u1"), "pod.json");
	t.is(await readCheckpoint(directories, "u1"), undefined);
	const checkpoint = createCheckpoint(directories);
	await checkpoint.keep(podOf());
	t.deepEqual((await readCheckpoint(directories, "u1"))?.pod.spec, podOf().spec);
	t.is((await readCheckpoint(directories, "u1"))?.pod.metadata.resourceVersion, "0");
	t.is((await stat(file)).mode & 0o777, 0o600);
	const before = await readFile(file, "utf8");
	await checkpoint.keep({ ...podOf(), status: { phase: "Running", message: "so far so good" } });
	t.is(await readFile(file, "utf8"), before);
	const deleted = {
		...podOf(),
		metadata: { ...podOf().metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
	};
	await checkpoint.keep(deleted);
	t.is((await readCheckpoint(directories, "u1"))?.pod.metadata.deletionTimestamp, "2026-01-01T00:00:00Z");
	await rm(root, { recursive: true });
});

test("a pod that cannot be written down leaves no drafts", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-checkpoint-"));
	const directories = createPodDirectories(root);
	await mkdir(join(directories.of("u1"), "pod.json", "in the way"), { recursive: true });
	await t.throwsAsync(createCheckpoint(directories).keep(podOf()));
	t.deepEqual(await readdir(directories.of("u1")), ["pod.json"]);
	await rm(root, { recursive: true });
});

test("what is no pod, or another one, is nothing", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-checkpoint-"));
	const directories = createPodDirectories(root);
	await mkdir(directories.of("u1"));
	for (const text of [
		"",
		"{",
		"null",
		"[]",
		'{"metadata":{"uid":"u1"}}',
		JSON.stringify({ ...podOf(), metadata: {} }),
	]) {
		await writeFile(join(directories.of("u1"), "pod.json"), text);
		t.is(await readCheckpoint(directories, "u1"), undefined, text);
	}
	await rm(root, { recursive: true });
});
