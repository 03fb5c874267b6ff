import { Job, type JobStatus, Pod, silentLogger } from "@berth/api";
import { type Client, createClient, createFakeServer, createInformers, type FakeServer } from "@berth/client";
import { runController } from "@berth/reconcile";
import { createFakeClock, type FakeClock } from "@berth/testing";
import test from "ava";
import { createJobController } from "./controller.ts";
import { job as sample } from "./fixtures.ts";
import { isTracked, TRACKING } from "./job-pods.ts";
import { createJobOrphansController } from "./orphans-controller.ts";

interface Bench {
	readonly clock: FakeClock;
	readonly server: FakeServer;
	readonly client: Client;
	/** `Normal SuccessfulCreate`, in order. */
	readonly told: readonly string[];
	create(spec: Partial<Job["spec"]>): Promise<Job>;
	status(): JobStatus;
	pods(): readonly Pod[];
	/** Says of a pod what an agent would. */
	end(pod: Pod | undefined, phase: "Succeeded" | "Failed"): Promise<void>;
	stop(): Promise<void>;
}

function bench(): Bench {
	const clock = createFakeClock();
	const server = createFakeServer({ now: clock.now });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const told: string[] = [];
	const events = {
		normal: (_: object, reason: string) => void told.push(`Normal ${reason}`),
		warning: (_: object, reason: string, message: string) => void told.push(`Warning ${reason}: ${message}`),
	};
	const stop = new AbortController();
	const environment = { client, informers, events, clock, log: silentLogger };
	const running = [
		informers.start(stop.signal),
		...[createJobController(environment), createJobOrphansController(environment)].map((controller) =>
			runController(controller, { clock, log: silentLogger, signal: stop.signal }),
		),
	];
	return {
		clock,
		server,
		client,
		told,
		create: (spec) =>
			client.create(Job, { metadata: { namespace: "default", name: "work" }, spec: sample(spec).spec }),
		status: () => server.objects<Job>(Job)[0]?.status ?? {},
		pods: () => server.objects<Pod>(Pod),
		end: async (pod, phase) => {
			await client.patch(
				Pod,
				{ namespace: "default", name: pod?.metadata.name ?? "" },
				{ status: { phase } },
				{ type: "merge", subresource: "status" },
			);
		},
		stop: async () => {
			stop.abort();
			await Promise.all(running);
		},
	};
}

test("a job runs its pods, counts them and ends", async (t) => {
	const { clock, create, status, pods, end, told, stop } = bench();
	await create({ completions: 3, parallelism: 2 });
	await clock.until(() => status().active === 2);
	t.true(pods().every(isTracked));
	t.is(pods()[0]?.metadata.ownerReferences?.[0]?.kind, "Job");
	for (const pod of pods()) await end(pod, "Succeeded");
	await clock.until(() => status().succeeded === 2 && pods().length === 3);
	await end(
		pods().find((pod) => isTracked(pod)),
		"Succeeded",
	);
	await clock.until(() => status().completionTime !== undefined);
	t.like(status(), { succeeded: 3, active: undefined, uncountedTerminatedPods: {} });
	t.false(pods().some(isTracked));
	t.deepEqual(told, [...Array(3).fill("Normal SuccessfulCreate"), "Normal Completed"]);
	await stop();
});

test("pods that cannot be made are told of and tried again", async (t) => {
	const { clock, server, create, status, told, stop } = bench();
	const match = ({ method, path }: { method: string; path: string }) =>
		method === "POST" && path.endsWith("/pods");
	server.failNext(new Error("exceeded quota"), { match, times: 2 });
	await create({ completions: 1, parallelism: 1 });
	await clock.until(() => status().active === 1);
	t.is(told.filter((line) => line === "Warning FailedCreate: Error creating: exceeded quota").length, 2);
	await stop();
});

test("orphans that match are taken in with the finalizer; those of nobody are let go", async (t) => {
	const { clock, client, create, status, pods, stop } = bench();
	const orphan = (name: string, labels: Record<string, string>) =>
		client.create(Pod, {
			metadata: { namespace: "default", name, labels, finalizers: [TRACKING] },
			spec: { containers: [{ name: "main", image: "i" }] },
		});
	await orphan("lost", { of: "nobody" });
	await clock.until(() => !pods().some(isTracked));
	await create({ completions: 1, parallelism: 1, suspend: false });
	await clock.until(() => status().active === 1);
	const made = pods().find(isTracked);
	const name = { namespace: "default", name: made?.metadata.name ?? "" };
	await client.patch(Pod, name, { metadata: { ownerReferences: null, finalizers: null } }, { type: "merge" });
	await clock.until(() => pods().some((pod) => isTracked(pod) && pod.metadata.ownerReferences?.length === 1));
	t.is(pods().length, 2);
	await client.patch(Pod, name, { metadata: { labels: null } }, { type: "merge" });
	await clock.until(() => pods().length === 3);
	const released = await client.get(Pod, name);
	t.false(isTracked(released));
	t.is(released.metadata.ownerReferences?.length ?? 0, 0);
	await stop();
});

test("pods of a job that is gone are let go", async (t) => {
	const { clock, client, create, status, pods, stop } = bench();
	await create({ completions: 1, parallelism: 1 });
	await clock.until(() => status().active === 1);
	await client.delete(Pod, { namespace: "default", name: pods()[0]?.metadata.name ?? "" });
	await client.delete(Job, { namespace: "default", name: "work" });
	await clock.until(() => !pods().some(isTracked));
	t.pass();
	await stop();
});

test("a job that somebody else manages is left alone", async (t) => {
	const { clock, create, status, pods, stop } = bench();
	await create({ managedBy: "example.com/other" });
	await clock.advance(10_000);
	t.deepEqual(pods(), []);
	t.deepEqual(status(), {});
	await stop();
});
