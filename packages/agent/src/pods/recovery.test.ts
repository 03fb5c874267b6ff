/** Agents that die at any moment: whatever they leave behind, the next one mends. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, Pod, silentLogger, systemClock } from "@berth/api";
import { createClient, createFakeServer, createInformers, type FakeServer } from "@berth/client";
import test, { type ExecutionContext } from "ava";
import { PAUSE_IMAGE } from "../pause/pause-image.ts";
import { createFakeRuntime, type FakeRuntime } from "../runtime/fake.ts";
import type { Cni } from "../steps/network/cni.ts";
import { createNetwork } from "../steps/network/network.ts";
import { createPodDirectories } from "../steps/pod-directory.ts";
import { LABEL, SANDBOX } from "./labels.ts";
import { createPodManager } from "./manager.ts";

const NODE = "host";
const PATH = "/api/v1/namespaces/default/pods/web";
const MERGE = "application/merge-patch+json";
const POLITE = ["sh", "-c", "trap 'exit 0' TERM; forever"];

interface Host {
	readonly server: FakeServer;
	readonly runtime: FakeRuntime;
	/** Container ids with an address. */
	readonly attached: Set<string>;
	readonly dataDir: string;
}

/** After so many calls to the world outside, nothing the agent does has an effect, and it hears nothing any more. */
interface Fate {
	readonly calls: number;
	/** Whether the last call still has its effect. */
	readonly lastCounts: boolean;
}

test("an agent that dies while a pod starts", async (t) => {
	for (const lastCounts of [false, true]) {
		for (let calls = 1; calls <= 16; calls += 1) {
			await withHost(async (host) => {
				await createPod(host.server);
				const dead = await startAgent(host, { calls, lastCounts });
				await Promise.race([dead.died, untilRunning(host)]);
				const agent = await startAgent(host);
				await untilRunning(host);
				checkRunning(t, host, `death after ${calls} calls`);
				await agent.stop();
				await dead.stop();
			});
		}
	}
});

test("an agent that dies while a pod ends", async (t) => {
	for (const lastCounts of [false, true]) {
		for (let calls = 1; calls <= 16; calls += 1) {
			await withHost(async (host) => {
				await createPod(host.server);
				const first = await startAgent(host);
				await untilRunning(host);
				await first.stop();
				await markDeleted(host.server);
				const dead = await startAgent(host, { calls, lastCounts });
				await Promise.race([dead.died, untilGone(host)]);
				const agent = await startAgent(host);
				await untilGone(host);
				t.is(host.attached.size, 0);
				await agent.stop();
				await dead.stop();
			});
		}
	}
});

test("an engine that restarts: containers come back, and the agent hears of the next end too", async (t) => {
	await withHost(async (host) => {
		await createPod(host.server);
		const agent = await startAgent(host);
		await untilRunning(host);
		host.runtime.crash();
		await until(
			"a restart",
			() => pod(host)?.status?.containerStatuses?.[0]?.restartCount === 1 && running(host).length === 3,
		);
		checkRunning(t, host, "after the restart");
		const victim = running(host).find(({ labels }) => labels[LABEL.container] === "b");
		host.runtime.exit(victim?.id ?? "", 1);
		await until(
			"the end of b",
			() => pod(host)?.status?.containerStatuses?.[1]?.lastState?.terminated?.exitCode === 1,
		);
		await agent.stop();
	});
});

test("an API server that is away: containers that end are started again", async (t) => {
	await withHost(async (host) => {
		await createPod(host.server);
		const agent = await startAgent(host);
		await untilRunning(host);
		host.server.failNext(new Error("no route"), { times: Number.POSITIVE_INFINITY, match: () => true });
		host.server.dropWatches(new Error("connection lost"));
		const victim = running(host).find(({ labels }) => labels[LABEL.container] === "a");
		host.runtime.exit(victim?.id ?? "", 1);
		await until("a restart", () =>
			running(host).some(({ labels }) => labels[LABEL.container] === "a" && labels[LABEL.attempt] === "1"),
		);
		t.is(running(host).length, 3);
		await agent.stop();
	});
});

