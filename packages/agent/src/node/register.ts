/** The host's Node object: made when missing, its status kept true. */
import { statfs } from "node:fs/promises";
import {
	type Clock,
	deepEqual,
	isAlreadyExists,
	isNotFound,
	type Logger,
	Node,
	type NodeStatus,
	parseGoDuration,
} from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { Pressure } from "../pressure/assess.ts";
import type { ImageInfo, Runtime, RuntimeInfo } from "../runtime/runtime.ts";
import { readHostIds } from "./host-ids.ts";
import { readHugePages } from "./huge-pages.ts";
import { type HostIds, type NodeFacts, nodeLabels, nodeStatus } from "./node-status.ts";

export interface NodeOptions {
	readonly client: Client;
	readonly runtime: Runtime;
	readonly name: string;
	readonly addresses: readonly string[];
	readonly port: number;
	readonly configuration: KubeletConfiguration;
	/** What this host runs short of. */
	readonly pressures: () => ReadonlySet<Pressure>;
	/** The host is about to go down. */
	readonly shuttingDown: () => boolean;
	/** What keeps pods from getting a network; undefined when nothing does. */
	readonly networkObstacle: () => Promise<string | undefined>;
	/** What keeps the engine from telling of containers though it answers; undefined when nothing does. */
	readonly engineObstacle: () => string | undefined;
	readonly events: EventRecorder;
	readonly clock: Clock;
	readonly log: Logger;
}

export interface NodeKeeper {
	/** As last seen on the server. */
	readonly node: Node | undefined;
	/** Looks at once whether the host is ready. */
	look(): void;
	run(signal: AbortSignal): Promise<void>;
}

/** While the host is not ready, or nothing is known of it. */
const LOOK_SOON = 1_000;

export function createNodeKeeper(options: NodeOptions): NodeKeeper {
	const { client, runtime, name, clock, log } = options;
	const milliseconds = (text: string | undefined) => parseGoDuration(text ?? "0s") / 1e6;
	const lookEvery = milliseconds(options.configuration.nodeStatusUpdateFrequency);
	/** Heartbeats of the status itself; the lease tells that the node lives. */
	const writeEvery = milliseconds(options.configuration.nodeStatusReportFrequency);
	let node: Node | undefined;
	let ids: HostIds | undefined;
	let engine:
		| { readonly info: RuntimeInfo; readonly images: readonly ImageInfo[]; readonly at: number }
		| undefined;
	let writtenAt = 0;
	let wake = () => {};

	async function facts(): Promise<NodeFacts> {
		const now = clock.now();
		ids ??= await readHostIds();
		const obstacles: string[] = [];
		try {
			await runtime.ping();
			if (!engine || now - engine.at >= writeEvery) {
				engine = { info: await runtime.info(), images: await runtime.images(), at: now };
			}
		} catch (error) {
			log.warn({ error }, "Docker does not answer");
			obstacles.push(
				`container runtime is down: ${error instanceof Error ? error.message : error}. Start it (systemctl start docker), or install Docker Engine`,
			);
		}
		const engineTrouble = options.engineObstacle();
		if (engineTrouble) obstacles.push(engineTrouble);
		const network = await options.networkObstacle();
		if (network) {
			obstacles.push(
				`container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${network}`,
			);
		}
		if (options.shuttingDown()) obstacles.push("node is shutting down");
		const { info = UNKNOWN_ENGINE, images = [] } = engine ?? {};
		const disk = await diskOf(info.root);
		const { addresses, port } = options;
		return {
			name,
			addresses,
			port,
			info,
			ids,
			size: { cpus: info.cpus, memory: info.memory, disk, hugePages: await readHugePages() },
			configuration: options.configuration,
			pressures: options.pressures(),
			images,
			obstacles,
			now,
		};
	}

	async function register(current: NodeFacts): Promise<Node> {
		const labels = nodeLabels(name, current.info);
		try {
			const known = await client.get(Node, { name });
			const missing = Object.entries(labels).some(([key, value]) => known.metadata.labels?.[key] !== value);
			if (!missing) return known;
			return await client.patch(Node, { name }, { metadata: { labels } }, { type: "merge" });
		} catch (error) {
			if (!isNotFound(error)) throw error;
		}
		log.info({ node: name }, "registering this host");
		try {
			const taints = options.configuration.registerWithTaints;
			return await client.create(Node, { metadata: { name, labels }, spec: taints ? { taints } : {} });
		} catch (error) {
			if (!isAlreadyExists(error)) throw error;
			return client.get(Node, { name });
		}
	}

	/** Whoever deleted it gets it back: the host is still here. */
	function forgetDeleted(error: unknown): never {
		if (isNotFound(error)) node = undefined;
		throw error;
	}

	function tell(about: Node, ready: boolean): void {
		const reason = ready ? "NodeReady" : "NodeNotReady";
		options.events.normal(about, reason, `Node ${name} status is now: ${reason}`);
	}

	/** True when the host is ready. */
	async function turn(): Promise<boolean> {
		const current = await facts();
		// Read anew each time: while the host was silent, others said of it what must now be taken back.
		node = await (node ? client.get(Node, { name }) : register(current)).catch(forgetDeleted);
		const status = nodeStatus(current, node);
		const due = current.now - writtenAt >= writeEvery;
		const wasReady = isReady(node.status);
		if (due || !sameStatus(node.status, status)) {
			const patch = {
				status: { ...status, addresses: [{ $patch: "replace" }, ...(status.addresses ?? [])] },
			};
			node = await client
				.patch(Node, { name }, patch, { type: "strategic", subresource: "status" })
				.catch(forgetDeleted);
			writtenAt = current.now;
			if (isReady(status) !== wasReady) tell(node, isReady(status));
		}
		return current.obstacles.length === 0;
	}

	return {
		get node() {
			return node;
		},
		look: () => wake(),
		async run(signal) {
			while (!signal.aborted) {
				const woken = new AbortController();
				wake = () => woken.abort();
				let ready = false;
				try {
					ready = await turn();
				} catch (error) {
					log.warn({ error }, "keeping the node's status failed, trying again");
				}
				await clock.sleep(ready ? lookEvery : LOOK_SOON, AbortSignal.any([signal, woken.signal]));
			}
		},
	};
}

const UNKNOWN_ENGINE: RuntimeInfo = {
	name: "docker://unknown",
	version: "unknown",
	kernelVersion: "",
	operatingSystem: "",
	architecture: process.arch === "x64" ? "amd64" : process.arch,
	cpus: 0,
	memory: 0,
	cgroupDriver: "cgroupfs",
	cgroupVersion: 1,
	root: "/",
	handlers: [],
};

async function diskOf(root: string): Promise<number> {
	try {
		const { blocks, bsize } = await statfs(root);
		return blocks * bsize;
	} catch {
		return 0;
	}
}

const isReady = (status: NodeStatus | undefined): boolean =>
	status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

/** Heartbeat times apart. */
function sameStatus(known: NodeStatus | undefined, next: NodeStatus): boolean {
	if (!known) return false;
	return Object.entries(next).every(([key, value]) => {
		const old = known[key as keyof NodeStatus];
		if (key !== "conditions") return deepEqual(old, value);
		return (next.conditions ?? []).every((condition) => {
			const present = known.conditions?.find(({ type }) => type === condition.type);
			return present?.status === condition.status && present?.message === condition.message;
		});
	});
}
