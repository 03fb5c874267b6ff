/** All controllers on one set of informers. */
import { type Clock, type Logger, systemClock } from "@berth/api";
import { type Client, createInformers } from "@berth/client";
import { controllers } from "@berth/controllers";
import { createEventRecorder, runController } from "@berth/reconcile";
import { accountOf } from "./identities.ts";
import { runTogether } from "./run-together.ts";

export interface ControllersRun {
	/** Reads for all of them. */
	readonly reader: Client;
	/** Writes for one of them. */
	readonly writer: (controller: string) => Client;
	/** The cluster's certificate authority, PEM. */
	readonly rootCa: string;
	readonly podCidr: string;
	readonly nodeGracePeriod: number;
	readonly clock?: Clock;
	readonly log: Logger;
}

/** The prefix length of one node's share of the pods' addresses. */
const NODE_PREFIX = 24;

/** Runs until the signal aborts; resolves when the last loop has finished what it had in hand. */
export async function runControllers(run: ControllersRun, signal: AbortSignal): Promise<void> {
	const { reader, writer, log, clock = systemClock } = run;
	const informers = createInformers({ client: reader, clock, log });
	const loops = controllers({ ...run, nodePrefix: NODE_PREFIX }).map(({ name, create }) => {
		const client = writer(name);
		const component = accountOf(name);
		const events = createEventRecorder({ client, clock, log, component, signal });
		return create({ client, informers, events, clock, log: log.child({ controller: name }) });
	});
	await runTogether(
		[
			(stop) => informers.start(stop),
			...loops.map((loop) => (stop: AbortSignal) => runController(loop, { clock, log, signal: stop })),
		],
		signal,
	);
}
