import { ControllerRevision, DaemonSet, Node, Pod, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createDaemonSetController } from "./controller.ts";
import { nodeOf } from "./daemon-pod.ts";

test("a daemon set follows nodes, templates and failures, and tells how it stands", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const said: string[] = [];
	const say = (_about: unknown, reason: string) => void said.push(reason);
	const events = { normal: say, warning: say };
	const controller = createDaemonSetController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const pods = () => server.objects<Pod>(Pod);
	const nodes = () => pods().map(nodeOf).toSorted().join();
	const status = () => server.objects<DaemonSet>(DaemonSet)[0]?.status;
	const images = () => pods().map(({ spec }) => spec.containers[0]?.image);
	const report = async (pod: Pod, phase: "Running" | "Failed") => {
		const ready = phase === "Running" ? "True" : "False";
		const lastTransitionTime = new Date(clock.now()).toISOString();
		const conditions = [{ type: "Ready", status: ready, lastTransitionTime }];
		await client.updateStatus(Pod, { ...pod, status: { phase, conditions } });
	};
	const addNode = (name: string) => client.create(Node, { metadata: { name }, spec: {} });

	await addNode("a");
	const name = { namespace: "default", name: "agent" };
	await client.create(DaemonSet, {
		metadata: name,
		spec: {
			selector: { matchLabels: { app: "agent" } },
			template: {
				metadata: { labels: { app: "agent" } },
				spec: { containers: [{ name: "c", image: "i:1" }] },
			},
			updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
			revisionHistoryLimit: 1,
		},
	});
	await clock.until(() => nodes() === "a");
	await addNode("b");
	await clock.until(() => nodes() === "a,b");
	for (const pod of pods()) await report(pod, "Running");
	await clock.until(() => status()?.numberAvailable === 2);
	t.like(status(), { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2 });

	for (const image of ["i:2", "i:3"]) {
		const patch = { spec: { template: { spec: { containers: [{ name: "c", image }] } } } };
		await client.patch(DaemonSet, name, patch, { type: "strategic" });
		await clock.until(() => images().filter((each) => each === image).length === 1);
		t.is(pods().length, 2);
		for (const pod of pods()) if (pod.spec.containers[0]?.image === image) await report(pod, "Running");
		await clock.until(() => images().every((each) => each === image));
		for (const pod of pods()) await report(pod, "Running");
		await clock.until(() => status()?.updatedNumberScheduled === 2 && status()?.numberAvailable === 2);
	}
	await clock.until(() => server.objects(ControllerRevision).length === 2);
	t.deepEqual(
		server
			.objects<ControllerRevision>(ControllerRevision)
			.map(({ revision }) => revision)
			.toSorted(),
		[2, 3],
	);

	const [victim] = pods();
	if (!victim) return t.fail();
	await report(victim, "Failed");
	await clock.until(
		() => pods().length === 2 && !pods().some(({ metadata }) => metadata.uid === victim.metadata.uid),
	);
	t.true(said.includes("FailedDaemonPod"));
	await client.delete(Node, { name: "b" });
	await clock.until(() => status()?.desiredNumberScheduled === 1);
	stop.abort();
	await Promise.all(running);
});
