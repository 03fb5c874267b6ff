/** Volumes that pods claim, on a real engine. */
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersistentVolume, PersistentVolumeClaim } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, type FakeCluster } from "./fake-cluster.ts";
import { mustRun } from "./steps/spawn.ts";
import { allGone, sleeper } from "./volumes.fixture.ts";

const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

clusterTest("claims of directories of this host, once they are bound", async (t, cluster) => {
	const { client } = cluster;
	const disk = await mkdtemp(join(tmpdir(), "berth-disk-"));
	try {
		await mkdir(join(disk, "sub"));
		await writeFile(join(disk, "sub/kept"), "still here");
		await chmod(join(disk, "sub/kept"), 0o600);
		const place = { namespace: "default", name: "data" };
		await client.create(PersistentVolumeClaim, { metadata: place, spec: {} } as never);
		const { uid } = (await client.get(PersistentVolumeClaim, place)).metadata;
		await client.create(PersistentVolume, {
			metadata: { name: "disk" },
			spec: { local: { path: disk }, claimRef: { uid } },
		} as never);
		await cluster.create("claims", {
			securityContext: { runAsUser: 1000, fsGroup: 3000, fsGroupChangePolicy: "OnRootMismatch" },
			containers: [
				sleeper("c", [
					{ name: "v", mountPath: "/data" },
					{ name: "v", mountPath: "/sub", subPath: "sub" },
					{ name: "r", mountPath: "/read" },
				]),
			],
			volumes: [
				{ name: "v", persistentVolumeClaim: { claimName: "data" } },
				{ name: "r", persistentVolumeClaim: { claimName: "data", readOnly: true } },
			],
		});
		await cluster.until("the reason", () =>
			cluster.events.some((event) => event.endsWith("error processing PVC default/data: PVC is not bound")),
		);
		const merge = { type: "merge" } as const;
		await client.patch(PersistentVolumeClaim, place, { spec: { volumeName: "disk" } }, merge);
		const bound = { status: { phase: "Bound" } };
		await client.patch(PersistentVolumeClaim, place, bound, { ...merge, subresource: "status" });
		await cluster.running("claims");
		const run = (script: string) => cluster.exec("claims", "c", "sh", "-c", script);
		t.is(
			await run("cat /data/sub/kept /sub/kept; echo; stat -c '%a %g' /data/sub/kept"),
			"still herestill here\n660 3000",
		);
		await run("echo new > /data/new");
		await t.throwsAsync(run("touch /read/x"), { message: /Read-only/ });
		await allGone(t, cluster, "claims");
		t.deepEqual((await readdir(disk)).sort(), ["new", "sub"]);
		t.is((await stat(join(disk, "new"))).gid, 3000);
	} finally {
		await rm(disk, { recursive: true });
	}
});

clusterTest("claims of block devices of this host", async (t, cluster) => {
	const { client } = cluster;
	const host = await mkdtemp(join(tmpdir(), "berth-block-"));
	try {
		const disk = join(host, "disk");
		await mustRun("mknod", [disk, "b", "7", "0"]);
		const place = { namespace: "default", name: "raw" };
		const claim = { metadata: place, spec: { volumeMode: "Block", volumeName: "raw" } };
		await client.create(PersistentVolumeClaim, claim as never);
		const bound = { status: { phase: "Bound" } };
		const write = { type: "merge", subresource: "status" } as const;
		const { uid } = (await client.patch(PersistentVolumeClaim, place, bound, write)).metadata;
		await client.create(PersistentVolume, {
			metadata: { name: "raw" },
			spec: { local: { path: disk }, claimRef: { uid }, volumeMode: "Block" },
		} as never);
		await cluster.create("raw", {
			containers: [sleeper("c", [], { volumeDevices: [{ name: "v", devicePath: "/dev/data" }] })],
			volumes: [{ name: "v", persistentVolumeClaim: { claimName: "raw" } }],
		});
		await cluster.running("raw");
		t.is(await cluster.exec("raw", "c", "stat", "-c", "%F %t %T", "/dev/data"), "block special file 7 0");
		await allGone(t, cluster, "raw");
		t.true((await stat(disk)).isBlockDevice());
	} finally {
		await rm(host, { recursive: true });
	}
});
