/**
 * Hosts and agents for the tests of recovery: an agent may be told to die, or to fail, at any of its calls to the world
 * outside. What is left on its host is then for the next one to mend.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type Draft, Pod, silentLogger, systemClock } from "@berth/api";
import { type Client, createClient, createFakeServer, createInformers, type FakeServer } from "@berth/client";
import type { ExecutionContext } from "ava";
import { PAUSE_IMAGE } from "../pause/pause-image.ts";
import { createFakeRuntime, type FakeRuntime } from "../runtime/fake.ts";
import type { ContainerInfo, Runtime } from "../runtime/runtime.ts";
import type { Cni } from "../steps/network/cni.ts";
import { createNetwork } from "../steps/network/network.ts";
import { createPodDirectories, missingAs, type PodDirectories } from "../steps/pod-directory.ts";
import type { PodStep } from "../steps/step.ts";
import { PLAIN_RULES } from "./host-rules.ts";
import { LABEL, SANDBOX } from "./labels.ts";
import { createPodManager } from "./manager.ts";

export interface Host {
	readonly server: FakeServer;
	readonly runtime: Runtime;
	readonly cni: Cni;
	readonly dataDir: string;
	readonly bridge: string;
	readonly podCidr: string;
	readonly steps: (parts: StepParts) => readonly PodStep[];
}

export interface StepParts {
	readonly runtime: Runtime;
	readonly client: Client;
	readonly directories: PodDirectories;
}

export interface FakeHost extends Host {
	readonly runtime: FakeRuntime;
	/** Ids of sandboxes with an address. */
	readonly attached: ReadonlySet<string>;
}

/** What befalls the agent at its n-th call: it dies before the call has an effect, or after, or the call fails once. */
export interface Fate {
	readonly calls: number;
	readonly how: "before" | "after" | "throws";
}

export const NODE = "mortal-host";
export const POD_PATH = "/api/v1/namespaces/default/pods/web";
const POLITE = ["sh", "-c", "trap 'exit 0' TERM; forever"];

export async function startAgent(host: Host, fate?: Fate) {
	const { happened, gate, isDead } = gateOf(fate);
	const runtime = { ...host.runtime };
	for (const method of CALLS) {
		Object.assign(runtime, {
			[method]: gate(host.runtime[method] as (...args: never[]) => Promise<unknown>),
		});
	}
	const client = createClient({ ...host.server, call: gate((call: Call) => letGo(host.server, call)) });
	const directories = createPodDirectories(join(host.dataDir, "pods"));
	const network = createNetwork({
		cni: {
			missing: host.cni.missing,
			add: gate((chain, at) => host.cni.add(chain, at)),
			del: gate((chain, at) => host.cni.del(chain, at)),
		},
		directories,
		dataDir: host.dataDir,
		bridge: host.bridge,
		mtu: async () => undefined,
		podCidrs: () => [host.podCidr],
		log: silentLogger,
	});
	const steps = host.steps({ runtime, client, directories }).map(
		(step): PodStep => ({
			...step,
			...(step.prepare && { prepare: gate((scope) => step.prepare?.(scope) ?? Promise.resolve()) }),
			...(step.container && {
				container: gate(async (spec, scope) => step.container?.(spec, scope) ?? spec),
			}),
			...(step.clear && { clear: gate((pod) => step.clear?.(pod) ?? Promise.resolve()) }),
			...(step.release && { release: gate((pod) => step.release?.(pod) ?? Promise.resolve()) }),
		}),
	);
	const stop = new AbortController();
	const informers = createInformers({
		client: createClient(host.server),
		clock: systemClock,
		log: silentLogger,
	});
	const informer = informers.of(Pod);
	const informing = informers.start(stop.signal);
	const manager = createPodManager({
		environment: {
			client,
			runtime,
			network,
			steps,
			directories,
			events: { normal: () => {}, warning: () => {} },
			staticChanged: () => {},
			nodeName: NODE,
			hostIps: ["10.0.0.1"],
			clock: systemClock,
			random: () => 0,
			log: silentLogger,
		},
		informer,
		informed: informers.synced(),
		followManifests: async (tell) => tell([]),
		patience: 20,
		node: () => undefined,
		rules: () => PLAIN_RULES,
		lost: () => {},
	});
	const managing = manager.run(stop.signal);
	return {
		/** Resolves when the fate has come. */
		happened,
		end: manager.end,
		stop: async () => {
			stop.abort();
			await informing;
			// The dead answer nobody.
			if (!isDead()) await managing;
		},
	};
}

const CALLS = [
	"list",
	"inspect",
	"create",
	"start",
	"update",
	"signal",
	"wait",
	"remove",
	"image",
	"exec",
] as const;

/** The last word of an agent lets the pod go. */
async function letGo(server: FakeServer, call: Call): Promise<unknown> {
	if (call.method !== "DELETE") return server.call(call);
	const body = { metadata: { finalizers: null } };
	await server.call({ method: "PATCH", path: call.path, contentType: "application/merge-patch+json", body });
	return {};
}

