/** Images as volumes, on a real Docker. See pods.docker.test.ts. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createFakeCluster, IMAGE, waiting } from "./fake-cluster.ts";
import { mountsBelow } from "./steps/mounts.ts";
import { mustRun } from "./steps/spawn.ts";

const DATA = "berth-volume-test:1";
const sleeper = (name: string, ...paths: readonly (string | undefined)[]) => ({
	name,
	image: IMAGE,
	command: ["sleep", "1000"],
	volumeMounts: paths.map((subPath, index) => ({
		name: "v",
		mountPath: `/v${index}`,
		...(subPath && { subPath }),
	})),
});

/** Two files and a link, of different owners and modes, and nothing that could run. */
async function makeImage(): Promise<void> {
	const root = await mkdtemp(join(tmpdir(), "berth-image-"));
	const socket = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";
	const script = `set -e
		mkdir -p ${root}/dir; echo hello > ${root}/note; echo deep > ${root}/dir/file; ln -s dir/file ${root}/link
		chown 7:8 ${root}/note; chmod 640 ${root}/note
		tar -C ${root} -c . | docker -H unix://${socket} import - ${DATA}`;
	await mustRun("sh", ["-c", script]);
	await rm(root, { recursive: true });
}

test.serial("an image's files, for every container, read-only, and nothing left of them", async (t) => {
	await using cluster = await createFakeCluster();
	await makeImage();
	const volumes = [{ name: "v", image: { reference: DATA, pullPolicy: "Never" as const } }];
	await cluster.create("data", {
		containers: [sleeper("c", undefined, "dir"), sleeper("d", undefined)],
		volumes,
	});
	await cluster.running("data");
	const run = (script: string) => cluster.exec("data", "c", "sh", "-c", script);
	t.is(
		await run("cat /v0/note /v0/link /v1/file; stat -c '%a %u %g' /v0/note; ls -A /v0"),
		"hello\ndeep\ndeep\n640 7 8\ndir\nlink\nnote",
	);
	t.is(await cluster.exec("data", "d", "cat", "/v0/note"), "hello");
	const id = await cluster.docker("image", "inspect", "--format", "{{.Id}}", DATA);
	const [status] = cluster.pod("data")?.status?.containerStatuses ?? [];
	t.deepEqual(
		status?.volumeMounts?.map(({ mountPath, volumeStatus }) => [mountPath, volumeStatus?.image?.imageRef]),
		[
			["/v0", `docker://${id}`],
			["/v1", `docker://${id}`],
		],
	);
	await t.throwsAsync(run("touch /v0/x"), { message: /Read-only/ });
	t.is(await cluster.docker("ps", "-aq", "--filter", "name=berth_image_"), "");

	const absent = [{ name: "v", image: { reference: "127.0.0.1:1/nothing:1" } }];
	await cluster.create("absent", { containers: [sleeper("c", undefined)], volumes: absent });
	const never = [{ name: "v", image: { reference: "nothing:1", pullPolicy: "Never" as const } }];
	await cluster.create("never", { containers: [sleeper("c", undefined)], volumes: never });
	await cluster.until("the refusal", () => waiting(cluster, "never", "ErrImageNeverPull"));
	await cluster.until("the failed pull", () => waiting(cluster, "absent", "ErrImagePull"));
	const pod = await cluster.until("the wait", () => waiting(cluster, "absent", "ImagePullBackOff"));
	t.regex(
		pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? "",
		/^Back-off pulling image "127.0.0.1:1\/nothing:1": ErrImagePull: .*connection refused/,
	);
	await Promise.all(["data", "absent", "never"].map((name) => cluster.remove(name, 0)));
	const directory = join(cluster.dataDir, "pods");
	await cluster.until("directories to be gone", async () => (await readdir(directory)).length === 0);
	t.deepEqual(await mountsBelow(directory), []);
	await cluster.docker("rmi", DATA);
});

test.serial("what an agent left that died half way is found and taken back", async (t) => {
	await using cluster = await createFakeCluster();
	const volumes = [
		{ name: "v", emptyDir: { medium: "Memory" } },
		{ name: "w", emptyDir: {} },
	];
	const part = { name: "w", mountPath: "/w", subPath: "part" };
	const container = sleeper("c", undefined, "sub");
	await cluster.create("left", {
		containers: [{ ...container, volumeMounts: [...container.volumeMounts, part] }],
		volumes,
	});
	const { uid } = (await cluster.running("left")).metadata;
	await cluster.stopAgent();
	const directory = join(cluster.dataDir, "pods");
	await mkdir(join(directory, uid, "images/data.new"), { recursive: true });
	await cluster.docker("create", "--name", `berth_image_${uid}_data`, IMAGE, "/never");
	t.is((await mountsBelow(directory)).length, 3);
	await cluster.remove("left", 0);
	cluster.startAgent();
	await cluster.until("directories to be gone", async () => (await readdir(directory)).length === 0);
	t.deepEqual(await mountsBelow(directory), []);
	t.is(await cluster.docker("ps", "-aq", "--filter", "name=berth_image_"), "");
});
