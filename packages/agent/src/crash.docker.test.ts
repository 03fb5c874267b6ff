/** Agents that die at some moment of a pod's life, on a real Docker with real plugins and mounts. See pods.docker.test.ts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Container, silentLogger, systemClock } from "@berth/api";
import { createFakeServer } from "@berth/client";
import test from "ava";
import { ensureTestImage, IMAGE } from "./fake-cluster.ts";
import { LABEL, SANDBOX } from "./pods/labels.ts";
import {
	createPod,
	type Fate,
	type Host,
	isReady,
	markDeleted,
	NODE,
	podOn,
	remains,
	startAgent,
	until,
} from "./pods/mortal-agent.ts";
import { createDockerRuntime } from "./runtime/docker.ts";
import { hostRights } from "./runtime/host-rights.ts";
import { mountsBelow } from "./steps/mounts.ts";
import { createCni } from "./steps/network/cni.ts";
import { run } from "./steps/spawn.ts";
import { createSteps } from "./steps/steps.ts";

const SOCKET = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";
const BRIDGE = "berthcrash0";
const OURS = { [LABEL.node]: NODE };
/** Every so many calls a life of its own: they take a second each. */
const EVERY = 6;
const MOST_CALLS = 60;

const polite = (name: string): Container => ({
	name,
	image: IMAGE,
	command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"],
	volumeMounts: [{ name: "memory", mountPath: "/m" }],
});
const spec = {
	initContainers: [
		{ name: "setup", image: IMAGE, command: ["sh", "-c", "exit 0"] },
		{ ...polite("side"), restartPolicy: "Always" as const },
	],
	containers: [polite("a")],
	volumes: [{ name: "memory", emptyDir: { medium: "Memory" } }],
	automountServiceAccountToken: false,
};

async function withDocker(body: (host: Host) => Promise<void>): Promise<void> {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-crash-"));
	await ensureTestImage(dataDir);
	const runtime = createDockerRuntime({ socket: SOCKET, rights: await hostRights() });
	try {
		await body({
			server: createFakeServer(),
			runtime,
			cni: createCni(["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"], process.env.PATH ?? ""),
			dataDir,
			bridge: BRIDGE,
			podCidr: "10.244.78.0/24",
			steps: (parts) =>
				createSteps({
					...parts,
					dataDir,
					events: { normal: () => {}, warning: () => {} },
					services: () => [],
					allocatable: () => ({}),
					hostIps: ["10.0.0.1"],
					podPidsLimit: -1,
					seccompDefault: false,
					serializeImagePulls: true,
					classOf: () => undefined,
					clusterDns: "10.96.0.10",
					clusterDomain: "cluster.local",
					clock: systemClock,
					log: silentLogger,
				}),
		});
	} finally {
		for (const { id } of await runtime.list(OURS)) await runtime.remove(id);
		await runtime.close();
		await run("ip", ["link", "del", BRIDGE]);
		await rm(dataDir, { recursive: true, force: true });
	}
}

const fates = Array.from({ length: MOST_CALLS / EVERY }, (_, index): Fate => {
	const how = index % 2 === 0 ? "before" : "after";
	return { calls: 1 + index * EVERY, how };
});

const names = async ({ runtime }: Host) =>
	(await runtime.list(OURS))
		.filter(({ state }) => state === "running")
		.map(({ labels }) => labels[LABEL.container])
		.sort();

const isAllGone = async (host: Host) =>
	!podOn(host) &&
	(await host.runtime.list(OURS)).length === 0 &&
	(await remains(host)).length === 0 &&
	(await mountsBelow(host.dataDir)).length === 0;

/** The first of the two; whether the other one ever comes is nobody's business any more. */
function either(death: Promise<unknown>, life: Promise<unknown>): Promise<unknown> {
	life.catch(() => {});
	return Promise.race([death, life]);
}

test.serial("agents that die while a pod starts, and while it ends", async (t) => {
	t.timeout(240_000);
	await withDocker(async (host) => {
		for (const fate of fates) {
			const when = `${fate.how} call ${fate.calls}`;
			await createPod(host, spec);
			const first = await startAgent(host, fate);
			await either(
				first.happened,
				until(`the pod despite death ${when}`, () => isReady(host)),
			);
			const second = await startAgent(host);
			await until(`the pod after death ${when}`, () => isReady(host));
			t.deepEqual(await names(host), [SANDBOX, "a", "side"], when);
			t.is((await remains(host)).length, 2, `${when}: one directory, one address`);
			await second.stop();
			await first.stop();
			await markDeleted(host);
			const third = await startAgent(host, fate);
			await either(
				third.happened,
				until(`the end despite death ${when}`, () => isAllGone(host)),
			);
			const fourth = await startAgent(host);
			await until(`the end after death ${when}`, () => isAllGone(host));
			await fourth.stop();
			await third.stop();
		}
	});
});
