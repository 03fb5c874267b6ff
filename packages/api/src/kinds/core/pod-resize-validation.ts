/** What a resize may change: processor time and memory of containers that keep running, and what doing so takes. */
import { type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { sameValue } from "../same-value.ts";
import { type Container, ResourceRequirements } from "./container.ts";
import type { Pod } from "./pod.ts";
import { isSidecar } from "./pod-readiness.ts";
import { podQosClass } from "./pod-resources.ts";
import { PodSpec } from "./pod-spec.ts";
import { specDiff } from "./spec-diff.ts";

const MIRROR = "kubernetes.io/config.mirror";

export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
	const { spec } = pod;
	const { spec: before, metadata } = old;
	const moved = [
		...orderErrors(spec.containers, before.containers, "containers"),
		...orderErrors(spec.initContainers ?? [], before.initContainers ?? [], "initContainers"),
	];
	// Containers that cannot be told apart cannot be compared.
	if (moved.length > 0) return moved;
	const frozen: PodSpec = {
		...spec,
		resources: before.resources,
		containers: frozenContainers(spec.containers, before.containers, () => true),
		...(spec.initContainers
			? {
					initContainers: frozenContainers(spec.initContainers, before.initContainers ?? [], isSidecar),
				}
			: {}),
	};
	return [
		...(metadata.annotations?.[MIRROR] === undefined
			? []
			: [forbiddenField("metadata", "static pods cannot be resized")]),
		...(before.os?.name === "windows" ? [forbiddenField("spec", "windows pods cannot be resized")] : []),
		...(podQosClass(spec) === (old.status?.qosClass ?? podQosClass(before))
			? []
			: [
					invalidValue(
						"spec",
						old.status?.qosClass ?? "",
						"Pod QOS Class may not change as a result of resizing",
					),
				]),
		...(sameValue(ResourceRequirements, spec.resources ?? {}, before.resources ?? {})
			? []
			: [forbiddenField("spec.resources", "pod-level resources cannot be resized")]),
		...(isResizable(old) ? [] : [forbiddenField("spec", "Pod running on node without support for resize")]),
		...removals(spec.containers, before.containers, "spec.containers"),
		...removals(spec.initContainers ?? [], before.initContainers ?? [], "spec.initContainers"),
		...(sameValue(PodSpec, frozen, before)
			? []
			: [
					forbiddenField(
						"spec",
						`only cpu and memory resources are mutable\n${specDiff(PodSpec, before, frozen)}`,
					),
				]),
	];
}

function orderErrors(now: readonly Container[], old: readonly Container[], list: string): FieldError[] {
	if (now.length !== old.length)
		return [forbiddenField(`spec.${list}`, `${list} may not be added or removed on resize`)];
	return now.flatMap(({ name }, index) =>
		name === old[index]?.name
			? []
			: [forbiddenField(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`)],
	);
}

/** Nodes that can resize tell what running containers have. */
function isResizable({ status }: Pod): boolean {
	const running = status?.containerStatuses?.find(({ state }) => state?.running);
	return !running || (running.resources ?? null) !== null;
}

const removals = (containers: readonly Container[], old: readonly Container[], path: string): FieldError[] =>
	old.flatMap(({ resources }, index) =>
		(["limits", "requests"] as const).flatMap((list) => {
			const now = containers[index]?.resources?.[list] ?? {};
			const isLost = Object.keys(resources?.[list] ?? {}).some((name) => !Object.hasOwn(now, name));
			return isLost
				? [forbiddenField(`${path}[${index}].resources.${list}`, `resource ${list} cannot be removed`)]
				: [];
		}),
	);

/** Containers with what may change put back: what still differs may not. */
const frozenContainers = (
	containers: readonly Container[],
	old: readonly Container[],
	mayResize: (container: Container) => boolean,
): readonly Container[] =>
	containers.map((container, index) => {
		const before = old[index];
		if (!before || !mayResize(before)) return container;
		const resources = frozenResources(container.resources, before.resources);
		return { ...container, resizePolicy: before.resizePolicy, resources };
	});

const MUTABLE = ["cpu", "memory"];

const frozenResources = (
	now: ResourceRequirements | undefined,
	old: ResourceRequirements | undefined,
): ResourceRequirements => ({
	...now,
	limits: frozenAmounts(now?.limits, old?.limits),
	requests: frozenAmounts(now?.requests, old?.requests),
});

type Amounts = Readonly<Record<string, string>>;

function frozenAmounts(now: Amounts = {}, old: Amounts = {}): Amounts {
	const others = Object.entries(now).filter(([name]) => !MUTABLE.includes(name));
	const before = Object.entries(old).filter(([name]) => MUTABLE.includes(name));
	return Object.fromEntries([...others, ...before]);
}
