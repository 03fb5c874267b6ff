import { LabelSelector } from "../../machinery/meta.ts";
import {
	atomicObject,
	type Infer,
	int32,
	int64,
	listOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";

export const NodeSelectorRequirement = object(
	"core.v1.NodeSelectorRequirement",
	{
		key: string({ required: true, pb: 1, doc: "Name of the label or field." }),
		operator: string({
			required: true,
			pb: 2,
			enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
			doc: "How its value is judged: In, NotIn, Exists, DoesNotExist, Gt or Lt.",
		}),
		values: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Values to compare with; one integer for Gt and Lt, none for Exists and DoesNotExist.",
		}),
	},
	"One condition on a label or field.",
);
export interface NodeSelectorRequirement extends Infer<typeof NodeSelectorRequirement> {}

export const NodeSelectorTerm = atomicObject(
	"core.v1.NodeSelectorTerm",
	{
		matchExpressions: listOf(NodeSelectorRequirement, {
			pb: 1,
			list: "atomic",
			doc: "Conditions on labels.",
		}),
		matchFields: listOf(NodeSelectorRequirement, {
			pb: 2,
			list: "atomic",
			doc: "Conditions on fields; metadata.name is the only one.",
		}),
	},
	"Conditions on a node that must all hold.",
);
export interface NodeSelectorTerm extends Infer<typeof NodeSelectorTerm> {}

export const NodeSelector = atomicObject(
	"core.v1.NodeSelector",
	{
		nodeSelectorTerms: listOf(NodeSelectorTerm, { required: true, pb: 1, list: "atomic", doc: "The terms." }),
	},
	"Chooses nodes: any one of the terms must hold.",
);
export interface NodeSelector extends Infer<typeof NodeSelector> {}

export const PreferredSchedulingTerm = object(
	"core.v1.PreferredSchedulingTerm",
	{
		weight: int32({ required: true, pb: 1, doc: "How much, 1 to 100." }),
		preference: ref(NodeSelectorTerm, { required: true, pb: 2, doc: "The nodes." }),
	},
	"Nodes that are liked, and how much.",
);
export interface PreferredSchedulingTerm extends Infer<typeof PreferredSchedulingTerm> {}

export const NodeAffinity = object(
	"core.v1.NodeAffinity",
	{
		requiredDuringSchedulingIgnoredDuringExecution: ref(NodeSelector, {
			pb: 1,
			nullable: true,
			doc: "Nodes it may be placed on; a later change of labels does not move it.",
		}),
		preferredDuringSchedulingIgnoredDuringExecution: listOf(PreferredSchedulingTerm, {
			pb: 2,
			list: "atomic",
			doc: "Nodes it is rather placed on; the highest sum of weights wins.",
		}),
	},
	"Nodes that a pod needs or likes.",
);
export interface NodeAffinity extends Infer<typeof NodeAffinity> {}

export const PodAffinityTerm = object(
	"core.v1.PodAffinityTerm",
	{
		labelSelector: ref(LabelSelector, {
			pb: 1,
			nullable: true,
			doc: "The pods, by label; none when it is absent.",
		}),
		namespaces: listOf(types.string, {
			pb: 2,
			list: "atomic",
			doc: "Namespaces of those pods; default the pod's own.",
		}),
		topologyKey: string({
			required: true,
			pb: 3,
			doc: "Label of nodes: those with the same value are near to each other.",
		}),
		namespaceSelector: ref(LabelSelector, {
			pb: 4,
			nullable: true,
			doc: "Namespaces of those pods, by label; adds to namespaces.",
		}),
		matchLabelKeys: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "Labels whose values those pods must share with this one.",
		}),
		mismatchLabelKeys: listOf(types.string, {
			pb: 6,
			list: "atomic",
			doc: "Labels whose values those pods must not share with this one.",
		}),
	},
	"Other pods, and what near means.",
);
export interface PodAffinityTerm extends Infer<typeof PodAffinityTerm> {}

export const WeightedPodAffinityTerm = object(
	"core.v1.WeightedPodAffinityTerm",
	{
		weight: int32({ required: true, pb: 1, doc: "How much, 1 to 100." }),
		podAffinityTerm: ref(PodAffinityTerm, { required: true, pb: 2, doc: "The company." }),
	},
	"Company that is liked or disliked, and how much.",
);
export interface WeightedPodAffinityTerm extends Infer<typeof WeightedPodAffinityTerm> {}

