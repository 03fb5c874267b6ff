/** What pods find in their volumes, and what is left of them, on a real Docker. See pods.docker.test.ts. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigMap, Secret, ServiceAccount, type Volume, type VolumeMount } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, type FakeCluster, waiting } from "./fake-cluster.ts";
import { podOf } from "./pods/decide.world.ts";
import { mountsBelow, unmountBelow } from "./steps/mounts.ts";
import { mustRun } from "./steps/spawn.ts";
import { emptyDirKind } from "./steps/volumes/empty-dir.ts";
import { allGone, sleeper } from "./volumes.fixture.ts";

const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});
const base64 = (text: string) => Buffer.from(text).toString("base64");

clusterTest(
	"empty directories: on disk and in memory, for groups, as large as they may be",
	async (t, cluster) => {
		const volumes: Volume[] = [
			{ name: "disk", emptyDir: {} },
			{ name: "memory", emptyDir: { medium: "Memory" } },
			{ name: "small", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
			{ name: "unused", secret: { secretName: "nowhere" } },
		];
		const mounts = ["disk", "memory", "small"].map((name) => ({ name, mountPath: `/${name}` }));
		const limited = { resources: { limits: { memory: "32Mi" } } };
		await cluster.create("plain", { containers: [sleeper("c", mounts, limited)], volumes });
		await cluster.create("grouped", {
			securityContext: { runAsUser: 1001, fsGroup: 123 },
			containers: [sleeper("c", mounts, limited), sleeper("d", mounts)],
			volumes,
		});
		await cluster.running("plain");
		const modes = ["stat", "-c", "%a %g", "/disk", "/memory", "/small"];
		t.is(await cluster.exec("plain", "c", ...modes), "777 0\n777 0\n777 0");
		t.regex(await cluster.exec("plain", "c", "df", "-k", "/memory"), /tmpfs\s+32768/);
		t.regex(await cluster.exec("plain", "c", "df", "-k", "/small"), /tmpfs\s+1024/);
		await cluster.running("grouped");
		t.is(await cluster.exec("grouped", "c", ...modes), "2777 123\n2777 123\n2777 123");
		await cluster.exec("grouped", "c", "sh", "-c", "echo hi > /memory/f; mkdir /disk/d; chmod 700 /disk/d");
		t.is(
			await cluster.exec("grouped", "d", "sh", "-c", "cat /memory/f; stat -c %g /memory/f /disk/d"),
			"hi\n123\n123",
		);

		// What containers made of it is theirs, also for the next agent.
		await cluster.exec("plain", "c", "chmod", "700", "/disk", "/memory");
		await cluster.stopAgent();
		cluster.startAgent();
		await cluster.create("after", { containers: [sleeper("c", [])] });
		await cluster.running("after");
		t.is(await cluster.exec("plain", "c", ...modes), "700 0\n700 0\n777 0");
		await allGone(t, cluster, "plain", "grouped", "after");
	},
);

clusterTest("a pod that has ended keeps no memory and no disk, but what it said", async (t, cluster) => {
	const script = "echo lots > /disk/x; echo lots > /memory/y; echo bye; echo done > /dev/termination-log";
	await cluster.create("over", {
		restartPolicy: "Never",
		containers: [
			sleeper(
				"c",
				[
					{ name: "disk", mountPath: "/disk" },
					{ name: "disk", mountPath: "/part", subPath: "part" },
					{ name: "memory", mountPath: "/memory" },
				],
				{ command: ["sh", "-c", script] },
			),
		],
		volumes: [
			{ name: "disk", emptyDir: {} },
			{ name: "memory", emptyDir: { medium: "Memory" } },
		],
	});
	await cluster.until("the end", () => cluster.pod("over")?.status?.phase === "Succeeded");
	const [uid = ""] = await readdir(join(cluster.dataDir, "pods"));
	const directory = join(cluster.dataDir, "pods", uid);
	await cluster.until(
		"volumes to be gone",
		async () => !(await readdir(directory)).some((name) => ["volumes", "subpaths"].includes(name)),
	);
	t.deepEqual(await mountsBelow(directory), []);
	await cluster.stopAgent();
	cluster.startAgent();
	await cluster.create("after", { containers: [sleeper("c", [])] });
	await cluster.running("after");
	const [status] = cluster.pod("over")?.status?.containerStatuses ?? [];
	t.like(status?.state?.terminated, { exitCode: 0, message: "done\n" });
	t.is(await cluster.docker("logs", status?.containerID?.replace("docker://", "") ?? ""), "bye");
	await allGone(t, cluster, "over", "after");
});

test.serial("empty directories of huge pages", async (t) => {
	const parent = await mkdtemp(join(tmpdir(), "berth-huge-"));
	const directory = join(parent, "v");
	const life = new AbortController();
	try {
		await emptyDirKind({ allocatable: () => ({}) }).setUp({
			volume: { name: "v", emptyDir: { medium: "HugePages" } },
			directory,
			scope: {
				pod: podOf({
					securityContext: { fsGroup: 123 },
					containers: [{ name: "c", resources: { limits: { "hugepages-2Mi": "2Mi" } } }],
				}),
				signal: life.signal,
				user: { uid: "u", life: life.signal, changed: () => {} },
			},
		});
		const { gid, mode } = await stat(directory);
		t.deepEqual([gid, (mode & 0o7777).toString(8)], [123, "2777"]);
		t.regex(await readFile("/proc/self/mountinfo", "utf8"), new RegExp(`${directory} .* - hugetlbfs `));
	} finally {
		await unmountBelow(parent);
		await rm(parent, { recursive: true });
	}
});

clusterTest(
	"files of objects: modes, owners, updates all at once, what is optional, what is gone",
	async (t, cluster) => {
		const { client } = cluster;
		await client.create(ConfigMap, {
			metadata: { name: "conf", namespace: "default" },
			data: { a: "1", b: "1" },
			binaryData: { bin: Buffer.from([0, 255, 10]).toString("base64") },
		});
		await client.create(Secret, {
			metadata: { name: "hush", namespace: "default" },
			data: { word: base64("sesame") },
		});
		await client.create(ServiceAccount, { metadata: { name: "default", namespace: "default" } });
		const items = [{ key: "a", path: "deep/er/a", mode: 0o400 }];
		await cluster.create("files", {
			securityContext: { runAsUser: 1000, fsGroup: 2000 },
			containers: [
				sleeper("c", [
					{ name: "conf", mountPath: "/conf" },
					{ name: "items", mountPath: "/items" },
					{ name: "hush", mountPath: "/hush" },
					{ name: "later", mountPath: "/later" },
					{ name: "scratch", mountPath: "/scratch" },
				]),
			],
			volumes: [
				{ name: "conf", configMap: { name: "conf" } },
				{ name: "items", projected: { sources: [{ configMap: { name: "conf", items } }] } },
				{ name: "hush", secret: { secretName: "hush", defaultMode: 0o400 } },
				{ name: "later", configMap: { name: "later", optional: true } },
				{ name: "scratch", emptyDir: {} },
			],
		});
		await cluster.running("files");
		const run = (script: string) => cluster.exec("files", "c", "sh", "-c", script);
		t.is(
			await run(
				"cd /; stat -L -c '%a %u %g' conf/a items/deep items/deep/er items/deep/er/a hush/word; cat hush/word",
			),
			"644 0 2000\n2755 0 2000\n2755 0 2000\n440 0 2000\n440 0 2000\nsesame",
		);
		t.is(await run("od -An -tx1 /conf/bin"), "00 ff 0a");
		t.is(await run("ls /later | wc -l"), "0");
		await t.throwsAsync(run("touch /conf/new"), { message: /Read-only/ });

		// Both keys change together: whoever reads through one directory sees them equal, and neither is ever missing.
		const watch = `
		while [ ! -e /scratch/end ]; do
			cd -P /conf/..data 2>/dev/null || { echo none; continue; }
			a=$(cat a 2>/dev/null) || continue; b=$(cat b 2>/dev/null) || continue
			[ "$a" = "$b" ] || echo "torn $a $b"
			[ -e /conf/a ] || echo missing
		done; echo done`;
		const watching = run(watch);
		const place = { namespace: "default", name: "conf" };
		for (let turn = 2; turn < 8; turn++) {
			await client.patch(ConfigMap, place, { data: { a: `${turn}`, b: `${turn}` } }, { type: "merge" });
			await cluster.until(`turn ${turn}`, async () => (await run("cat /conf/a")) === `${turn}`);
		}
		await run("touch /scratch/end");
		t.is(await watching, "done");
		t.is(await run("cat /items/deep/er/a"), "7");

		await client.create(ConfigMap, { metadata: { name: "later", namespace: "default" }, data: { x: "now" } });
		await cluster.until(
			"what came later",
			async () => (await run("cat /later/x 2>/dev/null || true")) === "now",
		);
		await client.patch(ConfigMap, place, { data: { b: null } }, { type: "merge" });
		await cluster.until("a key to go", async () => (await run("ls /conf")) === "a\nbin");
		await client.delete(ConfigMap, { namespace: "default", name: "later" });
		await cluster.until("what is optional to go", async () => (await run("ls /later")) === "");
		await allGone(t, cluster, "files");
	},
);

clusterTest(
	"parts of volumes: made as open as these, and mounted anew when they changed",
	async (t, cluster) => {
		const host = await mkdtemp(join(tmpdir(), "berth-part-"));
		try {
			await writeFile(join(host, "file"), "one");
			await cluster.client.create(ConfigMap, {
				metadata: { name: "conf", namespace: "default" },
				data: { "a.txt": "one" },
			});
			await cluster.create("parts", {
				securityContext: { runAsUser: 1000, fsGroup: 2000 },
				containers: [
					sleeper(
						"c",
						[
							{ name: "scratch", mountPath: "/mine", subPathExpr: "of/$(POD)" },
							{ name: "conf", mountPath: "/a.txt", subPath: "a.txt" },
							{ name: "host", mountPath: "/file", subPath: "file", readOnly: true },
							{ name: "scratch", mountPath: "/all" },
						],
						{
							env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
							command: [
								"sh",
								"-c",
								"cat /a.txt; while [ ! -e /mine/stop ]; do sleep 0.1; done; rm /mine/stop",
							],
						},
					),
				],
				volumes: [
					{ name: "scratch", emptyDir: {} },
					{ name: "conf", configMap: { name: "conf" } },
					{ name: "host", hostPath: { path: host } },
				],
			});
			await cluster.running("parts");
			const run = (script: string) => cluster.exec("parts", "c", "sh", "-c", script);
			t.is(
				await run("stat -c '%a %g' /mine /all/of /all/of/parts; cat /a.txt /file"),
				"2777 2000\n2777 2000\n2777 2000\noneone",
			);
			await t.throwsAsync(run("echo no > /file"), { message: /Read-only/ });
			const place = { namespace: "default", name: "conf" };
			await cluster.client.patch(ConfigMap, place, { data: { "a.txt": "two" } }, { type: "merge" });
			const [uid] = await readdir(join(cluster.dataDir, "pods"));
			const visible = join(cluster.dataDir, "pods", uid ?? "", "volumes/conf/a.txt");
			await cluster.until("the change", async () => (await readFile(visible, "utf8")) === "two");
			t.is(await run("cat /a.txt; touch /mine/stop"), "one");
			await cluster.until(
				"another start",
				() => cluster.pod("parts")?.status?.containerStatuses?.[0]?.restartCount === 1,
			);
			await cluster.running("parts");
			t.is(await run("cat /a.txt"), "two");
			await allGone(t, cluster, "parts");
			t.is(await readFile(join(host, "file"), "utf8"), "one");
		} finally {
			await rm(host, { recursive: true });
		}
	},
);

clusterTest("mounts made in a volume are seen where they are to be seen", async (t, cluster) => {
	const mount = (mountPropagation: VolumeMount["mountPropagation"]) => [
		{ name: "v", mountPath: "/v", mountPropagation },
	];
	await cluster.create("shared", {
		containers: [
			sleeper("both", mount("Bidirectional")),
			sleeper("follower", mount("HostToContainer")),
			sleeper("apart", mount("None")),
		],
		volumes: [{ name: "v", emptyDir: {} }],
	});
	await cluster.running("shared");
	const [uid] = await readdir(join(cluster.dataDir, "pods"));
	const inside = join(cluster.dataDir, "pods", uid ?? "", "volumes/v/m");
	await mkdir(inside);
	await mustRun("mount", ["-t", "tmpfs", "tmpfs", inside]);
	await writeFile(join(inside, "there"), "");
	t.is(await cluster.exec("shared", "both", "ls", "/v/m"), "there");
	t.is(await cluster.exec("shared", "follower", "ls", "/v/m"), "there");
	t.is(await cluster.exec("shared", "apart", "ls", "/v/m"), "");
	await allGone(t, cluster, "shared");
});

clusterTest("what is mounted below a read-only volume, as it is asked for", async (t, cluster) => {
	const host = await mkdtemp(join(tmpdir(), "berth-below-"));
	try {
		const below = join(host, "below");
		await mkdir(below);
		await mustRun("mount", ["-t", "tmpfs", "tmpfs", below]);
		const mount = (mountPath: string, recursiveReadOnly?: VolumeMount["recursiveReadOnly"]) => ({
			name: "v",
			mountPath,
			readOnly: true,
			recursiveReadOnly,
		});
		const volumes = [{ name: "v", hostPath: { path: host } }];
		const both = sleeper("c", [mount("/flat"), mount("/may", "IfPossible")]);
		await cluster.create("below", { containers: [both], volumes });
		await cluster.create("insists", { containers: [sleeper("c", [mount("/all", "Enabled")])], volumes });
		const pod = await cluster.running("below");
		await cluster.exec("below", "c", "touch", "/flat/below/x");
		await t.throwsAsync(cluster.exec("below", "c", "touch", "/flat/y"), { message: /Read-only/ });
		const told = pod.status?.containerStatuses?.[0]?.volumeMounts?.map((each) => each.recursiveReadOnly);
		const engine = await cluster.docker("version", "--format", "{{.Server.Version}}");
		if (Number.parseInt(engine, 10) >= 25) {
			t.deepEqual(told, ["Disabled", "Enabled"]);
			await t.throwsAsync(cluster.exec("below", "c", "touch", "/may/below/x"), { message: /Read-only/ });
			await cluster.running("insists");
			await t.throwsAsync(cluster.exec("insists", "c", "touch", "/all/below/x"), { message: /Read-only/ });
		} else {
			t.deepEqual(told, ["Disabled", "Disabled"]);
			await cluster.until("the refusal", () => waiting(cluster, "insists", "CreateContainerConfigError"));
		}
		await allGone(t, cluster, "below", "insists");
	} finally {
		for (const path of await mountsBelow(host)) await mustRun("umount", [path]);
		await rm(host, { recursive: true });
	}
});

clusterTest("paths of the host that are not what they should be hold the pod back", async (t, cluster) => {
	const host = await mkdtemp(join(tmpdir(), "berth-host-"));
	try {
		const path = join(host, "data");
		await cluster.create("wrong", {
			containers: [sleeper("c", [{ name: "v", mountPath: "/v" }])],
			volumes: [{ name: "v", hostPath: { path, type: "Directory" } }],
		});
		await cluster.until("the reason", () =>
			cluster.events.includes(
				`wrong Warning FailedMount MountVolume.SetUp failed for volume "v" : hostPath type check failed: ${path} is not a directory`,
			),
		);
		t.falsy(waiting(cluster, "wrong", "CreateContainerConfigError"));
		await mkdir(path);
		await cluster.running("wrong");
		await allGone(t, cluster, "wrong");
		t.true((await stat(path)).isDirectory());
	} finally {
		await rm(host, { recursive: true });
	}
});
