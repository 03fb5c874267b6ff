/**
 * From creating a pod until a watch shows it Ready, against two `docker run` (pause and container) by hand on the same
 * host; and what the host's agent and proxy cost when nothing happens, against that host's dockerd. Needs root: it makes
 * a lab of one host and removes it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPodReady, Pod, silentLogger, systemClock } from "@berth/api";
import { createClient, httpsTransport, loadKubeconfig } from "@berth/client";
import { median, report } from "./report.ts";

const RUNS = 10;
const LAB = "bench";
const directory = mkdtempSync(join(tmpdir(), "berth-bench-"));
const kubeconfig = join(directory, "kubeconfig");

function berth(...args: string[]): string {
	const result = spawnSync("npx", ["berth", "lab", ...args], { encoding: "utf8" });
	if (result.status !== 0) throw new Error(`berth lab ${args.join(" ")}: ${result.stderr}`);
	return result.stdout;
}

/** Milliseconds, as the host itself measures them. */
function dockerRuns(): number {
	const script =
		"for i in $(seq 10); do s=$(date +%s%N); docker run -d --network none berth/tools:1 >/dev/null; docker run -d --network none berth/tools:1 >/dev/null; e=$(date +%s%N); echo $(( (e - s) / 1000000 )); done; docker rm -f $(docker ps -q --filter ancestor=berth/tools:1) >/dev/null";
	const output = berth("exec", "--name", LAB, "host-1", "--", "sh", "-c", script);
	return median(output.trim().split("\n").map(Number));
}

const IDLE_SECONDS = 15;

/** Resident memory in MB and share of a core in %, of a program on the host, over a while in which nothing happens. */
function idleCost(pattern: string): { readonly memory: number; readonly cpu: number } {
	const script = `p=$(pgrep -of '${pattern}'); used() { cut -d' ' -f14,15 /proc/$p/stat; }; used; sleep ${IDLE_SECONDS}; used; grep VmRSS /proc/$p/status`;
	const output = berth("exec", "--name", LAB, "host-1", "--", "sh", "-c", script);
	const [before = "", after = "", memory = ""] = output.trim().split("\n");
	const ticks = (text: string) => text.split(" ").reduce((sum, part) => sum + Number(part), 0);
	return {
		memory: Number(/\d+/.exec(memory)?.[0]) / 1024,
		cpu: (ticks(after) - ticks(before)) / IDLE_SECONDS,
	};
}

async function podStarts(): Promise<number> {
	const transport = httpsTransport({
		...(await loadKubeconfig(readFileSync(kubeconfig, "utf8"))),
		clock: systemClock,
		log: silentLogger,
	});
	const client = createClient(transport);
	const times: number[] = [];
	for (let run = 0; run < RUNS; run += 1) {
		const name = `start-${run}`;
		const stop = new AbortController();
		const events = await client.watch(Pod, {
			namespace: "default",
			fieldSelector: `metadata.name=${name}`,
			signal: stop.signal,
		});
		const began = performance.now();
		await client.create(Pod, {
			metadata: { name, namespace: "default" },
			spec: { containers: [{ name: "c", image: "berth/tools:1" }], terminationGracePeriodSeconds: 0 },
		});
		for await (const event of events) if (isPodReady(event.object)) break;
		times.push(performance.now() - began);
		stop.abort();
		await client.delete(Pod, { namespace: "default", name }, { gracePeriodSeconds: 0 });
	}
	await transport.close();
	return median(times);
}

try {
	berth("down", "--name", LAB);
	berth("up", "--name", LAB, "--hosts", "1", "--kubeconfig", kubeconfig);
	berth("load-image", "--name", LAB, "berth/tools:1");
	await podStarts();
	const floor = dockerRuns();
	report({
		what: "pod, create to Ready",
		value: await podStarts(),
		unit: "ms",
		floor,
		floorName: "two docker run",
	});
	const node = idleCost("berth.js node");
	const dockerd = idleCost("^dockerd");
	report({
		what: "idle memory of agent and proxy",
		value: node.memory,
		unit: "MB",
		floor: dockerd.memory,
		floorName: "that host's dockerd",
	});
	console.log(
		`idle CPU of agent and proxy: ${node.cpu.toFixed(2)} % of a core (dockerd ${dockerd.cpu.toFixed(2)})`,
	);
} finally {
	berth("down", "--name", LAB);
	rmSync(directory, { recursive: true, force: true });
}
