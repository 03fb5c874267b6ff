/** As many pods as a host takes by default. BERTH_TEST_DOCKER is the path of Docker's socket; needs root and CNI plugins. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isPodReady, Node, Pod } from "@berth/api";
import test from "ava";
import { createFakeCluster, IMAGE } from "./fake-cluster.ts";

const COUNT = 110;
/** Seconds: a machine that does other things too needs most of them for starting containers. */
const PATIENCE = 400;

test("a full host: its pods start, are probed, outlive the agent and go, and the host stays ready", async (t) => {
	t.timeout(3 * PATIENCE * 1_000);
	await using cluster = await createFakeCluster();
	const names = Array.from({ length: COUNT }, (_, index) => `pod-${index}`);
	const probe = { tcpSocket: { port: 80 }, periodSeconds: 5, timeoutSeconds: 5 };
	const isHostReady = () =>
		cluster
			.objects(Node)[0]
			?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
	let wasReady = true;
	const until = (what: string, holds: () => boolean | Promise<boolean>) => {
		const question = () => {
			wasReady &&= isHostReady();
			return holds();
		};
		return cluster.until(what, question, PATIENCE);
	};
	const isUp = () => cluster.objects(Pod).filter(isPodReady).length === COUNT;
	const ids = () => cluster.objects(Pod).map(({ status }) => status?.containerStatuses?.[0]?.containerID);

	await Promise.all(
		names.map((name) =>
			cluster.create(name, {
				containers: [
					{
						name: "c",
						image: IMAGE,
						command: ["httpd", "-f", "-p", "80"],
						livenessProbe: probe,
						readinessProbe: probe,
					},
				],
			}),
		),
	);
	await until("all pods to be ready", isUp);
	const addresses = cluster.objects(Pod).map(({ status }) => status?.podIP);
	t.is(new Set(addresses).size, COUNT);
	const before = ids();

	await cluster.stopAgent();
	cluster.startAgent();
	// The next agent has seen all of them when it has seen the newest.
	await cluster.create("last", { containers: [{ name: "c", image: IMAGE, command: ["true"] }] });
	await until("a pod too many to be refused", () => cluster.pod("last")?.status?.phase === "Failed");
	t.is(cluster.pod("last")?.status?.reason, "OutOfpods");
	await cluster.remove("last", 0);
	t.true(isUp());
	t.deepEqual(ids(), before);
	t.deepEqual(
		cluster.events.filter((event) => /Killing|BackOff/.test(event)),
		[],
		"no probe's failure may come of the agent's own slowness",
	);

	const remove = (name: string) =>
		cluster.client.delete(Pod, { namespace: "default", name }, { gracePeriodSeconds: 0 });
	await Promise.all(names.map(remove));
	await until("all containers to be gone", async () => (await cluster.containers()) === "");
	await until(
		"their directories to be gone",
		async () => (await readdir(join(cluster.dataDir, "pods"))).length === 0,
	);
	const kept = await readdir(join(cluster.dataDir, "addresses", "berth"));
	t.deepEqual(
		kept.filter((name) => name.startsWith("10.")),
		[],
	);
	t.true(wasReady);
});
