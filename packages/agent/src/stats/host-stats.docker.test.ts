/** What is read of real containers: BERTH_TEST_DOCKER is the path of a Docker's socket. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@berth/api";
import test from "ava";
import { ensureTestImage, IMAGE } from "../fake-cluster.ts";
import { identityLabels, SANDBOX } from "../pods/labels.ts";
import { PLAIN_SECURITY } from "../runtime/container-spec.ts";
import { createDockerRuntime } from "../runtime/docker.ts";
import { ALL_RIGHTS } from "../runtime/host-rights.ts";
import { createPodDirectories } from "../steps/pod-directory.ts";
import { createHostStats } from "./host-stats.ts";

const socket = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";

test("processor time and memory of a container come from its control group", async (t) => {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-stats-"));
	await ensureTestImage(dataDir);
	const runtime = createDockerRuntime({ socket, rights: ALL_RIGHTS });
	const pod = { namespace: "default", name: "busy", uid: `busy-${process.pid}` };
	const identity = { node: "stats-host", pod, attempt: 0 };
	const stop = new AbortController();
	const made: string[] = [];
	const start = async (container: string, command: readonly string[]) => {
		const id = await runtime.create({
			name: `berth-stats-${container}-${process.pid}`,
			labels: identityLabels({ ...identity, container }),
			image: IMAGE,
			command,
			env: [],
			namespaces: { network: "none", ipc: "shareable", pid: "private" },
			mounts: [],
			resources: { oomScore: 0, memory: 64 * 1024 * 1024 },
			security: PLAIN_SECURITY,
			stdin: false,
			stdinOnce: false,
			tty: false,
		});
		made.push(id);
		await runtime.start(id);
	};
	const stats = createHostStats({
		runtime,
		nodeName: "stats-host",
		directories: createPodDirectories(join(dataDir, "pods")),
		dataDir,
		clock: systemClock,
		log: silentLogger,
		random: Math.random,
	});
	const running = stats.run(stop.signal);
	try {
		await start(SANDBOX, ["sleep", "60"]);
		await start("burner", ["sh", "-c", "while true; do :; done"]);
		const burner = async () =>
			(await stats.sample()).pods
				.find(({ uid }) => uid === pod.uid)
				?.containers.find(({ name }) => name === "burner");
		const until = async (right: (used: number) => boolean) => {
			for (;;) {
				const used = (await burner())?.usage.cpu.total ?? 0;
				if (right(used)) return used;
				await systemClock.sleep(50);
			}
		};
		const first = await until((used) => used > 0);
		t.true((await until((used) => used > first + 1e8)) > first);
		const found = await burner();
		t.is(found?.usage.memory.limit, 64 * 1024 * 1024);
		t.true((found?.usage.memory.workingSet ?? 0) > 0);
		t.regex(
			await stats.resourceMetrics(),
			/container_cpu_usage_seconds_total\{container="burner",namespace="default",pod="busy"\}/,
		);
		t.regex(JSON.stringify(await stats.summary({ onlyCpuAndMemory: false })), /"ephemeral-storage"/);
	} finally {
		stop.abort();
		await running;
		for (const id of made) await runtime.remove(id);
		await runtime.close();
		await rm(dataDir, { recursive: true });
	}
});
