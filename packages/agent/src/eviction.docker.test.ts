/** Pods that a host cannot keep, on a real Docker. See pods.docker.test.ts. */
import { totalmem } from "node:os";
import { type Container, Node, type Pod } from "@berth/api";
import test from "ava";
import { kubeletConfiguration } from "./config/kubelet-configuration.ts";
import { createFakeCluster, ended, IMAGE } from "./fake-cluster.ts";

const IDENTITY = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };
const QUICK = { evictionPressureTransitionPeriod: "1s" };
const container = (changes: Partial<Container>): Container => ({
	name: "c",
	image: IMAGE,
	command: ["sleep", "1000"],
	...changes,
});
const writing = (path: string) => ["sh", "-c", `head -c 3000000 /dev/zero > ${path}; sleep 1000`];
const told = ({ status }: Pod) => ({
	phase: status?.phase,
	reason: status?.reason,
	message: status?.message,
	disruption: status?.conditions?.find(({ type }) => type === "DisruptionTarget")?.reason,
	ready: status?.conditions?.find(({ type }) => type === "Ready")?.status,
});
const evicted = (message: string) => ({
	phase: "Failed",
	reason: "Evicted",
	message,
	disruption: "TerminationByKubelet",
	ready: "False",
});

test.serial("a pod goes that writes more than its volume or its container may hold", async (t) => {
	await using cluster = await createFakeCluster();
	await cluster.create("modest", {
		containers: [container({ resources: { limits: { "ephemeral-storage": "100Mi" } } })],
	});
	await cluster.create("volume", {
		containers: [container({ command: writing("/v/file"), volumeMounts: [{ name: "v", mountPath: "/v" }] })],
		volumes: [{ name: "v", emptyDir: { sizeLimit: "1Mi" } }],
	});
	await cluster.create("layer", {
		containers: [
			container({ command: writing("/tmp/file"), resources: { limits: { "ephemeral-storage": "1Mi" } } }),
			container({ name: "other" }),
		],
	});
	const volume = await cluster.until("the volume's limit", () => ended(cluster, "volume"), 90);
	t.deepEqual(told(volume), evicted('Usage of EmptyDir volume "v" exceeds the limit "1Mi". '));
	const layer = await cluster.until("the container's limit", () => ended(cluster, "layer"), 90);
	t.deepEqual(told(layer), evicted('Container c exceeded its local ephemeral storage limit "1Mi". '));
	t.true(cluster.events.some((event) => event.startsWith("volume Warning Evicted Usage of EmptyDir")));
	t.is(cluster.pod("modest")?.status?.phase, "Running");
	t.is(layer.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 137);
});

test.serial("a host short of memory says so, and lets pods go in order; none comes back", async (t) => {
	let short = false;
	const configuration = () =>
		kubeletConfiguration({
			...IDENTITY,
			...QUICK,
			// More than there is: nothing that a pod does can help.
			evictionHard: short ? { "memory.available": `${totalmem() * 2}` } : {},
		});
	await using cluster = await createFakeCluster({ configuration });
	const requests = (memory: string) => ({ resources: { requests: { memory } } });
	await cluster.create("critical", { priority: 2_000_001_000, containers: [container({})] });
	await cluster.create("reserved", { containers: [container(requests("200Mi"))] });
	await cluster.create("greedy", { containers: [container({})] });
	for (const name of ["critical", "reserved", "greedy"]) await cluster.running(name);
	await cluster.stopAgent();
	short = true;
	cluster.startAgent();
	const first = await cluster.until("the first to go", () => ended(cluster, "greedy"), 40);
	t.is(cluster.pod("reserved")?.status?.phase, "Running");
	t.regex(
		first.status?.message ?? "",
		/^The node was low on resource: memory\. Threshold quantity: .*, available: .*\. Container c was using .*, request is 0, has larger consumption of memory\. $/,
	);
	await cluster.until("the second to go", () => ended(cluster, "reserved"), 40);
	const conditions = () => cluster.objects<Node>(Node)[0]?.status?.conditions ?? [];
	await cluster.until("the node to say so", () =>
		conditions().some(({ type, status }) => type === "MemoryPressure" && status === "True"),
	);
	await cluster.create("late", { containers: [container({})] });
	const late = await cluster.until("the late one to be refused", () => ended(cluster, "late"));
	t.is(late.status?.reason, "Evicted");
	t.is(late.status?.message, "Pod was rejected: The node had condition: [MemoryPressure]. ");
	t.is(cluster.pod("critical")?.status?.phase, "Running");
	await cluster.stopAgent();
	short = false;
	cluster.startAgent();
	await cluster.until("the pressure to be over", () =>
		conditions().some(({ type, status }) => type === "MemoryPressure" && status === "False"),
	);
	t.is(cluster.pod("greedy")?.status?.reason, "Evicted");
	t.is(cluster.pod("greedy")?.status?.containerStatuses?.[0]?.restartCount, 0);
});
