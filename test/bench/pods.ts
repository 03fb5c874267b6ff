/**
 * Many pods on one host: fifty created at once until all are Ready, against a loop of as many `docker run` of pause and
 * container, as many at a time as there are cores; then what a hundred pods with probes every ten seconds cost the agent.
 */
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isPodReady, Pod } from "@berth/api";
import { AGENT, costOf, createOneHost, DOCKERD, HOST } from "./one-host.ts";
import { report, show } from "./report.ts";

const AT_ONCE = 50;
const IDLE = 100;
const IDLE_SECONDS = 30;
const namespace = "default";

await using host = await createOneHost("bench-pods", ["berth/hello:1"]);
const { client } = host;

/** Milliseconds until all are Ready. */
async function start(names: readonly string[]): Promise<number> {
	const began = performance.now();
	const probe = { httpGet: { path: "/cgi-bin/ready", port: 8080 }, periodSeconds: 10, timeoutSeconds: 5 };
	await Promise.all(
		names.map((name) =>
			client.create(Pod, {
				metadata: { name, namespace },
				spec: {
					nodeName: HOST,
					terminationGracePeriodSeconds: 0,
					containers: [{ name: "c", image: "berth/hello:1", readinessProbe: probe, livenessProbe: probe }],
				},
			}),
		),
	);
	await until(
		async () => (await client.list(Pod, { namespace })).items.filter(isPodReady).length >= names.length,
	);
	return performance.now() - began;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await sleep(50);
}

const docker = `one() { docker run -d --network none berth/hello:1; docker run -d --network none berth/hello:1; }
s=$(date +%s%N); i=0; while [ $i -lt ${AT_ONCE} ]; do j=0; while [ $j -lt ${availableParallelism()} ]; do one >/dev/null & j=$((j+1)); i=$((i+1)); done; wait; done
e=$(date +%s%N); echo $(( (e - s) / 1000000 )); docker rm -f $(docker ps -q) >/dev/null`;

const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `pod-${from + index}`);

const floor = Number(host.shell(docker).trim());
const value = await start(names(AT_ONCE));
report({
	what: `${AT_ONCE} pods, create to all Ready`,
	value,
	unit: "ms",
	floor,
	floorName: "a loop of docker run",
});
show("", value / AT_ONCE, "ms each");
await start(names(IDLE).slice(AT_ONCE));
await until(async () => (await client.list(Pod, { namespace })).items.filter(isPodReady).length >= IDLE);
await sleep(15_000);
const agent = costOf(host, AGENT, IDLE_SECONDS);
const dockerd = costOf(host, DOCKERD, IDLE_SECONDS);
const what = `agent and proxy, ${IDLE} idle pods`;
report({
	what: `memory of ${what}`,
	value: agent.memory,
	unit: "MB",
	floor: dockerd.memory,
	floorName: "dockerd",
});
report({ what: `CPU of ${what}`, value: agent.cpu, unit: "%", floor: dockerd.cpu, floorName: "dockerd" });
const gone = performance.now();
await Promise.all(
	names(IDLE).map((name) => client.delete(Pod, { namespace, name }, { gracePeriodSeconds: 0 })),
);
await until(async () => host.shell("docker ps -aq | wc -l").trim() === "0");
show(`${IDLE} pods gone after`, performance.now() - gone, "ms");
