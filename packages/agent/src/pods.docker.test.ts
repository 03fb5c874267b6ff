/** Pods on a real Docker. BERTH_TEST_DOCKER is the path of its socket; needs root and CNI plugins. */
import { connect } from "node:net";
import test from "ava";
import { createFakeCluster, type FakeCluster, IMAGE } from "./fake-cluster.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (
	title: string,
	body: (t: import("ava").ExecutionContext, cluster: FakeCluster) => Promise<void>,
) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

clusterTest("a pod runs, has an address that answers, and goes without a trace", async (t, cluster) => {
	await cluster.create("web", {
		containers: [
			{ name: "c", image: IMAGE, command: ["sh", "-c", "while :; do echo hello | nc -l -p 80; done"] },
		],
	});
	const pod = await cluster.running("web");
	t.regex(pod.status?.podIP ?? "", /^10\.244\.77\.\d+$/);
	t.is(pod.status?.hostIP, "127.0.0.1");
	t.deepEqual(
		pod.status?.conditions?.map(({ type, status }) => `${type}=${status}`),
		[
			"PodReadyToStartContainers=True",
			"Initialized=True",
			"Ready=True",
			"ContainersReady=True",
			"PodScheduled=True",
		],
	);
	const [status] = pod.status?.containerStatuses ?? [];
	t.like(status, { ready: true, started: true, restartCount: 0, image: IMAGE });
	t.deepEqual(status?.user?.linux, { uid: 0, gid: 0, supplementalGroups: [0] });
	t.regex(status?.containerID ?? "", /^docker:\/\/[0-9a-f]{64}$/);
	t.is(await cluster.until("an answer", () => said(pod.status?.podIP ?? "", 80)), "hello\n");
	t.is(await cluster.exec("web", "c", "hostname"), "web");
	await cluster.remove("web", 1);
	await cluster.until("its containers to be gone", async () => (await cluster.containers()) === "");
	const told = cluster.events.filter((event) => event.startsWith("web "));
	t.deepEqual(told, [
		`web Normal Pulled Container image "${IMAGE}" already present on machine`,
		"web Normal Created Created container: c",
		"web Normal Started Started container c",
		"web Normal Killing Stopping container c",
	]);
});

clusterTest(
	"an agent that starts anew restarts nothing, and takes nothing out of service",
	async (t, cluster) => {
		await cluster.create("web", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
		const before = await cluster.running("web");
		await cluster.stopAgent();
		cluster.startAgent();
		await cluster.create("other", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
		await cluster.running("other");
		t.deepEqual(cluster.pod("web")?.status, before.status);
		t.false(cluster.events.some((event) => event.includes("NodeNotReady")));
	},
);

clusterTest("a pod deleted while the agent was away is taken down", async (t, cluster) => {
	await cluster.create("web", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
	await cluster.running("web");
	await cluster.stopAgent();
	await cluster.remove("web", 0);
	cluster.startAgent();
	await cluster.until("its containers to be gone", async () => (await cluster.containers()) === "", 40);
	t.is(cluster.pod("web"), undefined);
});

clusterTest("a sandbox that dies is replaced, with all that was in it", async (t, cluster) => {
	await cluster.create("web", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
	const before = await cluster.running("web");
	const sandbox = await cluster.containers("--filter", "label=io.kubernetes.container.name=POD");
	await cluster.docker("rm", "-f", sandbox);
	const after = await cluster.until("another container", () => {
		const pod = cluster.pod("web");
		return pod?.status?.containerStatuses?.[0]?.state?.running &&
			pod.status.containerStatuses[0].restartCount > 0
			? pod
			: undefined;
	});
	t.not(
		after.status?.containerStatuses?.[0]?.containerID,
		before.status?.containerStatuses?.[0]?.containerID,
	);
	t.truthy(await cluster.exec("web", "c", "hostname"));
});

/** What a server says before it closes; undefined when nobody answers. */
function said(host: string, port: number): Promise<string | undefined> {
	return new Promise((resolve) => {
		let text = "";
		const socket = connect({ host, port });
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("error", () => resolve(undefined));
		socket.on("close", () => resolve(text));
	});
}
