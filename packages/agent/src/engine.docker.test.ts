/** A dockerd that is restarted, killed or hangs under running pods. It must be the test's own: `scripts/with-docker`. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { Node } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, type FakeCluster, IMAGE } from "./fake-cluster.ts";

const PID_FILE = "/run/docker.pid";
const SLEEP = ["sleep", "1000"];
// Nobody's real engine is killed by mistake.
const ownEngine = process.env.BERTH_TEST_DOCKER ? test.serial : test.serial.skip;
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	ownEngine(title, async (t) => {
		t.timeout(120_000);
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});

interface Engine {
	readonly pid: number;
	readonly command: readonly string[];
}

async function engine(): Promise<Engine> {
	const pid = Number(await readFile(PID_FILE, "utf8"));
	const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").filter(Boolean);
	return { pid, command };
}

const isAlive = async (pid: number) => {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
	// One that nobody has waited for yet is as good as gone.
	return stat !== undefined && !/\) Z /.test(stat);
};

/** Ends the engine with a signal and starts it again, with these flags on top of its own. */
async function restart(cluster: FakeCluster, signal: NodeJS.Signals, ...flags: string[]): Promise<void> {
	const { pid, command } = await engine();
	process.kill(pid, signal);
	await cluster.until("the engine's end", async () => !(await isAlive(pid)), 30);
	const own = command.filter((word) => !word.startsWith("--live-restore"));
	spawn(own[0] ?? "dockerd", [...own.slice(1), ...flags], { stdio: "ignore", detached: true }).unref();
	await cluster.until("the engine", () => cluster.docker("info").then(Boolean, () => false), 30);
}

const start = async (cluster: FakeCluster) => {
	await cluster.create("web", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
	return cluster.running("web");
};
const status = (cluster: FakeCluster) => cluster.pod("web")?.status?.containerStatuses?.[0];
const isReady = (cluster: FakeCluster) =>
	cluster.pod("web")?.status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
const nodeReady = (cluster: FakeCluster) =>
	cluster.objects<Node>(Node)[0]?.status?.conditions?.find(({ type }) => type === "Ready");

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
	clusterTest(`an engine that ends by ${signal} and takes all containers along`, async (t, cluster) => {
		await start(cluster);
		await restart(cluster, signal);
		await cluster.until("a restart", () => (status(cluster)?.restartCount ?? 0) >= 1 && isReady(cluster), 40);
		const runs = async () => (await cluster.containers("--filter", "status=running")).split("\n").length;
		await cluster.until("one sandbox and one container", async () => (await runs()) === 2);
		t.regex(await cluster.exec("web", "c", "hostname"), /web/);
		await cluster.remove("web", 1);
		await cluster.until("all to be gone", async () => (await cluster.containers()) === "");
	});
}

clusterTest("an engine that leaves containers alone while it restarts", async (t, cluster) => {
	await restart(cluster, "SIGTERM", "--live-restore");
	const before = await start(cluster);
	await restart(cluster, "SIGTERM", "--live-restore");
	await cluster.create("other", { containers: [{ name: "c", image: IMAGE, command: SLEEP }] });
	await cluster.until("another pod to run", () => cluster.pod("other")?.status?.phase === "Running", 40);
	t.is(status(cluster)?.containerID, before.status?.containerStatuses?.[0]?.containerID);
	t.is(status(cluster)?.restartCount, 0);
	await restart(cluster, "SIGTERM");
});

clusterTest("an engine that hangs: the node says so, and recovers with it", async (t, cluster) => {
	const before = await start(cluster);
	const { pid } = await engine();
	process.kill(pid, "SIGSTOP");
	try {
		await cluster.until("the node's word", () => nodeReady(cluster)?.status === "False", 40);
	} finally {
		process.kill(pid, "SIGCONT");
	}
	t.regex(nodeReady(cluster)?.message ?? "", /container runtime is down: Docker does not answer/);
	await cluster.until("the node's recovery", () => nodeReady(cluster)?.status === "True", 20);
	t.is(status(cluster)?.containerID, before.status?.containerStatuses?.[0]?.containerID);
});
