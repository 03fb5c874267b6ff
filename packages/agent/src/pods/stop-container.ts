/** Ends one container: its hook, its stop signal, a time of grace, then the kill. */
import type { Clock } from "@berth/api";
import type { Containers } from "../runtime/runtime.ts";

/** After a hook that took all the time there is still so much, in milliseconds. */
const LEAST_AFTER_HOOK = 2_000;

export interface StopOptions {
	readonly runtime: Containers;
	readonly id: string;
	/** Milliseconds from now to the kill, hook included. */
	readonly grace: number;
	/** Runs to its end or until its signal aborts; its failures are its own to report. */
	readonly hook?: ((signal: AbortSignal) => Promise<void>) | undefined;
	readonly clock: Clock;
	/** Aborting leaves the container as it is. */
	readonly signal: AbortSignal;
}

export async function stopContainer(options: StopOptions): Promise<void> {
	const { runtime, id, clock, signal } = options;
	const deadline = clock.now() + options.grace;
	if (options.hook && options.grace > 0) {
		await withinGrace(options, options.grace, options.hook);
		if (signal.aborted) return;
	}
	const left = Math.max(deadline - clock.now(), options.hook ? LEAST_AFTER_HOOK : 0);
	if (left > 0) {
		const info = await runtime.inspect(id);
		if (!info) return;
		await runtime.signal(id, info.stopSignal);
		if (await withinGrace(options, left, (stop) => runtime.wait(id, stop))) return;
		if (signal.aborted) return;
	}
	await runtime.signal(id, "SIGKILL");
	await runtime.wait(id, signal);
}

/** True when the work ended by itself, in time. */
async function withinGrace(
	{ clock, signal }: StopOptions,
	milliseconds: number,
	work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
	const over = new AbortController();
	const either = AbortSignal.any([signal, over.signal]);
	const cancel = clock.after(milliseconds, () => over.abort());
	try {
		await work(either);
		return !either.aborted;
	} catch (error) {
		if (!either.aborted) throw error;
		return false;
	} finally {
		cancel();
	}
}
