import {
	ControllerRevision,
	type Draft,
	forbidden,
	PersistentVolumeClaim,
	Pod,
	StatefulSet,
	silentLogger,
} from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createStatefulSetController } from "./controller.ts";
import { statefulSet } from "./fixtures.ts";

function setUp() {
	const clock = createFakeClock();
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const said: string[] = [];
	const say = (_about: unknown, reason: string, message: string) => void said.push(`${reason}: ${message}`);
	const events = { normal: say, warning: say };
	const controller = createStatefulSetController({ client, informers, events, clock, log: silentLogger });
	const stop = new AbortController();
	const running = [
		informers.start(stop.signal),
		runController(controller, { clock, log: silentLogger, signal: stop.signal }),
	];
	const names = () => server.objects<Pod>(Pod).map(({ metadata }) => metadata.name);
	return {
		clock,
		server,
		client,
		said,
		names,
		set: () => server.objects<StatefulSet>(StatefulSet)[0],
		make: (spec: Partial<StatefulSet["spec"]>) =>
			client.create(StatefulSet, {
				metadata: { namespace: "default", name: "web" },
				spec: statefulSet(spec).spec,
			}),
		/** As an agent would. */
		ready: async (name: string) => {
			const pod = await client.get(Pod, { namespace: "default", name });
			const since = { lastTransitionTime: new Date(clock.now()).toISOString() };
			const conditions = [{ type: "Ready", status: "True", ...since }];
			await client.updateStatus(Pod, { ...pod, status: { phase: "Running", conditions } });
		},
		stop: async () => {
			stop.abort();
			await Promise.all(running);
		},
	};
}

const claimTemplate = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"] } };

test("pods and their claims come one by one; the status follows; a rollout begins with the last", async (t) => {
	const { clock, server, client, said, names, set, make, ready, stop } = setUp();
	await make({ replicas: 2, volumeClaimTemplates: [claimTemplate] });
	await clock.until(() => names().length === 1);
	t.deepEqual(
		server.objects(PersistentVolumeClaim).map(({ metadata }) => metadata.name),
		["data-web-0"],
	);
	await ready("web-0");
	await clock.until(() => names().length === 2);
	await ready("web-1");
	await clock.until(() => set()?.status?.readyReplicas === 2);
	const [first] = server.objects(ControllerRevision);
	t.like(set()?.status, {
		replicas: 2,
		availableReplicas: 2,
		currentReplicas: 2,
		updatedReplicas: 2,
		currentRevision: first?.metadata.name,
		updateRevision: first?.metadata.name,
		collisionCount: 0,
	});
	t.deepEqual(said, [
		"SuccessfulCreate: create Claim data-web-0 Pod web-0 in StatefulSet web success",
		"SuccessfulCreate: create Pod web-0 in StatefulSet web successful",
		"SuccessfulCreate: create Claim data-web-1 Pod web-1 in StatefulSet web success",
		"SuccessfulCreate: create Pod web-1 in StatefulSet web successful",
	]);
	const patch = { spec: { template: { spec: { containers: [{ name: "c", image: "i:2" }] } } } };
	await client.patch(StatefulSet, { namespace: "default", name: "web" }, patch, { type: "strategic" });
	const image = (name: string) =>
		server.objects<Pod>(Pod).find(({ metadata }) => metadata.name === name)?.spec.containers[0]?.image;
	await clock.until(() => image("web-1") === "i:2");
	t.is(image("web-0"), "i:1");
	await clock.until(() => set()?.status?.updateRevision !== first?.metadata.name);
	t.is(set()?.status?.currentRevision, first?.metadata.name);
	await ready("web-1");
	await clock.until(() => image("web-0") === "i:2");
	await ready("web-0");
	await clock.until(() => set()?.status?.currentRevision === set()?.status?.updateRevision);
	await stop();
});

test("orphans of its names are adopted, others are not; a refusal is told and tried again", async (t) => {
	const { clock, server, client, said, names, make, stop } = setUp();
	const orphan = (name: string): Draft<Pod> => ({
		metadata: { namespace: "default", name, labels: { app: "web" } },
		spec: { containers: [] },
	});
	await client.create(Pod, orphan("web-0"));
	await client.create(Pod, orphan("stranger"));
	const create = { method: "POST", path: "/api/v1/namespaces/default/pods" };
	server.failNext(forbidden({ resource: "pods" }, "web-1", "exceeded quota"), {
		match: ({ method, path }) => method === create.method && path === create.path,
	});
	await make({ replicas: 2, podManagementPolicy: "Parallel" });
	await clock.until(() => names().includes("web-1"));
	const ownerOf = (name: string) =>
		server.objects(Pod).find(({ metadata }) => metadata.name === name)?.metadata.ownerReferences?.[0]?.name;
	t.is(ownerOf("web-0"), "web");
	t.is(ownerOf("stranger"), undefined);
	const adopted = server.objects(Pod).find(({ metadata }) => metadata.name === "web-0");
	t.is(adopted?.metadata.labels?.["apps.kubernetes.io/pod-index"], "0");
	t.regex(said[0] ?? "", /^FailedCreate: create Pod web-1 in StatefulSet web failed error: .*exceeded quota/);
	await stop();
});

test("a name that another template's revision has is counted, and the next one taken", async (t) => {
	const { clock, server, client, set, make, stop } = setUp();
	await make({ replicas: 0 });
	await clock.until(() => server.objects(ControllerRevision).length === 1);
	const [first] = server.objects<ControllerRevision>(ControllerRevision);
	if (!first) return t.fail();
	const foreign = { ...first, data: { spec: {} } };
	await client.update(ControllerRevision, foreign);
	await clock.until(() => set()?.status?.collisionCount === 1);
	const all = server.objects<ControllerRevision>(ControllerRevision);
	const second = all.find(({ metadata }) => metadata.uid !== first.metadata.uid);
	await clock.until(() => set()?.status?.updateRevision === second?.metadata.name);
	t.is(second?.revision, 2);
	await stop();
});
