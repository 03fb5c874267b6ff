import { Pod, type PodStatus, silentLogger, systemClock } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createStatusWriter, statusPatch } from "./status-writer.ts";

const NAME = { namespace: "default", name: "web" };

async function setUp(clock = systemClock, written = () => {}) {
	const server = createFakeServer();
	const client = createClient(server);
	const pod = await client.create(Pod, {
		metadata: NAME,
		spec: { containers: [{ name: "a", image: "app:1" }] },
	});
	const stop = new AbortController();
	const writer = createStatusWriter({
		client,
		pod,
		clock,
		log: silentLogger,
		random: () => 0,
		signal: stop.signal,
		written,
	});
	const patches = () => server.calls.filter(({ method }) => method === "PATCH");
	return { server, client, writer, stop, patches };
}

test("only what changed is written, and nothing twice", async (t) => {
	const { writer, patches, server } = await setUp();
	const status: PodStatus = { phase: "Running", podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] };
	writer.write(status);
	await writer.flushed();
	t.deepEqual(server.objects<Pod>(Pod)[0]?.status, status);
	writer.write({ ...status });
	await writer.flushed();
	t.is(patches().length, 1);
	writer.write({ ...status, podIP: "10.0.0.2", podIPs: [{ ip: "10.0.0.2" }] });
	await writer.flushed();
	t.deepEqual(patches()[1]?.body, {
		metadata: { uid: writer.pod.metadata.uid },
		status: { podIP: "10.0.0.2", podIPs: [{ $patch: "replace" }, { ip: "10.0.0.2" }] },
	});
	t.deepEqual(server.objects<Pod>(Pod)[0]?.status?.podIPs, [{ ip: "10.0.0.2" }]);
});

test("a status given at any moment after a write is written too", async (t) => {
	for (let steps = 0; steps < 12; steps += 1) {
		let then = () => {};
		const { writer, server } = await setUp(systemClock, () => then());
		const given = Promise.withResolvers<void>();
		then = async () => {
			then = () => {};
			for (let step = 0; step < steps; step += 1) await undefined;
			writer.write({ phase: "Running" });
			given.resolve();
		};
		writer.write({ phase: "Pending" });
		await given.promise;
		await writer.flushed();
		t.is(server.objects<Pod>(Pod)[0]?.status?.phase, "Running", `after ${steps} steps`);
	}
});

test("conditions lose what they no longer say, and leave others alone", (t) => {
	const transition = { lastTransitionTime: "2026-01-01T00:00:00Z" };
	const ready = { type: "Ready", status: "False", reason: "ContainersNotReady", message: "x", ...transition };
	const kept = { type: "PodScheduled", status: "True", ...transition };
	const patch = statusPatch(
		{ conditions: [ready, kept] },
		{ conditions: [{ type: "Ready", status: "True", ...transition }, kept] },
	);
	t.deepEqual(patch, {
		conditions: [{ type: "Ready", status: "True", reason: null, message: null, ...transition }],
	});
	const gate = { type: "example.com/gate", status: "False" };
	t.is(
		statusPatch({ conditions: [kept, gate] }, { conditions: [{ ...gate, status: "True" }, kept] }),
		undefined,
		"what others keep may have changed meanwhile",
	);
	t.is(statusPatch({ conditions: [kept, gate] }, { conditions: [kept] }), undefined);
	const target = { type: "DisruptionTarget", status: "True" };
	const [byHost, byOthers] = ["TerminationByKubelet", "PreemptionByScheduler"].map((reason) => [
		{ ...target, reason },
	]);
	t.deepEqual(statusPatch({}, { conditions: byHost }), { conditions: [{ message: null, ...byHost?.[0] }] });
	t.is(statusPatch({}, { conditions: byOthers }), undefined, "a host tells only of its own endings");
	t.deepEqual(statusPatch({ message: "old", phase: "Running" }, { phase: "Running" }), { message: null });
	t.is(statusPatch({ phase: "Running" }, { phase: "Running" }), undefined);
});

test("a server that is away is tried again, and only the newest status counts", async (t) => {
	const clock = createFakeClock();
	const { writer, server, patches } = await setUp(clock);
	server.failNext(new Error("no route"), { times: 3, match: ({ method }) => method === "PATCH" });
	writer.write({ phase: "Pending" });
	writer.write({ phase: "Running" });
	await clock.until(() => server.objects<Pod>(Pod)[0]?.status?.phase === "Running");
	t.deepEqual(
		new Set(
			patches()
				.slice(1)
				.map(({ body }) => JSON.stringify((body as { status: unknown }).status)),
		),
		new Set(['{"phase":"Running"}']),
	);
});

test("the status of a pod that is gone is dropped, and never given to its namesake", async (t) => {
	const { writer, client, server, stop } = await setUp();
	await client.delete(Pod, NAME);
	writer.write({ phase: "Running" });
	await writer.flushed();
	await client.create(Pod, { metadata: NAME, spec: { containers: [{ name: "a", image: "app:1" }] } });
	writer.write({ phase: "Failed" });
	stop.abort();
	await writer.flushed();
	t.is(server.objects<Pod>(Pod)[0]?.status, undefined);
});

test("an older word of the server does not hide a newer answer", async (t) => {
	const { writer } = await setUp();
	const before = writer.pod;
	writer.write({ phase: "Running" });
	await writer.flushed();
	writer.known(before);
	t.is(writer.pod.status?.phase, "Running");
});
