/** The containers of this host's pods, kept by the runtime's events so that nobody has to ask for all of them again. */
import type { Clock, Logger } from "@berth/api";
import { createBackoff } from "@berth/client";
import { LABEL } from "../pods/labels.ts";
import type { ContainerInfo, Runtime, RuntimeEvent } from "../runtime/runtime.ts";

export interface ContainerList {
	/** In no particular order; ended ones too, until they are removed. */
	all(): readonly ContainerInfo[];
	/** Runs until the signal aborts. */
	run(signal: AbortSignal): Promise<void>;
}

export interface ContainerListOptions {
	readonly runtime: Runtime;
	readonly nodeName: string;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1). */
	readonly random: () => number;
}

export function createContainerList({
	runtime,
	nodeName,
	clock,
	log,
	random,
}: ContainerListOptions): ContainerList {
	const ours = { [LABEL.node]: nodeName };
	const known = new Map<string, ContainerInfo>();

	async function apply({ type, id }: RuntimeEvent): Promise<void> {
		const info = type === "removed" ? undefined : await runtime.inspect(id);
		if (info) known.set(id, info);
		else known.delete(id);
	}

	return {
		all: () => [...known.values()],
		async run(signal) {
			const backoff = createBackoff({ base: 200, cap: 5_000, random });
			while (!signal.aborted) {
				try {
					// Events first, so that nothing happens unseen between them and the list.
					const events = await runtime.events(ours, signal);
					const present = await runtime.list(ours);
					known.clear();
					for (const info of present) known.set(info.id, info);
					backoff.reset();
					for await (const event of events) await apply(event);
				} catch (error) {
					if (!signal.aborted) log.debug({ error }, "lost sight of this host's containers, looking again");
				}
				await clock.sleep(backoff.next(), signal);
			}
		},
	};
}