function gateOf(fate: Fate | undefined) {
	const { promise: happened, resolve } = Promise.withResolvers<void>();
	let left = fate?.calls ?? Number.POSITIVE_INFINITY;
	let dead = false;
	const never = new Promise<never>(() => {});
	const gate =
		<A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
		async (...args: A): Promise<R> => {
			if (dead) return never;
			left -= 1;
			if (left !== 0) {
				const answer = await work(...args);
				return dead ? never : answer;
			}
			// Calls may be parts of others: it dies when the last of this one is done.
			if (fate?.how !== "before") await work(...args);
			dead = fate?.how !== "throws";
			resolve();
			if (!dead) throw new Error("an injected failure");
			return never;
		};
	return { happened, gate, isDead: () => dead };
}

export async function withFakeHost<T>(body: (host: FakeHost) => Promise<T>): Promise<T> {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-recovery-"));
	const runtime = createFakeRuntime({ clock: systemClock, images: ["app:1", PAUSE_IMAGE] });
	const attached = new Set<string>();
	const cni: Cni = {
		missing: async () => [],
		add: async (_chain, { containerId, ifName }) => {
			if (ifName === "lo") return {};
			if (attached.has(containerId)) throw new Error("duplicate allocation");
			attached.add(containerId);
			return { ips: [{ address: "10.244.0.9/24" }] };
		},
		del: async (_chain, { containerId }) => void attached.delete(containerId),
	};
	try {
		return await body({
			server: createFakeServer(),
			runtime,
			cni,
			dataDir,
			bridge: "none",
			podCidr: "10.244.0.0/24",
			steps: ({ directories }) => [diskStep(directories)],
			attached,
		});
	} finally {
		await runtime.close();
		await rm(dataDir, { recursive: true });
	}
}

/** Leaves something behind that its release has to find. */
const diskStep = (directories: PodDirectories): PodStep => ({
	name: "disk",
	async prepare({ pod }) {
		const directory = directories.volume(pod.metadata.uid, "v");
		await mkdir(directory, { recursive: true });
		await writeFile(join(directory, "file"), "");
	},
	async release({ uid }) {
		await rm(directories.volume(uid, "v"), { recursive: true, force: true });
	},
});

export async function createPod(host: Host, changes: Partial<Draft<Pod>["spec"]> = {}): Promise<void> {
	const container = { image: "app:1", command: POLITE };
	await createClient(host.server).create(Pod, {
		metadata: { name: "web", namespace: "default", finalizers: ["test/held"] },
		spec: {
			nodeName: NODE,
			restartPolicy: "Always",
			terminationGracePeriodSeconds: 1,
			containers: [
				{ name: "a", ...container },
				{ name: "b", ...container },
			],
			...changes,
		},
	});
}

export const markDeleted = (host: Host) =>
	createClient(host.server).patch(
		Pod,
		{ namespace: "default", name: "web" },
		{ metadata: { deletionTimestamp: "2026-01-01T00:00:01Z", deletionGracePeriodSeconds: 1 } },
		{ type: "merge" },
	);

export const podOn = ({ server }: Host): Pod | undefined => server.objects<Pod>(Pod)[0];

export const running = ({ runtime }: FakeHost): readonly ContainerInfo[] =>
	[...runtime.containers.values()].map(({ info }) => info).filter(({ state }) => state === "running");

export const isReady = (host: Host): boolean =>
	podOn(host)?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

/** From the API and from the runtime. */
export const isGone = (host: FakeHost): boolean => !podOn(host) && host.runtime.containers.size === 0;

/** What pods have on the disk, addresses included. */
export async function remains({ dataDir }: Host): Promise<readonly string[]> {
	const listed = (path: string) => missingAs(readdir(join(dataDir, path)), [] as string[]);
	const addresses = (await listed("addresses/berth")).filter((name) => /^[0-9a-f]*[.:]/i.test(name));
	return [...(await listed("pods")), ...addresses];
}

export function checkRunning(
	t: ExecutionContext,
	host: FakeHost,
	when: string,
	wanted: readonly string[] = ["a", "b"],
): void {
	const names = running(host).map(({ labels }) => labels[LABEL.container]);
	t.deepEqual(names.sort(), [SANDBOX, ...wanted], when);
	const sandbox = running(host).find(({ labels }) => labels[LABEL.container] === SANDBOX);
	t.deepEqual([...host.attached], [sandbox?.id], when);
	for (const { labels } of running(host)) {
		if (labels[LABEL.container] !== SANDBOX) t.is(labels[LABEL.sandbox], sandbox?.id, when);
	}
}

export async function until(what: string, question: () => unknown, seconds = 30): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await question())) {
		if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
		await sleep(10);
	}
}
