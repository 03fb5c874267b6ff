/** What a container asks to be done right after its start and right before its end. */
import type { Clock, LifecycleHandler } from "@berth/api";
import type { Streams } from "../../runtime/runtime.ts";
import { checkExec } from "./exec-check.ts";
import { checkHttp } from "./http-check.ts";
import { type CheckResult, type CheckTarget, PASSED } from "./result.ts";

export interface HookOptions {
	readonly runtime: Streams;
	readonly clock: Clock;
	readonly signal: AbortSignal;
}

/** Runs to its end or until the signal aborts. */
export async function runHook(
	{ exec, httpGet, sleep }: LifecycleHandler,
	target: CheckTarget,
	{ runtime, clock, signal }: HookOptions,
): Promise<CheckResult> {
	if (exec) {
		return checkExec(runtime, target.containerId, exec, { signal, seconds: Number.POSITIVE_INFINITY });
	}
	if (httpGet) return checkHttp(httpGet, target, signal);
	if (sleep) await clock.sleep(sleep.seconds * 1000, signal);
	return PASSED;
}
