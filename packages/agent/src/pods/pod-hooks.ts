/** The lifecycle hooks of a pod's containers. */
import type { Pod } from "@berth/api";
import { runHook } from "../steps/probes/hooks.ts";
import { StepError } from "../steps/step.ts";
import type { StartAction } from "./actions.ts";
import type { PodEnvironment } from "./environment.ts";
import { fieldPathOf } from "./field-path.ts";
import { containerOf } from "./observed.ts";
import { targetOf } from "./probers.ts";
import { stopContainer } from "./stop-container.ts";

export interface HookScope {
	readonly pod: Pod;
	readonly podIps: readonly string[];
	readonly signal: AbortSignal;
}

/** A container whose hook fails is ended: it counts as one that failed. */
export async function runPostStart(
	environment: PodEnvironment,
	{ container, name }: StartAction,
	id: string,
	{ pod, podIps, signal }: HookScope,
): Promise<void> {
	const handler = container.lifecycle?.postStart;
	if (!handler) return;
	const { runtime, clock, events } = environment;
	const { passed, message } = await runHook(handler, targetOf(container, id, podIps), {
		runtime,
		clock,
		signal,
	});
	signal.throwIfAborted();
	if (passed) return;
	const part = fieldPathOf(pod, name);
	events.warning(pod, "FailedPostStartHook", `PostStartHook failed: ${message}`, part);
	events.normal(pod, "Killing", `Container ${name} failed its PostStart hook, will be restarted`, part);
	const grace = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
	await stopContainer({ runtime, id, grace, clock, signal });
	throw new StepError("PostStartHookError", `PostStart handler: ${message}`, { first: 0, most: 0 });
}

/** Undefined when the container has none. */
export function preStopOf(
	{ runtime, clock, events }: PodEnvironment,
	{ pod, podIps, hooksDone }: Omit<HookScope, "signal"> & { readonly hooksDone: Set<string> },
	target: { readonly id: string; readonly name: string },
): ((signal: AbortSignal) => Promise<void>) | undefined {
	const container = containerOf(pod, target.name);
	const handler = container?.lifecycle?.preStop;
	if (!container || !handler) return undefined;
	return async (signal) => {
		const { passed, message } = await runHook(handler, targetOf(container, target.id, podIps), {
			runtime,
			clock,
			signal,
		});
		if (!signal.aborted) hooksDone.add(target.id);
		if (passed || signal.aborted) return;
		const part = fieldPathOf(pod, target.name);
		events.warning(pod, "FailedPreStopHook", `PreStopHook failed: ${message}`, part);
	};
}
