/** Which running containers have other limits than they are to have, and how they come to them. Pure. */
import { type Container, isSidecar, mayRestart, type Pod, quantityValue } from "@berth/api";
import type { Limits } from "../runtime/container-spec.ts";
import { LEAST_SHARES, limitsOf } from "../steps/resources/resources.ts";
import { latestOf, type ObservedContainer, type ObservedPod } from "./observed.ts";

export interface LimitChange {
	readonly target: ObservedContainer;
	readonly limits: Limits;
}

/** Containers of a sandbox whose limits change while they run on. */
export function limitChanges(pod: Pod, observed: ObservedPod, sandbox: string): readonly LimitChange[] {
	return resizable(pod).flatMap((container) => {
		const target = latestOf(observed, container.name);
		if (target?.state !== "running" || target.sandbox !== sandbox) return [];
		if (isAsWanted(container, target) || restartsFor(container, target)) return [];
		return [{ target, limits: limitsOf(container) }];
	});
}

/** What it has is to change, and its policy has it run anew for that. */
export function restartsFor(container: Container, running: ObservedContainer): boolean {
	const { limits } = running;
	const wanted = limitsOf(container);
	const cpuDiffers = sharesIn(limits) !== wanted.cpuShares || limits.cpuQuota !== wanted.cpuQuota;
	const memoryDiffers = limits.memory !== wanted.memory || asksForOther(container, running);
	return (
		(cpuDiffers && restartsToChange(container, "cpu")) ||
		(memoryDiffers && restartsToChange(container, "memory"))
	);
}

export const restartsToChange = ({ resizePolicy = [] }: Container, resource: "cpu" | "memory"): boolean =>
	resizePolicy.some(
		({ resourceName, restartPolicy }) => resourceName === resource && restartPolicy === "RestartContainer",
	);

/** Bytes. */
export const memoryRequestOf = ({ resources }: Container): number =>
	quantityValue(resources?.requests?.memory ?? "0");

/** The kernel is told nothing of requests for memory: that one changed is known only where it was written down. */
const asksForOther = (container: Container, { memoryRequest }: ObservedContainer) =>
	memoryRequest !== undefined && memoryRequest !== memoryRequestOf(container);

/** Every container that runs, or will run again, has what it was given. */
export function isSettled(pod: Pod, observed: ObservedPod): boolean {
	return resizable(pod).every((container) => {
		const latest = latestOf(observed, container.name);
		if (!latest || latest.remembered || isAsWanted(container, latest)) return true;
		return latest.state === "exited" && !mayRestart(pod.spec, container, latest.exitCode);
	});
}

function isAsWanted(container: Container, observed: ObservedContainer): boolean {
	const { limits } = observed;
	const wanted = limitsOf(container);
	return (
		!(restartsToChange(container, "memory") && asksForOther(container, observed)) &&
		sharesIn(limits) === wanted.cpuShares &&
		limits.cpuQuota === wanted.cpuQuota &&
		limits.memory === wanted.memory
	);
}

/** One that was given no share has, to us, the least. */
const sharesIn = ({ cpuShares = LEAST_SHARES }: Limits) => cpuShares;

const resizable = ({ spec }: Pod): readonly Container[] => [
	...(spec.initContainers ?? []).filter(isSidecar),
	...spec.containers,
];
