/** The scheduler with informers of its own. */
import type { Clock, Logger } from "@berth/api";
import { type Client, createInformers } from "@berth/client";
import { createEventRecorder } from "@berth/reconcile";
import { runScheduler } from "@berth/scheduler";
import { runTogether } from "./run-together.ts";

export interface SchedulerRun {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Runs until the signal aborts. */
export async function runSchedulerAlone(
	{ client, clock, log }: SchedulerRun,
	signal: AbortSignal,
): Promise<void> {
	const informers = createInformers({ client, clock, log });
	const events = createEventRecorder({ client, clock, log, component: "default-scheduler", signal });
	await runTogether(
		[
			(stop) => informers.start(stop),
			(stop) =>
				runScheduler({ client, informers, events, clock, log: log.child({ part: "scheduler" }) }, stop),
		],
		signal,
	);
}
