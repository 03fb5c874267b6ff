/** The loop around `reconcile`, and the one retry policy of the project. */
import { type Clock, isConflict, isNotFound, type Logger } from "@berth/api";
import type { Controller } from "./controller.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

/** Told of every turn of a loop; the process adapts it to its metrics. */
export interface ControllerMetrics {
	reconciled(controller: string, outcome: Outcome, milliseconds: number): void;
	/** Keys ready to be worked on. */
	waiting(controller: string, keys: number): void;
}

export type Outcome = "settled" | "requeued" | "conflict" | "failed";

export interface RunOptions {
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
	readonly metrics?: ControllerMetrics | undefined;
}

/** Runs until the signal aborts; resolves when the last worker has finished what it had in hand. */
export async function runController(controller: Controller, options: RunOptions): Promise<void> {
	const { clock, signal } = options;
	if (signal.aborted) return;
	const log = options.log.child({ controller: controller.name });
	const queue = createWorkQueue({ clock });
	const detach = controller.sources.map((source) => source.attach(queue.add));
	const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
	signal.addEventListener("abort", () => stop(), { once: true });
	try {
		const synced = Promise.all(controller.sources.map((source) => source.synced));
		await Promise.race([synced, stopped]);
		if (signal.aborted) return;
		log.debug({ keys: queue.length }, "started");
		stopped.then(() => queue.close());
		const workers = Array.from({ length: controller.workers ?? 4 }, () =>
			work(controller, queue, { ...options, log }),
		);
		await Promise.all(workers);
	} finally {
		queue.close();
		for (const each of detach) each();
	}
}

async function work(controller: Controller, queue: WorkQueue, options: RunOptions): Promise<void> {
	const { clock, metrics } = options;
	while (true) {
		const key = await queue.take();
		if (key === undefined) return;
		const began = clock.now();
		const outcome = await turn(controller, queue, key, options);
		queue.done(key);
		metrics?.reconciled(controller.name, outcome, clock.now() - began);
		metrics?.waiting(controller.name, queue.length);
	}
}

/** What is still missing when retries are this many milliseconds apart was not just deleted. */
const PATIENCE = 1_000;

async function turn(
	controller: Controller,
	queue: WorkQueue,
	key: string,
	{ log, signal }: RunOptions,
): Promise<Outcome> {
	try {
		const settled = await controller.reconcile(key, signal);
		queue.forget(key);
		if (!settled) return "settled";
		queue.addAfter(key, settled.requeueAfter);
		return "requeued";
	} catch (error) {
		if (signal.aborted) return "failed";
		const milliseconds = queue.retry(key);
		// Somebody else wrote or deleted first: the informer is about to show it, and the next look settles.
		if (isConflict(error) || (isNotFound(error) && milliseconds < PATIENCE)) {
			log.debug({ key, err: error }, "overtaken; looking again");
			return "conflict";
		}
		log.warn({ key, err: error, retryIn: milliseconds }, "reconcile failed");
		return "failed";
	}
}
