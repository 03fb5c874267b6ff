/** What the workers of all pods share. */
import type { Clock, Logger } from "@berth/api";
import type { Client } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { Runtime } from "../runtime/runtime.ts";
import type { ProbeMetrics } from "../stats/probe-metrics.ts";
import type { Network } from "../steps/network/network.ts";
import type { PodDirectories } from "../steps/pod-directory.ts";
import type { PodStep } from "../steps/step.ts";

export interface PodEnvironment {
	readonly client: Client;
	readonly runtime: Runtime;
	readonly network: Network;
	readonly steps: readonly PodStep[];
	readonly directories: PodDirectories;
	readonly events: EventRecorder;
	/** The status of a pod that the API does not have has changed, or the pod is gone. */
	readonly staticChanged: () => void;
	/** Told how probes went. Default: nobody. */
	readonly probes?: Pick<ProbeMetrics, "probed" | "forget"> | undefined;
	/** Told that a pod runs: seconds since this agent first saw it, and since it was made. Default: nobody. */
	readonly podStarted?: ((sinceSeen: number, sinceCreated: number) => void) | undefined;
	/** Told that a pod had to make way for a critical one that found too little of a resource. Default: nobody. */
	readonly preempted?: ((resource: string) => void) | undefined;
	readonly nodeName: string;
	/** Addresses of this host that its pods report as hostIPs. */
	readonly hostIps: readonly string[];
	readonly clock: Clock;
	/** In [0, 1). */
	readonly random: () => number;
	readonly log: Logger;
}
