/** What a pod's status says of its resources. Pure. */
import {
	type Container,
	formatQuantity,
	type PodCondition,
	parseQuantity,
	type ResourceRequirements,
} from "@berth/api";
import { limitsOf } from "../steps/resources/resources.ts";
import type { ObservedContainer } from "./observed.ts";
import type { Pending } from "./resize-allocation.ts";

export interface ResizeState {
	/** What the pod asks for and is not given, and the generation that asked. */
	readonly pending?: (Pending & { readonly generation?: number | undefined }) | undefined;
	/** What it was given is being carried out. */
	readonly progress?:
		| {
				readonly generation?: number | undefined;
				/** Why that does not work. */
				readonly error?: string | undefined;
		  }
		| undefined;
}

type Draft = Pick<PodCondition, "type" | "status" | "reason" | "message" | "observedGeneration">;

/** They are there only as long as they hold. */
export const RESIZE_CONDITIONS: readonly string[] = ["PodResizePending", "PodResizeInProgress"];

export function resizeConditions({ pending, progress }: ResizeState): readonly Draft[] {
	return [
		...(pending
			? [
					{
						type: "PodResizePending",
						observedGeneration: pending.generation,
						status: "True",
						reason: pending.reason,
						message: pending.message,
					},
				]
			: []),
		...(progress
			? [
					{
						type: "PodResizeInProgress",
						observedGeneration: progress.generation,
						status: "True",
						...(progress.error && { reason: "Error", message: progress.error }),
					},
				]
			: []),
	];
}

/** What a container was given, with what the runtime says that it has where that is something else. */
export function resourcesIn(
	container: Container,
	shown: ObservedContainer | undefined,
): Pick<ResourceRequirements, "requests" | "limits"> {
	const { requests, limits } = container.resources ?? {};
	const given = { ...(limits && { limits }), ...(requests && { requests }) };
	if (shown?.state !== "running" || shown.limits.cpuShares === undefined) return given;
	const wanted = limitsOf(container);
	const { cpuShares, cpuQuota, memory } = shown.limits;
	const actualLimits = {
		...limits,
		...(cpuQuota !== wanted.cpuQuota && { cpu: cpuQuota && milli(cpuQuota / 100) }),
		...(memory !== wanted.memory && {
			memory: memory && formatQuantity(parseQuantity(memory), "BinarySI"),
		}),
	};
	const cpu =
		cpuShares !== wanted.cpuShares &&
		requests?.cpu !== undefined &&
		milli(Math.ceil((cpuShares * 1000) / 1024));
	return {
		...given,
		...(Object.keys(actualLimits).length > 0 && { limits: said(actualLimits) }),
		...(cpu && { requests: { ...requests, cpu } }),
	};
}

const milli = (amount: number) => formatQuantity(parseQuantity(`${amount}m`), "DecimalSI");

const said = (amounts: Readonly<Record<string, string | number | undefined>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(amounts).flatMap(([name, amount]) => (amount ? [[name, `${amount}`]] : [])),
	);
