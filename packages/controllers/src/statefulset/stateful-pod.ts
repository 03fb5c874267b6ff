/** The pods that a stateful set makes, and what makes them its own. Pure. */
import { type Draft, type Pod, type PodTemplateSpec, type StatefulSet, selectorOfMap } from "@berth/api";
import { podOf } from "../pods/pod-writer.ts";
import { claimVolumes } from "./claims.ts";
import { ordinalOf, podName } from "./identity.ts";

const REVISION_HASH = "controller-revision-hash";
const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** Name of the revision that the pod was made of. */
export const revisionOf = (pod: Pod): string | undefined => pod.metadata.labels?.[REVISION_HASH];

/** The pod of this number, made of the template of that revision. */
export function statefulPod(options: {
	readonly set: StatefulSet;
	readonly template: PodTemplateSpec;
	readonly revision: string;
	readonly ordinal: number;
}): Draft<Pod> {
	const { set, template, revision, ordinal } = options;
	const draft = podOf(set, template);
	const name = podName(set, ordinal);
	return {
		...draft,
		metadata: {
			...draft.metadata,
			name,
			labels: { ...draft.metadata.labels, ...identityLabels(set, ordinal), [REVISION_HASH]: revision },
		},
		spec: {
			...draft.spec,
			hostname: name,
			subdomain: set.spec.serviceName,
			volumes: claimVolumes(set, ordinal, draft.spec.volumes ?? []),
		},
	};
}

const identityLabels = (set: StatefulSet, ordinal: number) => ({
	[POD_NAME]: podName(set, ordinal),
	[POD_INDEX]: String(ordinal),
});

/** The labels of identity that the pod lacks, adopted as it may be; undefined when it has them all. */
export function missingIdentity(set: StatefulSet, pod: Pod): Readonly<Record<string, string>> | undefined {
	const ordinal = ordinalOf(set, pod.metadata.name);
	if (ordinal === undefined) return undefined;
	const labels = identityLabels(set, ordinal);
	return selectorOfMap(labels).matches(pod.metadata.labels) ? undefined : labels;
}
