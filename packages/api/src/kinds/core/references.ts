import { atomicObject, type Infer, object, quantity, string, within } from "../../machinery/schema.ts";

export const LocalObjectReference = atomicObject(
	"core.v1.LocalObjectReference",
	{
		name: string({ pb: 1, default: "", doc: "Name of the object." }),
	},
	"Names an object of the same namespace.",
);
export interface LocalObjectReference extends Infer<typeof LocalObjectReference> {}

export const ObjectFieldSelector = atomicObject(
	"core.v1.ObjectFieldSelector",
	{
		apiVersion: string({ pb: 1, doc: "Version the path is meant in; default v1." }),
		fieldPath: string({ required: true, pb: 2, doc: "Path of the field, such as metadata.name." }),
	},
	"Names a field of the pod.",
);
export interface ObjectFieldSelector extends Infer<typeof ObjectFieldSelector> {}

export const ResourceFieldSelector = atomicObject(
	"core.v1.ResourceFieldSelector",
	{
		containerName: string({
			pb: 1,
			doc: "Container it is taken from; needed in volumes, default the container itself in variables.",
		}),
		resource: string({
			required: true,
			pb: 2,
			doc: "What is wanted, such as limits.cpu or requests.memory.",
		}),
		divisor: quantity({ pb: 3, doc: "Unit the value is given in; rounded up, default 1." }),
	},
	"Names a request or limit of a container.",
);
export interface ResourceFieldSelector extends Infer<typeof ResourceFieldSelector> {}

export const ObjectReference = atomicObject(
	"core.v1.ObjectReference",
	{
		kind: string({ pb: 1, doc: "Kind of the object." }),
		namespace: string({ pb: 2, doc: "Namespace of the object." }),
		name: string({ pb: 3, doc: "Name of the object." }),
		uid: string({ pb: 4, doc: "Identity of the object." }),
		apiVersion: string({ pb: 5, doc: "Group and version of the object." }),
		resourceVersion: string({ pb: 6, doc: "Version of the object that is meant." }),
		fieldPath: string({ pb: 7, doc: "Part of the object that is meant, such as spec.containers{web}." }),
	},
	"Points at an object, or at a part of it.",
);
export interface ObjectReference extends Infer<typeof ObjectReference> {}

export const TypedLocalObjectReference = atomicObject(
	"core.v1.TypedLocalObjectReference",
	{
		apiGroup: string({ pb: 1, nullable: true, doc: "Group of the object; absent for the core group." }),
		kind: string({ required: true, pb: 2, doc: "Kind of the object." }),
		name: string({ required: true, pb: 3, doc: "Name of the object." }),
	},
	"Names an object of the same namespace, of any kind.",
);
export interface TypedLocalObjectReference extends Infer<typeof TypedLocalObjectReference> {}

export const TypedObjectReference = object(
	"core.v1.TypedObjectReference",
	{
		apiGroup: string({ pb: 1, nullable: true, doc: "Group of the object; absent for the core group." }),
		kind: string({ required: true, pb: 2, doc: "Kind of the object." }),
		name: string({ required: true, pb: 3, doc: "Name of the object." }),
		namespace: string({ pb: 4, nullable: true, doc: "Namespace of the object; another one must grant it." }),
	},
	"Names an object of any kind and namespace.",
);
export interface TypedObjectReference extends Infer<typeof TypedObjectReference> {}

/** A reference to an object of the same namespace, as part of a structure that says more of it. */
export const localReferenceFields = within(1, {
	name: string({ pb: 1, default: "", doc: "Name of the object." }),
});
