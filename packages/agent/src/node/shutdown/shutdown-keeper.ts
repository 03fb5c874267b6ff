/** Ends the pods of a host that goes down, while it waits for them. */
import type { Clock, Logger, Pod } from "@berth/api";
import type { KubeletConfiguration } from "../../config/kubelet-configuration.ts";
import type { Ending } from "../../pods/ending.ts";
import { planShutdown, sharesOf } from "./plan-shutdown.ts";

/** A shutdown that has begun. */
export interface Shutdown {
	/** The host need not wait any longer. */
	release(): void;
	/** Resolves when the host stays after all, or the signal of `next` aborts. */
	readonly cancelled: Promise<void>;
}

export interface ShutdownSource {
	/** Resolves when the host is about to go down, and waits; undefined when the signal aborts first. */
	next(signal: AbortSignal): Promise<Shutdown | undefined>;
	/** The host is going down right now. */
	isUnderWay(): Promise<boolean>;
}

export interface ShutdownKeeper {
	/** The host is about to go down. */
	readonly going: boolean;
	/** The agent was told to stop: if that is because the host goes down, the pods end first. */
	leave(): Promise<void>;
	/** Runs until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface ShutdownOptions {
	readonly configuration: KubeletConfiguration;
	readonly source: ShutdownSource;
	/** Pods that are to go on running. */
	readonly pods: () => readonly Pod[];
	/** Ends a pod; resolves when nothing of it runs. */
	readonly end: (pod: Pod, ending: Ending) => Promise<void>;
	/** `going` has changed. */
	readonly changed: () => void;
	readonly clock: Clock;
	readonly log: Logger;
}

const ENDING = {
	reason: "Terminated",
	message: "Pod was terminated in response to imminent node shutdown.",
} as const;

export function createShutdownKeeper(options: ShutdownOptions): ShutdownKeeper {
	const { configuration, source, clock, log } = options;
	const shares = sharesOf(configuration);
	const total = shares.reduce((sum, { seconds }) => sum + seconds, 0);
	let going = false;
	let ended: Promise<void> | undefined;

	function change(to: boolean): void {
		going = to;
		options.changed();
	}

	async function endAll(): Promise<void> {
		log.warn({ seconds: total }, "this host goes down: its pods end");
		for (const phase of planShutdown(options.pods(), shares)) {
			const over = new AbortController();
			const ends = phase.pods.map((pod) => options.end(pod, { ...ENDING, grace: phase.seconds }));
			await Promise.race([Promise.all(ends), clock.sleep(phase.seconds * 1000, over.signal)]);
			over.abort();
		}
	}

	return {
		get going() {
			return going;
		},
		async leave() {
			if (total === 0) return;
			if (!ended && (await source.isUnderWay())) {
				change(true);
				ended = endAll();
			}
			await ended;
		},
		async run(signal) {
			while (total > 0 && !signal.aborted) {
				const shutdown = await source.next(signal);
				if (!shutdown) return;
				change(true);
				ended = endAll();
				await ended;
				shutdown.release();
				await shutdown.cancelled;
				if (signal.aborted) return;
				log.info({}, "this host stays after all");
				ended = undefined;
				change(false);
			}
		},
	};
}
