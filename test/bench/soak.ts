/**
 * Pods with a volume and a probe come and go on one host, again and again, for two minutes or as many seconds as
 * `--seconds N` says: what the host has of each thing afterwards, and how the agent's memory has gone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { isPodReady, Pod } from "@berth/api";
import { type HostTraces, hostTraces } from "../host-traces.ts";
import { AGENT, costOf, createOneHost, HOST } from "./one-host.ts";
import { show } from "./report.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "120" } }, strict: false });
const ROUND = 10;
const namespace = "default";

await using host = await createOneHost("bench-soak", ["berth/hello:1"]);
const { client } = host;
const seen = () => hostTraces(async (script) => host.shell(script));

/** Once the pods of the last round, which the API has forgotten, are taken down; or after a minute. */
async function traces(): Promise<HostTraces> {
	for (let left = 60; left > 0 && (await seen()).directories > 0; left -= 1) await sleep(1_000);
	return seen();
}

const names = Array.from({ length: ROUND }, (_, index) => `soak-${index}`);
const probe = { tcpSocket: { port: 8080 }, periodSeconds: 1, timeoutSeconds: 5 };

async function round(): Promise<void> {
	const list = async () => (await client.list(Pod, { namespace })).items;
	await Promise.all(
		names.map((name) =>
			client.create(Pod, {
				metadata: { name, namespace },
				spec: {
					nodeName: HOST,
					terminationGracePeriodSeconds: 0,
					containers: [
						{
							name: "c",
							image: "berth/hello:1",
							readinessProbe: probe,
							volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
						},
					],
					volumes: [{ name: "scratch", emptyDir: { medium: "Memory" } }],
				},
			}),
		),
	);
	while (!(await list()).every(isPodReady)) await sleep(50);
	await Promise.all(names.map((name) => client.delete(Pod, { namespace, name })));
	while ((await list()).length > 0) await sleep(50);
}

const memory = () => costOf(host, AGENT, 1).memory;
// The first round makes what stays: the bridge, chains, directories.
await round();
const before = await traces();
const memories = [memory()];
const end = Date.now() + Number(values.seconds) * 1000;
let rounds = 0;
while (Date.now() < end) {
	await round();
	rounds += 1;
	if (rounds % 5 === 0) memories.push(memory());
}
const after = await traces();
show("pods that came and went", rounds * ROUND, "");
for (const name of Object.keys(before) as (keyof typeof before)[])
	show(`${name}, more than before`, after[name] - before[name], "");
memories.push(memory());
console.log(`memory of agent and proxy, MB: ${memories.map((size) => size.toFixed(0)).join(" ")}`);
