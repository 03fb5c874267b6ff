/** Pods' control groups in trees of files, laid out as kernels of both versions do. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pod, silentLogger } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { createCgroups } from "./cgroups.ts";

const treeTest = (title: string, body: (t: ExecutionContext, root: string) => Promise<void>) =>
	test(title, async (t) => {
		const root = await mkdtemp(join(tmpdir(), "berth-cgroups-"));
		try {
			await body(t, root);
		} finally {
			await rm(root, { recursive: true });
		}
	});
const podWith = (cpu: string, memory: string): Pod => {
	const amounts = { cpu, memory };
	return podOf({
		containers: [{ name: "a", image: "app:1", resources: { requests: amounts, limits: amounts } }],
	});
};
const create = (
	root: string,
	cgroupVersion: 1 | 2,
	cgroupDriver: "cgroupfs" | "systemd" | "none" = "cgroupfs",
) => createCgroups({ info: { cgroupDriver, cgroupVersion }, pids: 100, log: silentLogger, root });

treeTest("version 1: a group under each controller that the kernel has", async (t, root) => {
	for (const controller of ["cpu", "memory"]) await mkdir(join(root, controller));
	const cgroups = create(root, 1);
	t.is(cgroups.parentOf("u1"), "/berth/podu1");
	const read = async () =>
		Promise.all(
			[
				"cpu/berth/podu1/cpu.shares",
				"cpu/berth/podu1/cpu.cfs_quota_us",
				"memory/berth/podu1/memory.limit_in_bytes",
			].map((file) => readFile(join(root, file), "utf8")),
		);
	await cgroups.make(podWith("500m", "64Mi"), "exact");
	t.deepEqual(await read(), ["512", "50000", "67108864"]);
	await cgroups.make(podWith("1", "32Mi"), "widen");
	t.deepEqual(await read(), ["1024", "100000", "67108864"]);
	await cgroups.make(podWith("1", "32Mi"), "exact");
	t.deepEqual(await read(), ["1024", "100000", "33554432"]);
	t.deepEqual((await readdir(root)).sort(), ["cpu", "memory"]);
});

treeTest("version 2: one group, with the controllers that are offered", async (t, root) => {
	await writeFile(join(root, "cgroup.controllers"), "cpuset cpu io memory pids\n");
	const cgroups = create(root, 2);
	await cgroups.make(podWith("500m", "64Mi"), "exact");
	const group = join(root, "berth", "podu1");
	const read = async () =>
		Promise.all(
			["cpu.weight", "cpu.max", "memory.max", "pids.max"].map((file) => readFile(join(group, file), "utf8")),
		);
	t.deepEqual(await read(), ["20", "50000 100000", "67108864", "100"]);
	for (const parent of [root, join(root, "berth")]) {
		t.is(await readFile(join(parent, "cgroup.subtree_control"), "utf8"), "+cpu +memory +pids");
	}
	await writeFile(join(group, "memory.max"), "max\n");
	await cgroups.make(podWith("250m", "32Mi"), "widen");
	t.deepEqual(await read(), ["20", "50000 100000", "max", "100"]);
	await cgroups.make(podWith("250m", "32Mi"), "exact");
	t.deepEqual(await read(), ["10", "25000 100000", "33554432", "100"]);
});

treeTest("groups that go, with those of containers below them", async (t, root) => {
	await mkdir(join(root, "berth", "podu1", "container"), { recursive: true });
	await create(root, 2).remove("u1");
	t.deepEqual(await readdir(join(root, "berth")), []);
	await create(root, 2).remove("u1");
});

treeTest("with systemd's driver groups are systemd's", async (t, root) => {
	const cgroups = create(root, 2, "systemd");
	t.is(cgroups.parentOf("u1"), "berth.slice");
	await cgroups.make(podWith("1", "1Gi"), "exact");
	await cgroups.remove("u1");
	t.deepEqual(await readdir(root), []);
	t.is(create(root, 2, "none").parentOf("u1"), undefined);
});
