/** The keepers of the host itself: what is used, what runs short, which images stay, and what its Node object says. */
import type { Clock, Logger, Node, Pod } from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { KubeletConfiguration } from "../config/kubelet-configuration.ts";
import { createImageKeeper } from "../image-gc/image-keeper.ts";
import type { Ending } from "../pods/ending.ts";
import type { HostRules } from "../pods/host-rules.ts";
import { createPressureKeeper, type Eviction } from "../pressure/keeper.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { createHostStats, type HostStats } from "../stats/host-stats.ts";
import type { PodDirectories } from "../steps/pod-directory.ts";
import { hasAppArmor } from "./app-armor.ts";
import { keepLease } from "./lease.ts";
import { createNodeKeeper } from "./register.ts";
import { sharesOf } from "./shutdown/plan-shutdown.ts";
import { createShutdownKeeper, type ShutdownSource } from "./shutdown/shutdown-keeper.ts";
import { systemdShutdown } from "./shutdown/systemd-shutdown.ts";

export interface Host {
	readonly stats: HostStats;
	/** Pods evicted so far, by signal. */
	readonly evictions: ReadonlyMap<string, number>;
	/** The engine; what is pulled through it may be thrown away again when nobody uses it. */
	readonly runtime: Runtime;
	/** As last seen on the server. */
	readonly node: Node | undefined;
	/** What pods may ask of this host now. */
	rules(): HostRules;
	/** Looks at once whether the host is ready. */
	look(): void;
	/** The agent was told to stop: if that is because the host goes down, the pods end first. */
	leave(): Promise<void>;
	/** Its parts, each running until the signal aborts. */
	start(signal: AbortSignal): readonly Promise<void>[];
}

export interface HostOptions {
	readonly runtime: Runtime;
	readonly client: Client;
	readonly nodeName: string;
	readonly addresses: readonly string[];
	readonly port: number;
	readonly configuration: KubeletConfiguration;
	readonly directories: PodDirectories;
	readonly dataDir: string;
	/** Resolves when the API has told all that is needed to judge what is here. */
	readonly informed: (signal: AbortSignal) => Promise<void>;
	readonly networkObstacle: () => Promise<string | undefined>;
	readonly engineObstacle: () => string | undefined;
	/** Pods that are to go on running. */
	readonly pods: () => readonly Pod[];
	/** Ends a pod; resolves when nothing of it runs. */
	readonly end: (pod: Pod, ending: Ending) => Promise<void>;
	/** Who tells of shutdowns. Default: systemd. */
	readonly shutdowns?: ShutdownSource | undefined;
	readonly events: EventRecorder;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1). */
	readonly random: () => number;
}

export async function createHost(options: HostOptions): Promise<Host> {
	const { runtime, client, nodeName, configuration, events, clock, log } = options;
	const appArmor = await hasAppArmor();
	const evictions = new Map<string, number>();
	const stats = createHostStats(options);
	const images = createImageKeeper({
		...options,
		containers: () => stats.containers(),
		disk: async () => (await stats.sample()).host.images,
	});
	const node = createNodeKeeper({
		...options,
		name: nodeName,
		pressures: () => pressure.conditions,
		shuttingDown: () => shutdown.going,
	});
	const pressure = createPressureKeeper({
		...options,
		stats,
		evict,
		reclaimImages: () => images.reclaim(),
		changed: () => node.look(),
	});

	const shutdown = createShutdownKeeper({
		...options,
		source: options.shutdowns ?? systemdShutdown({ wanted: waitOf(configuration), log }),
		changed: () => node.look(),
	});

	function evict(pod: Pod, { signal, message, grace }: Eviction): Promise<void> {
		evictions.set(signal, (evictions.get(signal) ?? 0) + 1);
		events.warning(pod, "Evicted", message);
		return options.end(pod, { reason: "Evicted", message, grace });
	}

	return {
		stats,
		evictions,
		runtime: { ...runtime, pull: images.images.pull },
		get node() {
			return node.node;
		},
		rules: () => ({
			allowedUnsafeSysctls: configuration.allowedUnsafeSysctls ?? [],
			appArmor,
			pressures: pressure.conditions,
			shuttingDown: shutdown.going,
		}),
		look: () => node.look(),
		leave: () => shutdown.leave(),
		start(signal) {
			const duration = configuration.nodeLeaseDurationSeconds ?? 40;
			return [
				// Before the node itself is known its address range seems to be missing, and the host not ready.
				options.informed(signal).then(() => node.run(signal)),
				keepLease({ client, name: nodeName, node: () => node.node, duration, clock, log }, signal),
				stats.run(signal),
				images.run(signal),
				pressure.run(signal),
				shutdown.run(signal),
			];
		},
	};
}

/** Seconds that a shutdown takes at most. */
const waitOf = (configuration: KubeletConfiguration): number =>
	sharesOf(configuration).reduce((sum, { seconds }) => sum + seconds, 0);
