/** Running pods that are given more and less, on a real Docker. See pods.docker.test.ts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Container, Node, Pod } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, type FakeCluster, IMAGE } from "./fake-cluster.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

type Amounts = Readonly<Record<string, string>>;
interface Asked {
	readonly requests: Amounts;
	readonly limits: Amounts;
}
const container = (name: string, resources: Asked, more: Partial<Container> = {}) => ({
	name,
	image: IMAGE,
	command: SLEEP,
	resources,
	...more,
});
const asked = (cpu: string, limit: string, memory: string): Asked => ({
	requests: { cpu, memory: "16Mi" },
	limits: { cpu: limit, memory },
});

/** As the API server's resize does. */
async function resize(cluster: FakeCluster, name: string, resources: Readonly<Record<string, Asked>>) {
	const pod = cluster.pod(name);
	const containers = pod?.spec.containers.map((each) => ({
		...each,
		resources: resources[each.name] ?? each.resources,
	}));
	const generation = (pod?.metadata.generation ?? 1) + 1;
	await cluster.client.patch(
		Pod,
		{ namespace: "default", name },
		{ metadata: { generation }, spec: { containers } },
		{ type: "merge" },
	);
	return generation;
}

/** What the kernel holds a container to, seen from inside. */
async function kernelLimits(cluster: FakeCluster, pod: string, name: string) {
	const script = `cd /sys/fs/cgroup
		if [ -f cpu.max ]; then cat cpu.weight cpu.max memory.max
		else cat cpu/cpu.shares cpu/cpu.cfs_quota_us memory/memory.limit_in_bytes; fi`;
	return (await cluster.exec(pod, name, "sh", "-c", script)).split(/\s+/);
}
const condition = (cluster: FakeCluster, name: string, type: string) =>
	cluster.pod(name)?.status?.conditions?.find((each) => each.type === type);
const statusOf = (cluster: FakeCluster, name: string, at = 0) =>
	cluster.pod(name)?.status?.containerStatuses?.[at];
const settled = (cluster: FakeCluster, name: string, generation: number) =>
	cluster.until(
		"the resize to be done",
		() =>
			cluster.pod(name)?.status?.observedGeneration === generation &&
			!condition(cluster, name, "PodResizePending") &&
			!condition(cluster, name, "PodResizeInProgress"),
		20,
	);
const version1 = async (cluster: FakeCluster) =>
	(await cluster.docker("info", "-f", "{{.CgroupVersion}}")) === "1";

clusterTest("a container is given more, then less, and runs on", async (t, cluster) => {
	await cluster.create(
		"web",
		{
			containers: [
				container("c", asked("100m", "200m", "32Mi")),
				container("d", asked("10m", "100m", "32Mi")),
			],
		},
		{ generation: 1 },
	);
	const before = await cluster.running("web");
	t.deepEqual(statusOf(cluster, "web")?.resources, asked("100m", "200m", "32Mi"));
	const pid = await cluster.docker("inspect", "-f", "{{.State.Pid}}", containerId(before));
	const score = await readFile(`/proc/${pid}/oom_score_adj`, "utf8");
	for (const [cpu, limit, memory, shares, quota] of [
		["200m", "400m", "64Mi", "204", "40000"],
		["50m", "100m", "24Mi", "51", "10000"],
	] as const) {
		const generation = await resize(cluster, "web", { c: asked(cpu, limit, memory) });
		await settled(cluster, "web", generation);
		const bytes = `${Number.parseInt(memory, 10) * 1024 ** 2}`;
		if (await version1(cluster)) {
			t.deepEqual(await kernelLimits(cluster, "web", "c"), [shares, quota, bytes]);
		}
		t.like(statusOf(cluster, "web"), {
			restartCount: 0,
			resources: asked(cpu, limit, memory),
			allocatedResources: { cpu, memory: "16Mi" },
		});
	}
	t.is(statusOf(cluster, "web")?.containerID, before.status?.containerStatuses?.[0]?.containerID);
	t.is(await readFile(`/proc/${pid}/oom_score_adj`, "utf8"), score);
	const told = cluster.events.filter((event) => event.includes("Resize"));
	t.deepEqual(
		told.map((event) => event.split(" ").slice(1, 3).join(" ")),
		["Normal ResizeStarted", "Normal ResizeCompleted", "Normal ResizeStarted", "Normal ResizeCompleted"],
	);
});

const containerId = (pod: Pod, at = 0) =>
	(pod.status?.containerStatuses?.[at]?.containerID ?? "").replace("docker://", "");