test("an agent that starts while the API server is away looks after what it finds", async (t) => {
	await withHost(async (host) => {
		await createPod(host.server);
		const first = await startAgent(host);
		await untilRunning(host);
		await first.stop();
		let isAway = true;
		const options = { times: Number.POSITIVE_INFINITY, match: () => isAway };
		host.server.failNext(new Error("no route"), options);
		host.runtime.crash();
		const second = await startAgent(host);
		const again = () =>
			running(host).filter(
				({ labels }) => labels[LABEL.attempt] === "1" && labels[LABEL.container] !== SANDBOX,
			);
		await until("a restart", () => again().length === 2);
		isAway = false;
		await until("word of it", () =>
			pod(host)?.status?.containerStatuses?.every((each) => each.restartCount === 1),
		);
		checkRunning(t, host, "when the API server is back");
		await markDeleted(host.server);
		await untilGone(host);
		await second.stop();
	});
});

test("a pod that was deleted while nobody looked is not run again, with or without the API server", async (t) => {
	await withHost(async (host) => {
		await createPod(host.server);
		const first = await startAgent(host);
		await untilRunning(host);
		await first.stop();
		await host.server.call({
			method: "PATCH",
			path: PATH,
			contentType: MERGE,
			body: { metadata: { finalizers: null } },
		});
		await host.server.call({ method: "DELETE", path: PATH, body: {} });
		let isAway = true;
		host.server.failNext(new Error("no route"), { times: Number.POSITIVE_INFINITY, match: () => isAway });
		const second = await startAgent(host);
		t.is(running(host).length, 3);
		isAway = false;
		await untilGone(host);
		t.is(host.attached.size, 0);
		await second.stop();
	});
});

test("a pod of the same name is another pod", async (t) => {
	await withHost(async (host) => {
		await createPod(host.server);
		const agent = await startAgent(host);
		await untilRunning(host);
		const first = pod(host)?.metadata.uid;
		await markDeleted(host.server);
		await untilGone(host);
		await createPod(host.server);
		await untilRunning(host);
		t.not(pod(host)?.metadata.uid, first);
		t.true(running(host).every(({ labels }) => labels[LABEL.uid] === pod(host)?.metadata.uid));
		await agent.stop();
	});
});

const pod = ({ server }: Host) => server.objects<Pod>(Pod)[0];
const running = ({ runtime }: Host) =>
	[...runtime.containers.values()].map(({ info }) => info).filter(({ state }) => state === "running");

function checkRunning(t: ExecutionContext, host: Host, when: string): void {
	const names = running(host).map(({ labels }) => labels[LABEL.container]);
	t.deepEqual(names.sort(), [SANDBOX, "a", "b"], when);
	const sandbox = running(host).find(({ labels }) => labels[LABEL.container] === SANDBOX);
	t.deepEqual([...host.attached], [sandbox?.id], when);
	for (const { labels } of running(host)) {
		if (labels[LABEL.container] !== SANDBOX) t.is(labels[LABEL.sandbox], sandbox?.id, when);
	}
}

async function withHost(body: (host: Host) => Promise<void>): Promise<void> {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-recovery-"));
	const runtime = createFakeRuntime({ clock: systemClock, images: ["app:1", PAUSE_IMAGE] });
	await body({ server: createFakeServer(), runtime, attached: new Set(), dataDir });
	await runtime.close();
	await rm(dataDir, { recursive: true });
}

async function createPod(server: FakeServer): Promise<void> {
	const container = { image: "app:1", command: POLITE };
	await createClient(server).create(Pod, {
		metadata: { name: "web", namespace: "default", finalizers: ["test/held"] },
		spec: {
			nodeName: NODE,
			restartPolicy: "Always",
			terminationGracePeriodSeconds: 1,
			containers: [
				{ name: "a", ...container },
				{ name: "b", ...container },
			],
		},
	});
}

