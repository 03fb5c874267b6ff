/** Which objects a quota counts, and what it wants them to say. Pure. Source: Resource Quotas, scopes. */
import type { AnyKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import type { PersistentVolumeClaim } from "./persistent-volume-claim.ts";
import type { Pod } from "./pod.ts";
import { podQosClass } from "./pod-resources.ts";
import type { ResourceQuota, ScopedResourceSelectorRequirement } from "./resource-quota.ts";

/** Scopes select pods, and one of them claims: a quota with scopes counts nothing else. */
export function quotaSelects({ spec }: ResourceQuota, kind: AnyKind, object: KubeObject): boolean {
	const wanted: readonly ScopedResourceSelectorRequirement[] = [
		...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
		...(spec.scopeSelector?.matchExpressions ?? []),
	];
	if (wanted.length === 0) return true;
	if (kind.group !== "") return false;
	if (kind.plural === "pods") return wanted.every((requirement) => podHas(object as Pod, requirement));
	if (kind.plural !== "persistentvolumeclaims") return false;
	const { volumeAttributesClassName = "" } = (object as PersistentVolumeClaim).spec;
	return wanted.every(
		(requirement) =>
			requirement.scopeName === "VolumeAttributesClass" && isAmong(volumeAttributesClassName, requirement),
	);
}

function podHas({ spec }: Pod, requirement: ScopedResourceSelectorRequirement): boolean {
	switch (requirement.scopeName) {
		case "Terminating":
			return spec.activeDeadlineSeconds !== undefined;
		case "NotTerminating":
			return spec.activeDeadlineSeconds === undefined;
		case "BestEffort":
			return podQosClass(spec) === "BestEffort";
		case "NotBestEffort":
			return podQosClass(spec) !== "BestEffort";
		case "PriorityClass":
			return isAmong(spec.priorityClassName ?? "", requirement);
		case "CrossNamespacePodAffinity":
			return reachesOut(spec);
		default:
			return false;
	}
}

function isAmong(value: string, { operator, values = [] }: ScopedResourceSelectorRequirement): boolean {
	switch (operator) {
		case "In":
			return values.includes(value);
		case "NotIn":
			return !values.includes(value);
		case "Exists":
			return value !== "";
		default:
			return value === "";
	}
}

/** Some term about other pods looks into namespaces that it names. */
function reachesOut({ affinity }: Pod["spec"]): boolean {
	const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((each) => [
		...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
		...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
			({ podAffinityTerm }) => podAffinityTerm,
		),
	]);
	return terms.some(
		({ namespaces, namespaceSelector }) => Boolean(namespaces?.length) || namespaceSelector !== undefined,
	);
}

/** What must be said by every container so that it can be counted: resource to the side where it stands. */
const SAID = {
	cpu: ["requests", "cpu"],
	memory: ["requests", "memory"],
	"requests.cpu": ["requests", "cpu"],
	"requests.memory": ["requests", "memory"],
	"limits.cpu": ["limits", "cpu"],
	"limits.memory": ["limits", "memory"],
} as const;

/** `limits.cpu for: a,b; memory for: a`; "" when nothing is missing. */
export function unsaidResources({ spec }: Pod, limited: readonly string[]): string {
	const containers = [...(spec.initContainers ?? []), ...spec.containers];
	return limited
		.toSorted()
		.flatMap((resource) => {
			if (!Object.hasOwn(SAID, resource)) return [];
			const [side, name] = SAID[resource as keyof typeof SAID];
			if (spec.resources?.[side]?.[name] !== undefined) return [];
			const silent = containers.filter(({ resources }) => resources?.[side]?.[name] === undefined);
			return silent.length ? [`${resource} for: ${silent.map((container) => container.name).join(",")}`] : [];
		})
		.join("; ");
}
