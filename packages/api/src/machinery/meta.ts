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

export const OwnerReference = atomicObject(
	"meta.v1.OwnerReference",
	{
		apiVersion: string({ required: true, pb: 5, doc: "Group and version of the owner." }),
		kind: string({ required: true, pb: 1, doc: "Kind of the owner." }),
		name: string({ required: true, pb: 3, doc: "Name of the owner." }),
		uid: string({ required: true, pb: 4, doc: "Identity of the owner." }),
		controller: bool({ pb: 6, nullable: true, doc: "True of the one owner that looks after the object." }),
		blockOwnerDeletion: bool({
			pb: 7,
			nullable: true,
			doc: "True: a foreground delete of the owner waits until this object is gone.",
		}),
	},
	"An object that another one belongs to, in the same namespace or cluster-wide.",
);
export interface OwnerReference extends Infer<typeof OwnerReference> {}

export const ManagedFieldsEntry = object(
	"meta.v1.ManagedFieldsEntry",
	{
		manager: string({ pb: 1, doc: "Name of the program that set them." }),
		operation: string({ pb: 2, doc: "How they were set: Apply or Update." }),
		apiVersion: string({ pb: 3, doc: "Version of the object that the fields are named in." }),
		time: time({ pb: 4, nullable: true, doc: "When this entry changed last." }),
		fieldsType: string({ pb: 6, doc: "Form of fieldsV1; always FieldsV1." }),
		fieldsV1: any({ pb: 7, nullable: true, doc: "The fields, as a tree of their names." }),
		subresource: string({
			pb: 8,
			doc: "Subresource they were set through, such as status; empty for the object itself.",
		}),
	},
	"The fields that one manager has set.",
);
export interface ManagedFieldsEntry extends Infer<typeof ManagedFieldsEntry> {}

/** The schema of `metadata`. Its TypeScript type is the interface below: what an object read from the server has. */
export const ObjectMetaSchema = object(
	"meta.v1.ObjectMeta",
	{
		name: string({
			pb: 1,
			doc: "Name of the object, unique among its kind in the namespace; can not be changed.",
		}),
		generateName: string({
			pb: 2,
			doc: "Beginning of the name; the server adds five characters when no name is given.",
		}),
		namespace: string({
			pb: 3,
			doc: "Namespace it lives in; default for most clients is `default`. Empty for objects of the whole cluster.",
		}),
		selfLink: string({ pb: 4, doc: "No longer filled in." }),
		uid: string({
			pb: 5,
			doc: "Identity given by the server: a later object of the same name has another one.",
		}),
		resourceVersion: string({
			pb: 6,
			doc: "Version of the stored object, to be compared for equality alone; an update that names an old one is refused.",
		}),
		generation: int64({ pb: 7, doc: "Counts changes of what is wanted, beginning with 1." }),
		creationTimestamp: time({ pb: 8, doc: "When the server created it." }),
		deletionTimestamp: time({
			pb: 9,
			nullable: true,
			doc: "When it is to be gone; set by the server on a delete that has to wait.",
		}),
		deletionGracePeriodSeconds: int64({
			pb: 10,
			nullable: true,
			doc: "Seconds that it was given to end in peace.",
		}),
		labels: mapOf(types.string, { pb: 11, doc: "Short names and values to select objects by." }),
		annotations: mapOf(types.string, {
			pb: 12,
			doc: "Notes of people and programs, of any content; nothing selects by them.",
		}),
		ownerReferences: listOf(OwnerReference, {
			pb: 13,
			list: "map",
			keys: ["uid"],
			patch: ["merge"],
			mergeKey: "uid",
			doc: "Objects it belongs to; when all of them are gone it is deleted, too.",
		}),
		finalizers: listOf(types.string, {
			pb: 14,
			list: "set",
			patch: ["merge"],
			doc: "Names of jobs to be done before a deleted object really goes; each is removed by whoever did it.",
		}),
		// An empty list clears it, unlike none.
		managedFields: listOf(ManagedFieldsEntry, {
			pb: 17,
			list: "atomic",
			writtenEmpty: true,
			doc: "Who set which fields, for server-side apply; kept by the server.",
		}),
	},
	"What every object carries: its name, its labels, and what the server knows of it.",
);

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

export const ListMeta = object(
	"meta.v1.ListMeta",
	{
		selfLink: string({ pb: 1, doc: "No longer filled in." }),
		resourceVersion: string({
			pb: 2,
			doc: "State of the store that the list shows; watches can begin here.",
		}),
		continue: string({ pb: 3, doc: "Token to ask for the next chunk with; empty at the end." }),
		remainingItemCount: int64({
			pb: 4,
			nullable: true,
			doc: "How many objects are still to come, where that is known.",
		}),
	},
	"What a list says of itself.",
);
export interface ListMeta extends Infer<typeof ListMeta> {}

export interface KubeList<T> {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ListMeta;
	readonly items: readonly T[];
}

export const LabelSelectorRequirement = object(
	"meta.v1.LabelSelectorRequirement",
	{
		key: string({ required: true, pb: 1, doc: "Name of the label." }),
		operator: string({
			required: true,
			pb: 2,
			doc: "How the label's value is judged: In, NotIn, Exists or DoesNotExist.",
		}),
		values: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Values for In and NotIn; none for the others.",
		}),
	},
	"One condition on a label.",
);
export interface LabelSelectorRequirement extends Infer<typeof LabelSelectorRequirement> {}