export const PodAffinity = object(
	"core.v1.PodAffinity",
	{
		requiredDuringSchedulingIgnoredDuringExecution: listOf(PodAffinityTerm, {
			pb: 1,
			list: "atomic",
			doc: "Pods it must be near to; all terms must hold when it is placed.",
		}),
		preferredDuringSchedulingIgnoredDuringExecution: listOf(WeightedPodAffinityTerm, {
			pb: 2,
			list: "atomic",
			doc: "Pods it likes to be near to; the highest sum of weights wins.",
		}),
	},
	"Pods to be near to.",
);
export interface PodAffinity extends Infer<typeof PodAffinity> {}

export const PodAntiAffinity = object(
	"core.v1.PodAntiAffinity",
	{
		requiredDuringSchedulingIgnoredDuringExecution: listOf(PodAffinityTerm, {
			pb: 1,
			list: "atomic",
			doc: "Pods it must be away from when it is placed.",
		}),
		preferredDuringSchedulingIgnoredDuringExecution: listOf(WeightedPodAffinityTerm, {
			pb: 2,
			list: "atomic",
			doc: "Pods it likes to be away from; the highest sum of weights wins.",
		}),
	},
	"Pods to be away from.",
);
export interface PodAntiAffinity extends Infer<typeof PodAntiAffinity> {}

export const Affinity = object(
	"core.v1.Affinity",
	{
		nodeAffinity: ref(NodeAffinity, { pb: 1, nullable: true, doc: "Nodes that it needs or likes." }),
		podAffinity: ref(PodAffinity, {
			pb: 2,
			nullable: true,
			doc: "Pods that it needs or likes to be near to.",
		}),
		podAntiAffinity: ref(PodAntiAffinity, {
			pb: 3,
			nullable: true,
			doc: "Pods that it needs or likes to be away from.",
		}),
	},
	"Nodes and company that a pod needs or likes.",
);
export interface Affinity extends Infer<typeof Affinity> {}

export const Toleration = object(
	"core.v1.Toleration",
	{
		key: string({ pb: 1, doc: "Key of the taint; empty for any." }),
		operator: string({
			pb: 2,
			enum: ["Exists", "Equal", "Lt", "Gt"],
			doc: "Equal compares values, Exists takes any.",
		}),
		value: string({ pb: 3, doc: "Value of the taint." }),
		effect: string({
			pb: 4,
			enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"],
			doc: "Effect of the taint; empty for any.",
		}),
		tolerationSeconds: int64({
			pb: 5,
			nullable: true,
			doc: "Seconds to stay after a NoExecute taint appears; forever unless set.",
		}),
	},
	"Lets a pod onto nodes in spite of a taint.",
);
export interface Toleration extends Infer<typeof Toleration> {}

export const TopologySpreadConstraint = object(
	"core.v1.TopologySpreadConstraint",
	{
		maxSkew: int32({
			required: true,
			pb: 1,
			doc: "The most pods that a domain may have more than the emptiest one.",
		}),
		topologyKey: string({
			required: true,
			pb: 2,
			doc: "Label of nodes: those with the same value are one domain.",
		}),
		whenUnsatisfiable: string({
			required: true,
			pb: 3,
			enum: ["DoNotSchedule", "ScheduleAnyway"],
			doc: "DoNotSchedule waits, ScheduleAnyway makes the best of it.",
		}),
		labelSelector: ref(LabelSelector, { pb: 4, nullable: true, doc: "Pods that are counted." }),
		minDomains: int32({
			pb: 5,
			nullable: true,
			doc: "With fewer domains than this, the emptiest counts as having none.",
		}),
		nodeAffinityPolicy: string({
			pb: 6,
			nullable: true,
			enum: ["Ignore", "Honor"],
			doc: "Whether only nodes that the pod may go to count: Honor or Ignore; default Honor.",
		}),
		nodeTaintsPolicy: string({
			pb: 7,
			nullable: true,
			enum: ["Ignore", "Honor"],
			doc: "Whether only nodes whose taints it tolerates count: Honor or Ignore; default Ignore.",
		}),
		matchLabelKeys: listOf(types.string, {
			pb: 8,
			list: "atomic",
			doc: "Labels whose values counted pods must share with this one.",
		}),
	},
	"How evenly pods are spread over zones, nodes, or other domains.",
);
export interface TopologySpreadConstraint extends Infer<typeof TopologySpreadConstraint> {}

export const Taint = object(
	"core.v1.Taint",
	{
		key: string({ required: true, pb: 1, doc: "Key of the taint." }),
		value: string({ pb: 2, doc: "Value that tolerations compare with." }),
		effect: string({
			required: true,
			pb: 3,
			enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"],
			doc: "NoSchedule, PreferNoSchedule or NoExecute.",
		}),
		timeAdded: time({ pb: 4, nullable: true, doc: "When the taint was set." }),
	},
	"Keeps away pods that do not tolerate it.",
);
export interface Taint extends Infer<typeof Taint> {}
