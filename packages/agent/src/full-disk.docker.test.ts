/** A disk that takes nothing more, on a real Docker. See pods.docker.test.ts. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { createFakeCluster, ended, IMAGE } from "./fake-cluster.ts";
import { mustRun, run } from "./steps/spawn.ts";

const LASTING = { name: "c", image: IMAGE, command: ["sleep", "1000"] };
const volumes = [
	{ name: "map", downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }] } },
];
const mounted = { ...LASTING, volumeMounts: [{ name: "map", mountPath: "/map" }] };

test.serial(
	"a full disk: pods say why they wait, others end and go, and all mends itself when there is room",
	async (t) => {
		t.timeout(120_000);
		await using cluster = await createFakeCluster();
		// The directory is there from the first pod on.
		await cluster.create("first", { containers: [LASTING] });
		await cluster.running("first");
		await cluster.remove("first");
		const pods = join(cluster.dataDir, "pods");
		await mustRun("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", pods]);
		try {
			await cluster.create("going", { containers: [LASTING] });
			await cluster.create("ending", {
				restartPolicy: "Never",
				containers: [
					{ ...LASTING, command: ["sh", "-c", "while ! [ -e /end ]; do sleep 0.1; done; exit 4"] },
				],
			});
			await cluster.running("going");
			await cluster.running("ending");
			const filler = join(pods, "filler");
			// Ends when there is no room.
			await run("sh", ["-c", `cat /dev/zero > ${filler}`]);
			await cluster.create("waiting", { containers: [mounted], volumes });
			await cluster.until(
				"word of it",
				() => cluster.events.some((event) => /^waiting Warning .*(ENOSPC|no space left)/.test(event)),
				20,
			);
			t.is(cluster.pod("waiting")?.status?.phase, "Pending");
			await cluster.exec("ending", "c", "touch", "/end");
			const over = await cluster.until("the end", () => ended(cluster, "ending"));
			t.is(over.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 4);
			await cluster.remove("going");
			// The agent that comes now finds torn files nowhere.
			await cluster.stopAgent();
			cluster.startAgent();
			await rm(filler);
			await cluster.until("the pod to run", () => cluster.pod("waiting")?.status?.phase === "Running", 60);
			t.is(await cluster.exec("waiting", "c", "cat", "/map/a"), "waiting");
			t.is(cluster.pod("waiting")?.status?.containerStatuses?.[0]?.restartCount, 0);
			await cluster.remove("waiting");
			await cluster.remove("ending");
			t.deepEqual(await readdir(pods), []);
		} finally {
			await run("umount", ["-l", pods]);
		}
	},
);
