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

export const NodeSelectorRequirement = object("core.v1.NodeSelectorRequirement", {
	key: string({ required: true, pb: 1 }),
	operator: string({ required: true, pb: 2, enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] }),
	values: listOf(types.string, { pb: 3, list: "atomic" }),
});
export interface NodeSelectorRequirement extends Infer<typeof NodeSelectorRequirement> {}

export const NodeSelectorTerm = atomicObject("core.v1.NodeSelectorTerm", {
	matchExpressions: listOf(NodeSelectorRequirement, { pb: 1, list: "atomic" }),
	matchFields: listOf(NodeSelectorRequirement, { pb: 2, list: "atomic" }),
});
export interface NodeSelectorTerm extends Infer<typeof NodeSelectorTerm> {}

export const NodeSelector = atomicObject("core.v1.NodeSelector", {
	nodeSelectorTerms: listOf(NodeSelectorTerm, { required: true, pb: 1, list: "atomic" }),
});
export interface NodeSelector extends Infer<typeof NodeSelector> {}

export const PreferredSchedulingTerm = object("core.v1.PreferredSchedulingTerm", {
	weight: int32({ required: true, pb: 1 }),
	preference: ref(NodeSelectorTerm, { required: true, pb: 2 }),
});
export interface PreferredSchedulingTerm extends Infer<typeof PreferredSchedulingTerm> {}

export const NodeAffinity = object("core.v1.NodeAffinity", {
	requiredDuringSchedulingIgnoredDuringExecution: ref(NodeSelector, { pb: 1, nullable: true }),
	preferredDuringSchedulingIgnoredDuringExecution: listOf(PreferredSchedulingTerm, { pb: 2, list: "atomic" }),
});
export interface NodeAffinity extends Infer<typeof NodeAffinity> {}

export const PodAffinityTerm = object("core.v1.PodAffinityTerm", {
	labelSelector: ref(LabelSelector, { pb: 1, nullable: true }),
	namespaces: listOf(types.string, { pb: 2, list: "atomic" }),
	topologyKey: string({ required: true, pb: 3 }),
	namespaceSelector: ref(LabelSelector, { pb: 4, nullable: true }),
	matchLabelKeys: listOf(types.string, { pb: 5, list: "atomic" }),
	mismatchLabelKeys: listOf(types.string, { pb: 6, list: "atomic" }),
});
export interface PodAffinityTerm extends Infer<typeof PodAffinityTerm> {}

export const WeightedPodAffinityTerm = object("core.v1.WeightedPodAffinityTerm", {
	weight: int32({ required: true, pb: 1 }),
	podAffinityTerm: ref(PodAffinityTerm, { required: true, pb: 2 }),
});
export interface WeightedPodAffinityTerm extends Infer<typeof WeightedPodAffinityTerm> {}

export const PodAffinity = object("core.v1.PodAffinity", {
	requiredDuringSchedulingIgnoredDuringExecution: listOf(PodAffinityTerm, { pb: 1, list: "atomic" }),
	preferredDuringSchedulingIgnoredDuringExecution: listOf(WeightedPodAffinityTerm, { pb: 2, list: "atomic" }),
});
export interface PodAffinity extends Infer<typeof PodAffinity> {}

export const PodAntiAffinity = object("core.v1.PodAntiAffinity", {
	requiredDuringSchedulingIgnoredDuringExecution: listOf(PodAffinityTerm, { pb: 1, list: "atomic" }),
	preferredDuringSchedulingIgnoredDuringExecution: listOf(WeightedPodAffinityTerm, { pb: 2, list: "atomic" }),
});
export interface PodAntiAffinity extends Infer<typeof PodAntiAffinity> {}

export const Affinity = object("core.v1.Affinity", {
	nodeAffinity: ref(NodeAffinity, { pb: 1, nullable: true }),
	podAffinity: ref(PodAffinity, { pb: 2, nullable: true }),
	podAntiAffinity: ref(PodAntiAffinity, { pb: 3, nullable: true }),
});
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

export const TopologySpreadConstraint = object("core.v1.TopologySpreadConstraint", {
	maxSkew: int32({ required: true, pb: 1 }),
	topologyKey: string({ required: true, pb: 2 }),
	whenUnsatisfiable: string({ required: true, pb: 3, enum: ["DoNotSchedule", "ScheduleAnyway"] }),
	labelSelector: ref(LabelSelector, { pb: 4, nullable: true }),
	minDomains: int32({ pb: 5, nullable: true }),
	nodeAffinityPolicy: string({ pb: 6, nullable: true, enum: ["Ignore", "Honor"] }),
	nodeTaintsPolicy: string({ pb: 7, nullable: true, enum: ["Ignore", "Honor"] }),
	matchLabelKeys: listOf(types.string, { pb: 8, list: "atomic" }),
});
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
