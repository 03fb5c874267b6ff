/** Sidecars, debugging containers and rules of restart, on a real Docker. See pods.docker.test.ts. */
import { type Container, Pod } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, ended, type FakeCluster, IMAGE } from "./fake-cluster.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});
const sh = (script: string) => ["sh", "-c", script];
const polite = (name: string): Container => ({
	name,
	image: IMAGE,
	command: sh(
		`trap 'echo ${name} ended >> /v/log; exit 0' TERM; echo ${name} began >> /v/log; while :; do sleep 0.1; done`,
	),
	volumeMounts: [{ name: "v", mountPath: "/v" }],
});

clusterTest("sidecars begin in order and end in reverse, after the others", async (t, cluster) => {
	await cluster.create("flock", {
		initContainers: [
			{ ...polite("one"), restartPolicy: "Always", startupProbe: { exec: { command: ["true"] } } },
			{ ...polite("two"), restartPolicy: "Always" },
		],
		containers: [polite("main")],
		volumes: [{ name: "v", hostPath: { path: `${cluster.dataDir}/flock`, type: "DirectoryOrCreate" } }],
		terminationGracePeriodSeconds: 20,
	});
	await cluster.running("flock");
	const log = () => cluster.exec("flock", "main", "cat", "/v/log");
	await cluster.until("the main container's word", async () => (await log()).includes("main"));
	t.is(await log(), "one began\ntwo began\nmain began");
	await cluster.create("reader", {
		containers: [{ name: "c", image: IMAGE, command: SLEEP, volumeMounts: [{ name: "v", mountPath: "/v" }] }],
		volumes: [{ name: "v", hostPath: { path: `${cluster.dataDir}/flock`, type: "Directory" } }],
	});
	await cluster.running("reader");
	await cluster.remove("flock");
	const lines = (await cluster.exec("reader", "c", "cat", "/v/log")).split("\n");
	t.deepEqual(lines.slice(3), ["main ended", "two ended", "one ended"]);
});

clusterTest("a job ends though its sidecar would go on", async (t, cluster) => {
	await cluster.create("job", {
		restartPolicy: "Never",
		initContainers: [
			{
				name: "side",
				image: IMAGE,
				command: sh("trap 'exit 0' TERM; while :; do sleep 0.1; done"),
				restartPolicy: "Always",
			},
		],
		containers: [{ name: "work", image: IMAGE, command: sh("exit 0") }],
	});
	const pod = await cluster.until("its end", () => ended(cluster, "job"));
	t.is(pod.status?.phase, "Succeeded");
	t.is(pod.status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode, 0);
});

clusterTest("a debugging container sees the processes of its target, and runs once", async (t, cluster) => {
	await cluster.create("app", { containers: [{ name: "c", image: IMAGE, command: ["sleep", "4321"] }] });
	await cluster.running("app");
	const ephemeralContainers = [
		{ name: "look", image: IMAGE, command: sh("ps; exit 7"), targetContainerName: "c" },
	];
	await cluster.client.patch(
		Pod,
		{ namespace: "default", name: "app" },
		{ spec: { ephemeralContainers } },
		{ type: "strategic" },
	);
	const status = await cluster.until("its end", () => {
		const found = cluster.pod("app")?.status?.ephemeralContainerStatuses?.[0];
		return found?.state?.terminated ? found : undefined;
	});
	t.like(status, { ready: false, restartCount: 0, state: { terminated: { exitCode: 7 } } });
	const id = status.containerID?.replace("docker://", "") ?? "";
	t.regex(await cluster.docker("logs", id), /sleep 4321/);
	t.is(cluster.pod("app")?.status?.containerStatuses?.[0]?.restartCount, 0);
});

clusterTest("exit codes decide who restarts", async (t, cluster) => {
	const rule = (action: "Restart" | "RestartAllContainers", code: number) => ({
		restartPolicy: "Never" as const,
		restartPolicyRules: [{ action, exitCodes: { operator: "In" as const, values: [code] } }],
	});
	const once = (code: number) =>
		sh(`test -e /v/$0 && exit 0; touch /v/$0; exit ${code}`.replaceAll("$0", `${code}`));
	const volumeMounts = [{ name: "v", mountPath: "/v" }];
	await cluster.create("ruled", {
		restartPolicy: "Never",
		initContainers: [{ name: "setup", image: IMAGE, command: sh("exit 0") }],
		containers: [
			{ name: "again", image: IMAGE, command: once(42), volumeMounts, ...rule("Restart", 42) },
			{ name: "all", image: IMAGE, command: once(43), volumeMounts, ...rule("RestartAllContainers", 43) },
		],
		volumes: [{ name: "v", emptyDir: {} }],
	});
	const pod = await cluster.until("its end", () => ended(cluster, "ruled"), 20);
	t.is(pod.status?.phase, "Succeeded");
	t.is(pod.status?.initContainerStatuses?.[0]?.restartCount, 1);
	t.is(pod.status?.containerStatuses?.[1]?.restartCount, 1);
	t.true((pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 1);
});
