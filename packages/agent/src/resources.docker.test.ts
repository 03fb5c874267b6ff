/** What containers may use of their host, and what happens when they want more, on a real Docker. See pods.docker.test.ts. */
import { readFile } from "node:fs/promises";
import type { Container } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, ended, type FakeCluster, IMAGE } from "./fake-cluster.ts";
import { hostRights } from "./runtime/host-rights.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

const container = (resources: Container["resources"], name = "c", command = SLEEP) => ({
	name,
	image: IMAGE,
	command,
	resources,
});

/** Of a container and, one level up, of its pod. */
async function groupsOf(cluster: FakeCluster, pod: string, name = "c") {
	const status = cluster.pod(pod)?.status?.containerStatuses?.find((each) => each.name === name);
	const id = status?.containerID?.replace("docker://", "") ?? "";
	const pid = await cluster.docker("inspect", "-f", "{{.State.Pid}}", id);
	const path = (await readFile(`/proc/${pid}/cgroup`, "utf8")).match(/:cpu[^:]*:(.*)/)?.[1] ?? "";
	const read = (controller: string, where: string, file: string) =>
		readFile(`/sys/fs/cgroup/${controller}/${where}/${file}`, "utf8").then((text) => text.trim());
	const values = async (where: string) => [
		await read("cpu", where, "cpu.shares"),
		await read("cpu", where, "cpu.cfs_quota_us"),
		await read("memory", where, "memory.limit_in_bytes"),
	];
	const score = (await readFile(`/proc/${pid}/oom_score_adj`, "utf8")).trim();
	return { own: await values(path), pod: await values(`${path}/..`), score: Number(score) };
}

const MIB = 1024 ** 2;

clusterTest("shares, quotas, limits and scores of each quality of service", async (t, cluster) => {
	if ((await cluster.docker("info", "-f", "{{.CgroupVersion}} {{.CgroupDriver}}")) !== "1 cgroupfs") {
		t.pass("this host's groups are elsewhere");
		return;
	}
	const all = { cpu: "150m", memory: "32Mi" };
	await cluster.create("guaranteed", { containers: [container({ limits: all, requests: all })] });
	await cluster.create("burstable", {
		containers: [container({ requests: { cpu: "100m", memory: "16Mi" }, limits: { memory: "32Mi" } })],
	});
	await cluster.create("best-effort", { containers: [container({})] });
	// As the API server would not store it: it makes a request of a limit.
	await cluster.create("limit-alone", { containers: [container({ limits: { cpu: "1500m" } })] });
	await cluster.create("costly", {
		overhead: { cpu: "50m", memory: "8Mi" },
		containers: [container({ limits: all, requests: all }), container({ limits: all, requests: all }, "d")],
	});
	const { lowestOomScore: least } = await hostRights();
	const unlimited = "9223372036854771712";
	const seen = async (name: string) => {
		await cluster.running(name);
		return groupsOf(cluster, name);
	};
	t.deepEqual(await seen("guaranteed"), {
		own: ["153", "15000", `${32 * MIB}`],
		pod: ["153", "15000", `${32 * MIB}`],
		score: Math.max(-997, least),
	});
	const burstable = await seen("burstable");
	t.deepEqual(
		[burstable.own, burstable.pod],
		[
			["102", "-1", `${32 * MIB}`],
			["102", "-1", `${32 * MIB}`],
		],
	);
	t.true(burstable.score > 2 && burstable.score < 1000);
	t.deepEqual(await seen("best-effort"), {
		own: ["2", "-1", unlimited],
		pod: ["2", "-1", unlimited],
		score: 1000,
	});
	t.deepEqual((await seen("limit-alone")).own, ["1536", "150000", unlimited]);
	t.deepEqual((await seen("costly")).pod, ["358", "35000", `${72 * MIB}`]);
});

clusterTest("who wants too much memory is killed, and that is said", async (t, cluster) => {
	const limits = { memory: "16Mi" };
	const eat = "tail -c 64m /dev/zero > /dev/null";
	await cluster.create("own", {
		restartPolicy: "Never",
		containers: [container({ limits }, "c", ["sh", "-c", `exec ${eat}`])],
	});
	await cluster.create("child", {
		restartPolicy: "Never",
		containers: [container({ limits }, "c", ["sh", "-c", `${eat}; exit 3`])],
	});
	await cluster.create("survivor", {
		restartPolicy: "Never",
		containers: [container({ limits }, "c", ["sh", "-c", `${eat}; exit 0`])],
	});
	const last = async (name: string) => {
		const pod = await cluster.until(`${name}'s end`, () => ended(cluster, name), 30);
		return pod.status?.containerStatuses?.[0]?.state?.terminated;
	};
	t.like(await last("own"), { reason: "OOMKilled", exitCode: 137 });
	t.like(await last("child"), { reason: "OOMKilled", exitCode: 3 });
	t.like(await last("survivor"), { reason: "Completed", exitCode: 0 });
});

clusterTest("what the host does not have is refused", async (t, cluster) => {
	const pages = { "hugepages-2Mi": "64Gi", memory: "32Mi", cpu: "10m" };
	const devices = { "example.com/device": "1" };
	await cluster.create("pages", { containers: [container({ limits: pages, requests: pages })] });
	await cluster.create("devices", { containers: [container({ limits: devices, requests: devices })] });
	const refusal = async (name: string) =>
		(await cluster.until("its refusal", () => ended(cluster, name))).status;
	t.like(await refusal("pages"), { reason: "OutOfhugepages-2Mi" });
	t.like(await refusal("devices"), { reason: "OutOfexample.com/device" });
});
