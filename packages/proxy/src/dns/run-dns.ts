/** The cluster's DNS on this node: answers from informers, forwards the rest. */
import type { Clock, Logger } from "@berth/api";
import type { Informers } from "@berth/client";
import type { ProxyMetrics } from "../metrics.ts";
import { createForwarder } from "./forwarder.ts";
import type { Resolvers } from "./resolvers.ts";
import { createResponder } from "./responder.ts";
import { listenTcp } from "./tcp-server.ts";
import { type Listening, listenUdp } from "./udp-server.ts";
import { createZone } from "./zone.ts";

export interface DnsOptions {
	readonly informers: Informers;
	/** Must be one of this host's. */
	readonly address: string;
	/** Default 53. */
	readonly port?: number;
	readonly domain: string;
	readonly clusterCidr: string;
	readonly resolvers: Resolvers;
	readonly clock: Clock;
	readonly log: Logger;
	readonly metrics: ProxyMetrics;
	/** Called each time it answers, with the port. */
	readonly onListening?: (port: number) => void;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;

/** Answers until the signal aborts. A port that is taken is tried again and again, with an error in the log. */
export async function runDns(options: DnsOptions, signal: AbortSignal): Promise<void> {
	const { informers, address, domain, clusterCidr, clock, log, metrics, resolvers } = options;
	const zone = createZone({ informers, domain, serverAddress: address, clusterCidr });
	const forwarder = createForwarder({ resolvers, clock, log, signal });
	const respond = createResponder({ zone, forwarder, clock, log, metrics });
	const stopped = new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

	let wait = FIRST_WAIT;
	while (!signal.aborted) {
		const open: Listening[] = [];
		try {
			open.push(await listenUdp({ address, port: options.port ?? 53, respond, log }));
			const port = open[0]?.port ?? 53;
			open.push(await listenTcp({ address, port, respond, log, clock }));
			log.info({ address, port, domain }, "answering DNS questions");
			wait = FIRST_WAIT;
			options.onListening?.(port);
			await Promise.race([stopped, ...open.map(({ failed }) => failed)]);
		} catch (error) {
			log.error({ err: error, address, retryIn: wait }, "cannot answer DNS questions here");
		} finally {
			await Promise.all(open.map((each) => each.close()));
		}
		if (signal.aborted) return;
		await clock.sleep(wait, signal);
		wait = Math.min(LONGEST_WAIT, wait * 2);
	}
}
