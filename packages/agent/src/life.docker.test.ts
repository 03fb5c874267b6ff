/** How containers begin, go on and end, on a real Docker. See pods.docker.test.ts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, ended, type FakeCluster, IMAGE, waiting } from "./fake-cluster.ts";
import { run } from "./steps/spawn.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});
const sh = (script: string) => ["sh", "-c", script];

clusterTest("init containers, restarts and their numbers, ends and their reasons", async (t, cluster) => {
	await cluster.create("job", {
		restartPolicy: "Never",
		initContainers: [{ name: "setup", image: IMAGE, command: sh("exit 0") }],
		containers: [
			{ name: "good", image: IMAGE, command: sh("echo done > /dev/termination-log") },
			{ name: "bad", image: IMAGE, command: sh("exit 3") },
		],
	});
	await cluster.create("crash", { containers: [{ name: "c", image: IMAGE, command: sh("exit 1") }] });
	await cluster.create("missing", {
		containers: [{ name: "c", image: IMAGE, command: ["/no/such/program"] }],
	});
	const job = await cluster.until("the job to end", () => ended(cluster, "job"));
	t.is(job.status?.phase, "Failed");
	t.like(job.status?.initContainerStatuses?.[0], {
		ready: true,
		state: { terminated: { exitCode: 0, reason: "Completed" } },
	});
	t.like(job.status?.containerStatuses?.[0]?.state, {
		terminated: { exitCode: 0, reason: "Completed", message: "done\n" },
	});
	t.like(job.status?.containerStatuses?.[1]?.state, { terminated: { exitCode: 3, reason: "Error" } });
	const crash = await cluster.until("a crash loop", () => waiting(cluster, "crash", "CrashLoopBackOff"));
	t.like(crash.status?.containerStatuses?.[0], {
		restartCount: 1,
		state: {
			waiting: {
				message: `back-off 10s restarting failed container=c pod=crash_default(${crash.metadata.uid})`,
			},
		},
		lastState: { terminated: { exitCode: 1, reason: "Error" } },
	});
	t.is(crash.status?.phase, "Running");
	t.true(
		cluster.events.includes(
			`crash Warning BackOff Back-off restarting failed container c in pod crash_default(${crash.metadata.uid})`,
		),
	);
	const missing = await cluster.until("a start to fail", () =>
		waiting(cluster, "missing", "CrashLoopBackOff"),
	);
	t.like(missing.status?.containerStatuses?.[0]?.lastState, {
		terminated: { exitCode: 128, reason: "StartError" },
	});
	t.regex(
		missing.status?.containerStatuses?.[0]?.lastState?.terminated?.message ?? "",
		/no such file or directory/,
	);
});

clusterTest("a container that takes more memory than it may is killed for it", async (t, cluster) => {
	await cluster.create("fat", {
		restartPolicy: "Never",
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: sh("x=a; while :; do x=$x$x; done"),
				resources: { limits: { memory: "16Mi" } },
			},
		],
	});
	const pod = await cluster.until("its end", () => ended(cluster, "fat"));
	t.like(pod.status?.containerStatuses?.[0]?.state, { terminated: { reason: "OOMKilled", exitCode: 137 } });
});

clusterTest(
	"a container that crashes leaves one dead one, and its status tells of the one before",
	async (t, cluster) => {
		await cluster.create("crashing", {
			restartPolicy: "OnFailure",
			containers: [
				{
					name: "c",
					image: IMAGE,
					command: sh('n=$(cat /data/n || echo 0); echo $((n+1)) > /data/n; [ "$n" = 2 ] || exit $((n+1))'),
					volumeMounts: [{ name: "data", mountPath: "/data" }],
				},
			],
			volumes: [{ name: "data", emptyDir: {} }],
		});
		const pod = await cluster.until("its success", () => ended(cluster, "crashing"), 60);
		t.is(pod.status?.phase, "Succeeded");
		t.like(pod.status?.containerStatuses?.[0], {
			restartCount: 2,
			state: { terminated: { exitCode: 0 } },
			lastState: { terminated: { exitCode: 2, reason: "Error" } },
		});
		await cluster.until("the others to be cleared away", async () => {
			const left = await cluster.containers("--filter", "label=io.kubernetes.container.name=c");
			return left.split("\n").length === 1;
		});
		t.is(cluster.pod("crashing")?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 2);
	},
);

clusterTest("probes: started, ready, alive", async (t, cluster) => {
	const probe = { periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 1, successThreshold: 1 };
	const serve = 'while :; do printf "HTTP/1.0 200 OK\\r\\n\\r\\n" | nc -l -p 80; done';
	await cluster.create("probed", {
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: sh(`touch /tmp/alive; ${serve}`),
				ports: [{ name: "web", containerPort: 80 }],
				startupProbe: { ...probe, failureThreshold: 10, tcpSocket: { port: 80 } },
				readinessProbe: { ...probe, exec: { command: ["test", "-e", "/tmp/ready"] } },
				livenessProbe: { ...probe, exec: { command: ["cat", "/tmp/alive"] } },
			},
			{
				name: "web",
				image: IMAGE,
				command: sh('while :; do printf "HTTP/1.0 503 No\\r\\n\\r\\n" | nc -l -p 81; done'),
				readinessProbe: { ...probe, httpGet: { path: "/x", port: 81 } },
			},
		],
	});
	await cluster.running("probed");
	const status = (index: number) => cluster.pod("probed")?.status?.containerStatuses?.[index];
	await cluster.until("the start", () => status(0)?.started);
	t.false(status(0)?.ready);
	await cluster.exec("probed", "c", "touch", "/tmp/ready");
	await cluster.until("readiness", () => status(0)?.ready);
	await cluster.until("the answer's code", () =>
		cluster.events.includes(
			"probed Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503",
		),
	);
	t.like(
		cluster.pod("probed")?.status?.conditions?.find(({ type }) => type === "Ready"),
		{
			status: "False",
			reason: "ContainersNotReady",
			message: "containers with unready status: [web]",
		},
	);
	await cluster.exec("probed", "c", "rm", "/tmp/ready");
	await cluster.until("unreadiness", () => !status(0)?.ready);
	await cluster.exec("probed", "c", "rm", "/tmp/alive");
	await cluster.until("a restart", () => status(0)?.restartCount === 1, 20);
	t.true(
		cluster.events.includes("probed Normal Killing Container c failed liveness probe, will be restarted"),
	);
	t.true(
		cluster.events.some((event) => event.startsWith("probed Warning Unhealthy Liveness probe failed: cat: ")),
	);
});

clusterTest("hooks, and a graceful end", async (t, cluster) => {
	await cluster.create("polite", {
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: sh('trap "echo bye >> /v/log; exit 0" TERM; while :; do sleep 0.1; done'),
				lifecycle: {
					postStart: { exec: { command: sh("echo started >> /v/log") } },
					preStop: { exec: { command: sh("sleep 0.5; echo stopping >> /v/log") } },
				},
				volumeMounts: [{ name: "v", mountPath: "/v" }],
			},
		],
		volumes: [{ name: "v", hostPath: { path: join(cluster.dataDir, "log"), type: "DirectoryOrCreate" } }],
	});
	await cluster.create("rude", {
		containers: [
			{ name: "c", image: IMAGE, command: SLEEP, lifecycle: { postStart: { exec: { command: ["false"] } } } },
		],
		terminationGracePeriodSeconds: 1,
	});
	await cluster.running("polite");
	await cluster.until(
		"the hook",
		async () => (await readFile(join(cluster.dataDir, "log/log"), "utf8").catch(() => "")) !== "",
	);
	await cluster.remove("polite");
	t.is(await readFile(join(cluster.dataDir, "log/log"), "utf8"), "started\nstopping\nbye\n");
	await cluster.until("the failed hook", () =>
		cluster.events.some((event) => event.startsWith("rude Warning FailedPostStartHook")),
	);
	await cluster.until(
		"a restart",
		() => (cluster.pod("rude")?.status?.containerStatuses?.[0]?.restartCount ?? 0) > 0,
		15,
	);
});

clusterTest("processes shared, hosts' networks, ports of the host", async (t, cluster) => {
	await cluster.create("shared", {
		shareProcessNamespace: true,
		containers: [
			{ name: "a", image: IMAGE, command: ["sleep", "1234"] },
			{ name: "b", image: IMAGE, command: SLEEP },
		],
	});
	await cluster.create("host", {
		hostNetwork: true,
		dnsPolicy: "ClusterFirst",
		containers: [{ name: "c", image: IMAGE, command: SLEEP }],
	});
	await cluster.create("port", {
		containers: [
			{ name: "c", image: IMAGE, command: SLEEP, ports: [{ containerPort: 80, hostPort: 18_080 }] },
		],
	});
	await cluster.running("shared");
	t.regex(await cluster.exec("shared", "b", "ps"), /sleep 1234/);
	const host = await cluster.running("host");
	t.is(host.status?.podIP, "127.0.0.1");
	const port = await cluster.running("port");
	const rules = async () => (await run("iptables-save", ["-t", "nat"])).stdout;
	t.regex(await rules(), new RegExp(`18080.*${port.status?.podIP}:80|${port.status?.podIP}:80`));
	await cluster.create("second", {
		containers: [{ name: "c", image: IMAGE, ports: [{ containerPort: 81, hostPort: 18_080 }] }],
	});
	const second = await cluster.until("a refusal", () => ended(cluster, "second"));
	t.like(second.status, {
		phase: "Failed",
		reason: "NodePorts",
		message:
			"Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
	});
	await cluster.remove("port", 1);
	t.notRegex(await rules(), new RegExp(`${port.status?.podIP}:80`));
});
