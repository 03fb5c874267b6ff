/** The pod that a daemon set makes for one node. Pure. */
import type { DaemonSet, Draft, NodeSelectorRequirement, Pod } from "@berth/api";
import { podOf } from "../pods/pod-writer.ts";
import { daemonTolerations } from "./placement.ts";

/** Label of pods and revisions: hash of the template they are made of. */
export const REVISION_HASH = "controller-revision-hash";

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
const NODE_NAME = "metadata.name";

/** The scheduler binds it: affinity to the one node replaces the template's, which the node has met. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Draft<Pod> {
	const draft = podOf(set, set.spec.template);
	const generation = set.metadata.annotations?.[TEMPLATE_GENERATION];
	const onNode: NodeSelectorRequirement = { key: NODE_NAME, operator: "In", values: [node] };
	const { affinity } = draft.spec;
	return {
		...draft,
		metadata: {
			...draft.metadata,
			labels: {
				...draft.metadata.labels,
				...(generation === undefined ? {} : { "pod-template-generation": generation }),
				[REVISION_HASH]: hash,
			},
		},
		spec: {
			...draft.spec,
			tolerations: daemonTolerations(draft.spec),
			affinity: {
				...affinity,
				nodeAffinity: {
					...affinity?.nodeAffinity,
					requiredDuringSchedulingIgnoredDuringExecution: {
						nodeSelectorTerms: [{ matchFields: [onNode] }],
					},
				},
			},
		},
	};
}

/** The node that the pod is on, or is meant for. */
export function nodeOf({ spec }: Pod): string | undefined {
	if (spec.nodeName) return spec.nodeName;
	const terms =
		spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
	for (const { matchFields } of terms ?? []) {
		const named = matchFields?.find(({ key, operator }) => key === NODE_NAME && operator === "In");
		if (named?.values?.length === 1) return named.values[0];
	}
	return undefined;
}