export const FieldSelectorRequirement = object(
	"meta.v1.FieldSelectorRequirement",
	{
		key: string({ required: true, pb: 1, doc: "Path of the field." }),
		operator: string({
			required: true,
			pb: 2,
			doc: "How the field's value is judged: In, NotIn, Exists or DoesNotExist.",
		}),
		values: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Values for In and NotIn; none for the others.",
		}),
	},
	"One condition on a field.",
);
export interface FieldSelectorRequirement extends Infer<typeof FieldSelectorRequirement> {}

export const LabelSelector = atomicObject(
	"meta.v1.LabelSelector",
	{
		matchLabels: mapOf(types.string, { pb: 1, doc: "Labels that must have exactly these values." }),
		matchExpressions: listOf(LabelSelectorRequirement, {
			pb: 2,
			list: "atomic",
			doc: "Conditions on labels, beyond equality.",
		}),
	},
	"Chooses objects by their labels: all conditions must hold, none at all chooses every object.",
);
export interface LabelSelector extends Infer<typeof LabelSelector> {}

export const Condition = object(
	"meta.v1.Condition",
	{
		type: string({ required: true, pb: 1, doc: "What it speaks of." }),
		status: string({ required: true, pb: 2, doc: "True, False or Unknown." }),
		observedGeneration: int64({ pb: 3, doc: "Generation of the object that the condition speaks of." }),
		lastTransitionTime: time({ required: true, pb: 4, doc: "When the status last changed." }),
		reason: string({ required: true, pb: 5, doc: "The cause in one word." }),
		message: string({ required: true, pb: 6, doc: "The cause in a sentence." }),
	},
	"One thing that is known of an object's state.",
);
export interface Condition extends Infer<typeof Condition> {}

export const Preconditions = object(
	"meta.v1.Preconditions",
	{
		uid: string({ pb: 1, nullable: true, doc: "Identity that it must have." }),
		resourceVersion: string({ pb: 2, nullable: true, doc: "Version that it must be stored in." }),
	},
	"What must be true of an object for it to be deleted.",
);
export interface Preconditions extends Infer<typeof Preconditions> {}

export const DeleteOptions = object(
	"meta.v1.DeleteOptions",
	{
		apiVersion: string({ doc: "Group and version of these options." }),
		kind: string({ doc: "DeleteOptions." }),
		gracePeriodSeconds: int64({
			pb: 1,
			nullable: true,
			doc: "Seconds that it has to end in peace; 0 is at once, default is the object's own.",
		}),
		preconditions: ref(Preconditions, {
			pb: 2,
			nullable: true,
			doc: "What must be true for the delete to go ahead.",
		}),
		orphanDependents: bool({
			pb: 3,
			nullable: true,
			doc: "Older way to say propagationPolicy; true is Orphan.",
		}),
		propagationPolicy: string({
			pb: 4,
			nullable: true,
			enum: ["Orphan", "Background", "Foreground"],
			doc: "What becomes of objects it owns: Background deletes them after it, Foreground before it, Orphan lets them be.",
		}),
		dryRun: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "All: everything is checked, and nothing is deleted.",
		}),
		ignoreStoreReadErrorWithClusterBreakingPotential: bool({
			pb: 6,
			nullable: true,
			doc: "True: delete it even though what is stored can not be read.",
		}),
	},
	"How something is to be deleted.",
);
export interface DeleteOptions extends Infer<typeof DeleteOptions> {}

export const StatusCause = object(
	"meta.v1.StatusCause",
	{
		reason: string({ pb: 1, doc: "The cause in one word." }),
		message: string({ pb: 2, doc: "The cause in a sentence." }),
		field: string({ pb: 3, doc: "Path of the field that is to blame." }),
	},
	"One cause of a failure.",
);
export interface StatusCause extends Infer<typeof StatusCause> {}

export const StatusDetails = object(
	"meta.v1.StatusDetails",
	{
		name: string({ pb: 1, doc: "Name of the object." }),
		group: string({ pb: 2, doc: "Group of the object." }),
		kind: string({ pb: 3, doc: "Kind or resource of the object." }),
		uid: string({ pb: 6, doc: "Identity of the object." }),
		causes: listOf(StatusCause, { pb: 4, list: "atomic", doc: "Every single cause." }),
		retryAfterSeconds: int32({ pb: 5, doc: "Seconds to wait before trying again." }),
	},
	"What a failure is about.",
);
export interface StatusDetails extends Infer<typeof StatusDetails> {}

/** The body of every failed request, and of a successful delete. */
export const Status = object(
	"meta.v1.Status",
	{
		apiVersion: string({ doc: "v1." }),
		kind: string({ doc: "Status." }),
		metadata: ref(ListMeta, { pb: 1, doc: "What lists say of themselves; mostly empty here." }),
		status: string({ pb: 2, enum: ["Success", "Failure"], doc: "Success or Failure." }),
		message: string({ pb: 3, doc: "What happened, for people." }),
		reason: string({ pb: 4, doc: "What happened, in one word for programs." }),
		details: ref(StatusDetails, { pb: 5, nullable: true, atomic: true, doc: "What it is about, by reason." }),
		code: int32({ pb: 6, doc: "HTTP status code." }),
	},
	"How a request has ended, where no object is answered.",
);
export interface Status extends Infer<typeof Status> {}