clusterTest("only the container whose policy says so restarts", async (t, cluster) => {
	const policy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }] as const;
	await cluster.create(
		"web",
		{
			containers: [
				container("c", asked("10m", "100m", "32Mi"), { resizePolicy: policy }),
				container("d", asked("10m", "100m", "32Mi")),
			],
		},
		{ generation: 1 },
	);
	const before = await cluster.running("web");
	await settled(cluster, "web", await resize(cluster, "web", { c: asked("20m", "200m", "32Mi") }));
	t.is(statusOf(cluster, "web", 0)?.restartCount, 0);
	const request = { requests: { cpu: "20m", memory: "24Mi" }, limits: { cpu: "200m", memory: "32Mi" } };
	await settled(cluster, "web", await resize(cluster, "web", { c: request }));
	await cluster.until("its restart", () => statusOf(cluster, "web", 0)?.restartCount === 1);
	await cluster.running("web");
	const more = asked("20m", "300m", "64Mi");
	await settled(cluster, "web", await resize(cluster, "web", { c: more, d: more }));
	await cluster.until("its restart", () => statusOf(cluster, "web", 0)?.restartCount === 2);
	await cluster.running("web");
	t.is(statusOf(cluster, "web", 1)?.containerID, before.status?.containerStatuses?.[1]?.containerID);
	t.deepEqual(statusOf(cluster, "web", 0)?.resources, more);
	t.deepEqual(statusOf(cluster, "web", 1)?.resources, more);
	const [first, second] = [await kernelLimits(cluster, "web", "c"), await kernelLimits(cluster, "web", "d")];
	t.deepEqual(first, second);
	t.true(cluster.events.includes("web Normal Killing Container c resize requires restart"));
});

clusterTest("less memory than is in use is refused until it is free", async (t, cluster) => {
	const script = "dd if=/dev/zero of=/dev/shm/block bs=1M count=40; sleep 1000";
	await cluster.create(
		"web",
		{ containers: [{ ...container("c", asked("10m", "500m", "60Mi")), command: ["sh", "-c", script] }] },
		{ generation: 1 },
	);
	await cluster.running("web");
	await cluster.until("memory to be used", async () =>
		/41943040/.test(await cluster.exec("web", "c", "stat", "-c", "%s", "/dev/shm/block").catch(() => "")),
	);
	const generation = await resize(cluster, "web", { c: asked("10m", "500m", "24Mi") });
	const refused = await cluster.until("the refusal", () => {
		const found = condition(cluster, "web", "PodResizeInProgress");
		return found?.reason === "Error" ? found : undefined;
	});
	t.is(refused.observedGeneration, generation);
	t.regex(
		refused.message ?? "",
		/^cannot decrease memory limits: attempting to set container "c" memory limit \(25165824\) below current usage \(\d+\)$/,
	);
	t.deepEqual(statusOf(cluster, "web")?.resources?.limits, { cpu: "500m", memory: "60Mi" });
	await cluster.exec("web", "c", "rm", "/dev/shm/block");
	await settled(cluster, "web", generation);
	t.deepEqual(statusOf(cluster, "web")?.resources?.limits, { cpu: "500m", memory: "24Mi" });
	t.is(statusOf(cluster, "web")?.restartCount, 0);
});

clusterTest("what does not fit waits for room, also through a restart of the agent", async (t, cluster) => {
	const small = { requests: { cpu: "100m" }, limits: { cpu: "4" } };
	const { allocatable } = cluster.objects<Node>(Node)[0]?.status ?? {};
	const most = Number(allocatable?.cpu ?? 0);
	const most100 = `${most * 1000 - 150}m`;
	await cluster.create("big", { containers: [container("c", { requests: { cpu: most100 }, limits: {} })] });
	await cluster.running("big");
	await cluster.create("web", { containers: [container("c", small)] }, { generation: 1 });
	const before = await cluster.running("web");
	const never = await resize(cluster, "web", {
		c: { requests: { cpu: `${most + 1}` }, limits: { cpu: `${most + 2}` } },
	});
	await cluster.until("its refusal", () => condition(cluster, "web", "PodResizePending"));
	t.like(condition(cluster, "web", "PodResizePending"), {
		status: "True",
		reason: "Infeasible",
		message: `Node didn't have enough capacity: cpu, requested: ${(most + 1) * 1000}, capacity: ${most * 1000}`,
		observedGeneration: never,
	});
	const later = await resize(cluster, "web", { c: { requests: { cpu: "500m" }, limits: { cpu: "4" } } });
	await cluster.until(
		"its deferral",
		() => condition(cluster, "web", "PodResizePending")?.observedGeneration === later,
	);
	t.like(condition(cluster, "web", "PodResizePending"), {
		reason: "Deferred",
		message: `Node didn't have enough resource: cpu, requested: 500, used: ${most * 1000 - 150}, capacity: ${most * 1000}`,
	});
	await cluster.stopAgent();
	const written = await readFile(join(cluster.dataDir, "pods", before.metadata.uid, "pod.json"), "utf8");
	t.like(JSON.parse(written).spec.containers[0].resources, small);
	cluster.startAgent();
	await cluster.until(
		"the next agent's word",
		() => cluster.events.filter((event) => event.includes("ResizeDeferred"))[1],
	);
	t.deepEqual(statusOf(cluster, "web")?.allocatedResources, { cpu: "100m" });
	await cluster.remove("big", 0);
	await settled(cluster, "web", later);
	t.deepEqual(statusOf(cluster, "web")?.allocatedResources, { cpu: "500m" });
	t.is(statusOf(cluster, "web")?.containerID, before.status?.containerStatuses?.[0]?.containerID);
});
