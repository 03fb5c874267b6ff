import { ConfigMap, Deployment, Pod, ResourceQuota, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createResourceQuotaController } from "./controller.ts";

test("what is used is counted when a quota comes, and again when something goes", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer();
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const events = { normal: () => {}, warning: () => {} };
	const controller = createResourceQuotaController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const containers = [
		{ name: "c", image: "i", resources: { requests: { cpu: "250m" }, limits: { memory: "1Gi" } } },
	];
	for (const name of ["a", "b"]) {
		await client.create(Pod, { metadata: { namespace: "default", name }, spec: { containers } });
		await client.create(ConfigMap, { metadata: { namespace: name === "a" ? "default" : "other", name } });
	}
	const template = { metadata: { labels: { a: "b" } }, spec: { containers } };
	await client.create(Deployment, {
		metadata: { namespace: "default", name: "d" },
		spec: { selector: { matchLabels: { a: "b" } }, template },
	});
	const hard = {
		pods: "10",
		cpu: "4",
		"limits.memory": "8Gi",
		configmaps: "5",
		"count/deployments.apps": "3",
		"count/widgets.example.com": "1",
	};
	await client.create(ResourceQuota, { metadata: { namespace: "default", name: "q" }, spec: { hard } });
	const used = () => server.objects<ResourceQuota>(ResourceQuota)[0]?.status?.used;
	await clock.until(() => used() !== undefined);
	t.deepEqual(used(), {
		pods: "2",
		cpu: "500m",
		"limits.memory": "2Gi",
		configmaps: "1",
		"count/deployments.apps": "1",
		"count/widgets.example.com": "0",
	});
	await client.delete(ConfigMap, { namespace: "default", name: "a" });
	await clock.until(() => used()?.configmaps === "0");
	const pod = server.objects<Pod>(Pod)[0];
	if (pod) await client.updateStatus(Pod, { ...pod, status: { phase: "Succeeded" } });
	await clock.until(() => used()?.pods === "1");
	t.is(used()?.cpu, "250m");
	stop.abort();
	await Promise.all(running);
});
