/** What may change in a pod once it is there: little. */
import { type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { inRange } from "../field-checks.ts";
import { drop } from "../fill.ts";
import { sameValue } from "../same-value.ts";
import type { Container } from "./container.ts";
import type { Pod } from "./pod.ts";
import { podQosClass } from "./pod-resources.ts";
import { type PodSchedulingGate, PodSpec } from "./pod-spec.ts";
import {
	type Affinity,
	NodeAffinity,
	type NodeSelectorTerm,
	NodeSelectorTerm as NodeSelectorTermType,
	Toleration,
} from "./scheduling.ts";
import { specDiff } from "./spec-diff.ts";

const MUTABLE = [
	"`spec.containers[*].image`",
	"`spec.initContainers[*].image`",
	"`spec.activeDeadlineSeconds`",
	"`spec.tolerations` (only additions to existing tolerations)",
	"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
	const containers = containerErrors(pod.spec.containers, old.spec.containers, "spec.containers");
	const initContainers = containerErrors(
		pod.spec.initContainers,
		old.spec.initContainers,
		"spec.initContainers",
	);
	const count = [...containers, ...initContainers].filter(({ message }) => message.includes(ADD_OR_REMOVE));
	// What follows compares containers one by one.
	if (count.length > 0) return count.slice(0, 1);
	return [
		...containers,
		...initContainers,
		...deadlineErrors(pod.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds),
		...tolerationErrors(pod.spec.tolerations ?? [], old.spec.tolerations ?? []),
		...gateErrors(pod.spec.schedulingGates ?? [], old.spec.schedulingGates ?? []),
		...(sameValue(PodSpec, pod.spec, old.spec) ? [] : changeErrors(pod, old)),
		...annotationErrors(pod, old),
	];
}

const ADD_OR_REMOVE = "pod updates may not add or remove containers";

function containerErrors(
	containers: readonly Container[] = [],
	old: readonly Container[] = [],
	path: string,
): FieldError[] {
	return containers.length === old.length ? [] : [forbiddenField(path, ADD_OR_REMOVE)];
}

/** The deadline may be set, and then only come nearer. */
function deadlineErrors(deadline: number | undefined | null, old: number | undefined | null): FieldError[] {
	const field = "spec.activeDeadlineSeconds";
	if (deadline === undefined || deadline === null)
		return old === undefined || old === null
			? []
			: [invalidValue(field, undefined, "must not update from a positive integer to nil value")];
	const range = inRange(field, deadline, 0, 2 ** 31 - 1);
	if (range.length > 0) return range;
	return old !== undefined && old !== null && old < deadline
		? [invalidValue(field, deadline, "must be less than or equal to previous value")]
		: [];
}

function tolerationErrors(tolerations: readonly Toleration[], old: readonly Toleration[]): FieldError[] {
	const untimed = (toleration: Toleration) => drop(toleration, "tolerationSeconds");
	const isKept = (before: Toleration) =>
		tolerations.some((after) => sameValue(Toleration, untimed(before), untimed(after)));
	return old.every(isKept)
		? []
		: [
				forbiddenField(
					"spec.tolerations",
					"existing toleration can not be modified except its tolerationSeconds",
				),
			];
}

function gateErrors(gates: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[]): FieldError[] {
	const before = new Set(old.map(({ name }) => name));
	return gates.flatMap(({ name }, index) =>
		before.has(name)
			? []
			: [
					forbiddenField(
						`spec.schedulingGates[${index}].name`,
						`only deletion is allowed, but found new scheduling gate '${name}'`,
					),
				],
	);
}

function changeErrors(pod: Pod, old: Pod): FieldError[] {
	const qos = podQosClass(old.spec) === podQosClass(pod.spec) ? [] : [QOS_CHANGED(pod)];
	const gated = gatedErrors(pod.spec, old.spec);
	const frozen = withOldMutables(pod.spec, old.spec);
	if (sameValue(PodSpec, frozen, old.spec)) return [...qos, ...gated];
	const difference = specDiff(PodSpec, old.spec, frozen);
	return [
		...qos,
		...gated,
		forbiddenField("spec", `pod updates may not change fields other than ${MUTABLE}\n${difference}\n`),
	];
}

const QOS_CHANGED = (pod: Pod) =>
	invalidValue("metadata", pod.status?.qosClass ?? "", "Pod QoS is immutable");

/** The new spec with everything that may change put back: what still differs may not. */
function withOldMutables(spec: PodSpec, old: PodSpec): PodSpec {
	const images = (containers: readonly Container[] | undefined, before: readonly Container[] | undefined) =>
		containers?.map((container, index) => ({ ...container, image: before?.[index]?.image }));
	const grace = old.terminationGracePeriodSeconds ?? 0;
	const isGated = (old.schedulingGates?.length ?? 0) > 0;
	return {
		...spec,
		containers: images(spec.containers, old.containers) ?? [],
		initContainers: images(spec.initContainers, old.initContainers),
		activeDeadlineSeconds: old.activeDeadlineSeconds,
		tolerations: old.tolerations,
		schedulingGates: old.schedulingGates,
		...(grace < 0 && spec.terminationGracePeriodSeconds === 1
			? { terminationGracePeriodSeconds: grace }
			: {}),
		...(isGated
			? { nodeSelector: old.nodeSelector, affinity: withNodeAffinityOf(spec.affinity, old.affinity) }
			: {}),
	};
}

function withNodeAffinityOf(affinity: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
	const whole: Affinity = { ...affinity, nodeAffinity: old?.nodeAffinity };
	return !old && !whole.podAffinity && !whole.podAntiAffinity ? undefined : whole;
}

/** While it is held back, a pod's place may still be narrowed. */
function gatedErrors(spec: PodSpec, old: PodSpec): FieldError[] {
	if (!old.schedulingGates?.length) return [];
	const selector = spec.nodeSelector ?? {};
	const isNarrower = Object.entries(old.nodeSelector ?? {}).every(
		([key, value]) => Object.hasOwn(selector, key) && selector[key] === value,
	);
	return [
		...(isNarrower
			? []
			: [
					invalidValue(
						"spec.nodeSelector",
						selector,
						"only additions to spec.nodeSelector are allowed (no mutations or deletions)",
					),
				]),
		...affinityErrors(spec.affinity?.nodeAffinity, old.affinity?.nodeAffinity),
	];
}

function affinityErrors(affinity: NodeAffinity | undefined, old: NodeAffinity | undefined): FieldError[] {
	const path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
	const before = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
	if (before.length === 0 || sameValue(NodeAffinity, affinity, old)) return [];
	const after = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
	if (after.length !== before.length)
		return [
			invalidValue(
				`${path}.nodeSelectorTerms`,
				after,
				"no additions/deletions to non-empty NodeSelectorTerms list are allowed",
			),
		];
	return after.flatMap((term, index) =>
		isNarrowerTerm(term, before[index] ?? {})
			? []
			: [
					invalidValue(
						`${path}.nodeSelectorTerms[${index}]`,
						term,
						"only additions are allowed (no mutations or deletions)",
					),
				],
	);
}

/** An empty term matches nothing, so it can not be narrowed. */
function isNarrowerTerm(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
	const oldExpressions = old.matchExpressions ?? [];
	const oldFields = old.matchFields ?? [];
	if (oldExpressions.length === 0 && oldFields.length === 0)
		return sameValue(NodeSelectorTermType, term, old);
	const head: NodeSelectorTerm = {
		matchExpressions: (term.matchExpressions ?? []).slice(0, oldExpressions.length),
		matchFields: (term.matchFields ?? []).slice(0, oldFields.length),
	};
	return sameValue(NodeSelectorTermType, head, old);
}

const MIRROR = "kubernetes.io/config.mirror";

function annotationErrors(pod: Pod, old: Pod): FieldError[] {
	const [now, before] = [pod.metadata.annotations?.[MIRROR], old.metadata.annotations?.[MIRROR]];
	if (now === before) return [];
	const verb = before === undefined ? "add" : "remove or update";
	return [forbiddenField(`metadata.annotations[${MIRROR}]`, `may not ${verb} mirror pod annotation`)];
}
