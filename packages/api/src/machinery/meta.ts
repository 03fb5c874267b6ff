/** The metadata every object carries, and the small types shared by all groups (meta/v1). */
import {
	any,
	atomicObject,
	bool,
	type Infer,
	int32,
	int64,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
} from "./schema.ts";

export const OwnerReference = atomicObject("meta.v1.OwnerReference", {
	apiVersion: string({ required: true, pb: 5 }),
	kind: string({ required: true, pb: 1 }),
	name: string({ required: true, pb: 3 }),
	uid: string({ required: true, pb: 4 }),
	controller: bool({ pb: 6, nullable: true }),
	blockOwnerDeletion: bool({ pb: 7, nullable: true }),
});
export interface OwnerReference extends Infer<typeof OwnerReference> {}

export const ManagedFieldsEntry = object("meta.v1.ManagedFieldsEntry", {
	manager: string({ pb: 1 }),
	operation: string({ pb: 2 }),
	apiVersion: string({ pb: 3 }),
	time: time({ pb: 4, nullable: true }),
	fieldsType: string({ pb: 6 }),
	fieldsV1: any({ pb: 7, nullable: true }),
	subresource: string({ pb: 8 }),
});
export interface ManagedFieldsEntry extends Infer<typeof ManagedFieldsEntry> {}

/** The schema of `metadata`. Its TypeScript type is the interface below: what an object read from the server has. */
export const ObjectMetaSchema = object("meta.v1.ObjectMeta", {
	name: string({ pb: 1 }),
	generateName: string({ pb: 2 }),
	namespace: string({ pb: 3 }),
	selfLink: string({ pb: 4 }),
	uid: string({ pb: 5 }),
	resourceVersion: string({ pb: 6 }),
	generation: int64({ pb: 7 }),
	creationTimestamp: time({ pb: 8 }),
	deletionTimestamp: time({ pb: 9, nullable: true }),
	deletionGracePeriodSeconds: int64({ pb: 10, nullable: true }),
	labels: mapOf(types.string, { pb: 11 }),
	annotations: mapOf(types.string, { pb: 12 }),
	ownerReferences: listOf(OwnerReference, {
		pb: 13,
		list: "map",
		keys: ["uid"],
		patch: ["merge"],
		mergeKey: "uid",
	}),
	finalizers: listOf(types.string, { pb: 14, list: "set", patch: ["merge"] }),
	// An empty list clears it, unlike none.
	managedFields: listOf(ManagedFieldsEntry, { pb: 17, list: "atomic", writtenEmpty: true }),
});

/** Metadata of an object that the server has returned: identity is always there. */
export interface ObjectMeta extends Omit<Infer<typeof ObjectMetaSchema>, ServerSet> {
	readonly name: string;
	readonly uid: string;
	readonly resourceVersion: string;
	readonly creationTimestamp: string;
}
type ServerSet = "name" | "uid" | "resourceVersion" | "creationTimestamp";

/** Any object of the API. `namespace` in metadata is absent for cluster-scoped kinds. */
export interface KubeObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ObjectMeta;
}

/** An object on its way to the server: nothing that the server sets is needed. */
export type Draft<T extends KubeObject> = Omit<T, "metadata" | "apiVersion" | "kind"> & {
	readonly apiVersion?: string;
	readonly kind?: string;
	readonly metadata: Partial<ObjectMeta>;
};

export const ListMeta = object("meta.v1.ListMeta", {
	selfLink: string({ pb: 1 }),
	resourceVersion: string({ pb: 2 }),
	continue: string({ pb: 3 }),
	remainingItemCount: int64({ pb: 4, nullable: true }),
});
export interface ListMeta extends Infer<typeof ListMeta> {}

export interface KubeList<T> {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ListMeta;
	readonly items: readonly T[];
}

export const LabelSelectorRequirement = object("meta.v1.LabelSelectorRequirement", {
	key: string({ required: true, pb: 1 }),
	operator: string({ required: true, pb: 2 }),
	values: listOf(types.string, { pb: 3, list: "atomic" }),
});
export interface LabelSelectorRequirement extends Infer<typeof LabelSelectorRequirement> {}

export const FieldSelectorRequirement = object("meta.v1.FieldSelectorRequirement", {
	key: string({ required: true, pb: 1 }),
	operator: string({ required: true, pb: 2 }),
	values: listOf(types.string, { pb: 3, list: "atomic" }),
});
export interface FieldSelectorRequirement extends Infer<typeof FieldSelectorRequirement> {}

export const LabelSelector = atomicObject("meta.v1.LabelSelector", {
	matchLabels: mapOf(types.string, { pb: 1 }),
	matchExpressions: listOf(LabelSelectorRequirement, { pb: 2, list: "atomic" }),
});
export interface LabelSelector extends Infer<typeof LabelSelector> {}

export const Condition = object("meta.v1.Condition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	observedGeneration: int64({ pb: 3 }),
	lastTransitionTime: time({ required: true, pb: 4 }),
	reason: string({ required: true, pb: 5 }),
	message: string({ required: true, pb: 6 }),
});
export interface Condition extends Infer<typeof Condition> {}

export const Preconditions = object("meta.v1.Preconditions", {
	uid: string({ pb: 1, nullable: true }),
	resourceVersion: string({ pb: 2, nullable: true }),
});
export interface Preconditions extends Infer<typeof Preconditions> {}

export const DeleteOptions = object("meta.v1.DeleteOptions", {
	apiVersion: string(),
	kind: string(),
	gracePeriodSeconds: int64({ pb: 1, nullable: true }),
	preconditions: ref(Preconditions, { pb: 2, nullable: true }),
	orphanDependents: bool({ pb: 3, nullable: true }),
	propagationPolicy: string({ pb: 4, nullable: true, enum: ["Orphan", "Background", "Foreground"] }),
	dryRun: listOf(types.string, { pb: 5, list: "atomic" }),
	ignoreStoreReadErrorWithClusterBreakingPotential: bool({ pb: 6, nullable: true }),
});
export interface DeleteOptions extends Infer<typeof DeleteOptions> {}

export const StatusCause = object("meta.v1.StatusCause", {
	reason: string({ pb: 1 }),
	message: string({ pb: 2 }),
	field: string({ pb: 3 }),
});
export interface StatusCause extends Infer<typeof StatusCause> {}

export const StatusDetails = object("meta.v1.StatusDetails", {
	name: string({ pb: 1 }),
	group: string({ pb: 2 }),
	kind: string({ pb: 3 }),
	uid: string({ pb: 6 }),
	causes: listOf(StatusCause, { pb: 4, list: "atomic" }),
	retryAfterSeconds: int32({ pb: 5 }),
});
export interface StatusDetails extends Infer<typeof StatusDetails> {}

/** The body of every failed request, and of a successful delete. */
export const Status = object("meta.v1.Status", {
	apiVersion: string(),
	kind: string(),
	metadata: ref(ListMeta, { pb: 1 }),
	status: string({ pb: 2, enum: ["Success", "Failure"] }),
	message: string({ pb: 3 }),
	reason: string({ pb: 4 }),
	details: ref(StatusDetails, { pb: 5, nullable: true, atomic: true }),
	code: int32({ pb: 6 }),
});
export interface Status extends Infer<typeof Status> {}
