/** Which running containers have other limits than they are to have, and how they come to them. Pure. */
import { type Container, isSidecar, mayRestart, type Pod } from "@berth/api";
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

/** Its limits are to change, and its policy has it run anew for that. */
export function restartsFor(container: Container, { limits }: ObservedContainer): boolean {
	const wanted = limitsOf(container);
	const restarts = (resource: string) =>
		container.resizePolicy?.some(
			({ resourceName, restartPolicy }) => resourceName === resource && restartPolicy === "RestartContainer",
		) ?? false;
	const cpuDiffers = sharesIn(limits) !== wanted.cpuShares || limits.cpuQuota !== wanted.cpuQuota;
	return (cpuDiffers && restarts("cpu")) || (limits.memory !== wanted.memory && restarts("memory"));
}

/** Every container that runs, or will run again, has what it was given. */
export function isSettled(pod: Pod, observed: ObservedPod): boolean {
	return resizable(pod).every((container) => {
		const latest = latestOf(observed, container.name);
		if (!latest || latest.remembered || isAsWanted(container, latest)) return true;
		return latest.state === "exited" && !mayRestart(pod.spec, container, latest.exitCode);
	});
}

function isAsWanted(container: Container, { limits }: ObservedContainer): boolean {
	const wanted = limitsOf(container);
	return (
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
