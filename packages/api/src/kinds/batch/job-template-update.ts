/** What of a job's pods may still change: a suspended job may be told where to run, and with how much. */
import type { FieldError } from "../../machinery/field-error.ts";
import type { Container } from "../core/container.ts";
import { type PodSpec, PodTemplateSpec } from "../core/pod-spec.ts";
import type { Affinity } from "../core/scheduling.ts";
import { unchanged } from "../field-checks.ts";
import type { Job } from "./job.ts";

export function templateUpdateErrors({ spec: { template } }: Job, old: Job): FieldError[] {
	const { template: before } = old.spec;
	const allowed = isWaiting(old) && template?.spec && before?.spec ? withMutables(before, template) : before;
	return unchanged(PodTemplateSpec, "spec.template", template, allowed);
}

/** Suspended, and none of its pods runs: it has never begun, or its suspension has been carried out. */
const isWaiting = ({ spec, status = {} }: Job): boolean =>
	spec.suspend === true &&
	!status.active &&
	(!status.startTime ||
		(status.conditions ?? []).some(
			(condition) => condition.type === "Suspended" && condition.status === "True",
		));

/** The old template with everything that may change as it is in the new one. */
const withMutables = (old: PodTemplateSpec, { metadata, spec }: PodTemplateSpec): PodTemplateSpec => ({
	...old,
	metadata: { ...old.metadata, labels: metadata?.labels, annotations: metadata?.annotations },
	spec: old.spec && spec ? withPlacement(old.spec, spec) : old.spec,
});

const withPlacement = (old: PodSpec, spec: PodSpec): PodSpec => ({
	...old,
	affinity: withNodeAffinity(old.affinity, spec.affinity),
	nodeSelector: spec.nodeSelector,
	tolerations: spec.tolerations,
	schedulingGates: spec.schedulingGates,
	containers: withResources(old.containers, spec.containers),
	...(old.initContainers ? { initContainers: withResources(old.initContainers, spec.initContainers) } : {}),
});

function withNodeAffinity(old: Affinity | undefined, now: Affinity | undefined): Affinity | undefined {
	const { nodeAffinity: _, ...rest } = old ?? {};
	const others = Object.values(rest).some((part) => part !== undefined && part !== null);
	if (!now && !others) return undefined;
	return { ...rest, ...(now?.nodeAffinity ? { nodeAffinity: now.nodeAffinity } : {}) };
}

const withResources = (
	old: readonly Container[] = [],
	now: readonly Container[] = [],
): readonly Container[] =>
	old.map((container, index) => ({ ...container, resources: now[index]?.resources }));