const markDeleted = (server: FakeServer) =>
	createClient(server).patch(
		Pod,
		{ namespace: "default", name: "web" },
		{ metadata: { deletionTimestamp: "2026-01-01T00:00:01Z", deletionGracePeriodSeconds: 1 } },
		{ type: "merge" },
	);

const untilRunning = (host: Host) =>
	until("the pod to run", () =>
		pod(host)?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
	);

const untilGone = (host: Host) =>
	until("all to be gone", () => !pod(host) && host.runtime.containers.size === 0);

async function until(what: string, question: () => unknown): Promise<void> {
	for (let tries = 0; !question(); tries += 1) {
		if (tries > 2_500) throw new Error(`waited in vain for ${what}`);
		await sleep(2);
	}
}

async function startAgent(host: Host, fate?: Fate) {
	const { died, gate } = gateOf(fate);
	const runtime: FakeRuntime = { ...host.runtime };
	for (const method of ["list", "inspect", "create", "start", "signal", "wait", "remove", "image"] as const) {
		Object.assign(runtime, {
			[method]: gate(host.runtime[method] as (...args: never[]) => Promise<unknown>),
		});
	}
	const confirming: FakeServer = {
		...host.server,
		// The last word of an agent lets the pod go.
		call: gate(async (call: Call) => {
			if (call.method === "DELETE") {
				await host.server.call({
					method: "PATCH",
					path: call.path,
					contentType: "application/merge-patch+json",
					body: { metadata: { finalizers: null } },
				});
				return {};
			}
			return host.server.call(call);
		}),
	};
	const client = createClient(confirming);
	const directories = createPodDirectories(join(host.dataDir, "pods"));
	const cni: Cni = {
		missing: async () => [],
		add: gate(async (_chain, { containerId }) => {
			if (host.attached.has(containerId)) throw new Error("duplicate allocation");
			host.attached.add(containerId);
			return { ips: [{ address: "10.244.0.9/24" }] };
		}),
		del: gate(async (_chain, { containerId }) => void host.attached.delete(containerId)),
	};
	const network = createNetwork({
		cni: {
			...cni,
			add: async (chain, at) => (at.ifName === "lo" ? {} : cni.add(chain, at)),
		},
		directories,
		dataDir: host.dataDir,
		bridge: "none",
		mtu: async () => undefined,
		podCidrs: () => ["10.244.0.0/24"],
		log: silentLogger,
	});
	const stop = new AbortController();
	const informers = createInformers({
		client: createClient(host.server),
		clock: systemClock,
		log: silentLogger,
	});
	const pods = informers.of(Pod);
	const informing = informers.start(stop.signal);
	const events = { normal: () => {}, warning: () => {} };
	const manager = createPodManager({
		environment: {
			client,
			runtime,
			network,
			steps: [],
			directories,
			events,
			nodeName: NODE,
			hostIps: ["10.0.0.1"],
			clock: systemClock,
			random: () => 0,
			log: silentLogger,
		},
		informer: pods,
		informed: informers.synced(),
		patience: 20,
		node: () => undefined,
		lost: () => {},
	});
	const managing = manager.run(stop.signal);
	return {
		died,
		stop: async () => {
			stop.abort();
			await informing;
			// The dead answer nobody.
			if (!fate) await managing;
		},
	};
}

function gateOf(fate: Fate | undefined) {
	const { promise: died, resolve } = Promise.withResolvers<void>();
	let left = fate?.calls ?? Number.POSITIVE_INFINITY;
	const never = new Promise<never>(() => {});
	const gate =
		<A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
		async (...args: A): Promise<R> => {
			left -= 1;
			if (left < 0 || (left === 0 && !fate?.lastCounts)) {
				resolve();
				return never;
			}
			const answer = await work(...args);
			if (left > 0) return answer;
			resolve();
			return never;
		};
	return { died, gate };
}
