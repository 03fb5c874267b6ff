/** Carries a resize out: the pod's own group makes room first, and takes back last what its containers gave up. */
import type { Pod } from "@berth/api";
import { cgroupPathsOf, HOST_PATHS } from "../stats/cgroup-paths.ts";
import { readUsage } from "../stats/cgroup-usage.ts";
import { StepError } from "../steps/step.ts";
import type { PodEnvironment } from "./environment.ts";
import type { ObservedContainer } from "./observed.ts";
import type { LimitChange } from "./resize-plan.ts";

const RETRY = { first: 5_000, most: 60_000 };

/** Throws StepError `ResizeError` with the words of the pod's condition. */
export async function resizePod(
	{ runtime, steps }: Pick<PodEnvironment, "runtime" | "steps">,
	pod: Pod,
	changes: readonly LimitChange[],
): Promise<void> {
	const refusals = (await Promise.all(changes.map(refusalOf))).filter((refusal) => refusal !== undefined);
	if (refusals.length > 0) {
		throw new StepError("ResizeError", `cannot decrease memory limits: ${listed(refusals)}`, RETRY);
	}
	for (const step of steps) await step.resize?.(pod, "before");
	const failures: string[] = [];
	for (const { target, limits } of changes) {
		try {
			await runtime.update(target.id, limits);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			failures.push(`failed to resize container ${JSON.stringify(target.name)}: ${reason}`);
		}
	}
	for (const step of steps) await step.resize?.(pod, "after");
	if (failures.length > 0) throw new StepError("ResizeError", listed(failures), RETRY);
}

/** The kernel would kill what does not fit any more. */
async function refusalOf({ target, limits }: LimitChange): Promise<string | undefined> {
	const { memory } = limits;
	if (memory === undefined || (target.limits.memory ?? Number.POSITIVE_INFINITY) <= memory) return undefined;
	const used = await memoryOf(target);
	return used < memory
		? undefined
		: `attempting to set container ${JSON.stringify(target.name)} memory limit (${memory}) below current usage (${used})`;
}

/** Bytes that cannot be given back easily; 0 when the container has just ended. */
async function memoryOf({ pid }: ObservedContainer): Promise<number> {
	const paths = pid > 0 ? await cgroupPathsOf(pid, HOST_PATHS) : undefined;
	const usage = paths && readUsage(paths);
	return usage?.memory.workingSet ?? 0;
}

const listed = (texts: readonly string[]) => (texts.length === 1 ? `${texts[0]}` : `[${texts.join(", ")}]`);
