/**
 * From creating a pod until a watch shows it Ready, against two `docker run` (pause and container) by hand on the same
 * host; and what the host's agent and proxy cost when nothing happens, against that host's dockerd. Needs root: it makes
 * a lab of one host and removes it.
 */
import { isPodReady, Pod } from "@berth/api";
import { AGENT, costOf, createOneHost, DOCKERD } from "./one-host.ts";
import { median, report } from "./report.ts";

const RUNS = 10;
const IDLE_SECONDS = 15;

await using host = await createOneHost("bench", ["berth/tools:1"]);

/** Milliseconds, as the host itself measures them. */
function dockerRuns(): number {
	const script =
		"for i in $(seq 10); do s=$(date +%s%N); docker run -d --network none berth/tools:1 >/dev/null; docker run -d --network none berth/tools:1 >/dev/null; e=$(date +%s%N); echo $(( (e - s) / 1000000 )); done; docker rm -f $(docker ps -q --filter ancestor=berth/tools:1) >/dev/null";
	return median(host.shell(script).trim().split("\n").map(Number));
}

async function podStarts(): Promise<number> {
	const { client } = host;
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
	return median(times);
}

await podStarts();
const floor = dockerRuns();
report({
	what: "pod, create to Ready",
	value: await podStarts(),
	unit: "ms",
	floor,
	floorName: "two docker run",
});
const node = costOf(host, AGENT, IDLE_SECONDS);
const dockerd = costOf(host, DOCKERD, IDLE_SECONDS);
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
