import { atomicObject, type Infer, quantity, string, within } from "../../machinery/schema.ts";

export const LocalObjectReference = atomicObject("core.v1.LocalObjectReference", {
	name: string({ pb: 1, default: "" }),
});
export interface LocalObjectReference extends Infer<typeof LocalObjectReference> {}

export const ObjectFieldSelector = atomicObject("core.v1.ObjectFieldSelector", {
	apiVersion: string({ pb: 1 }),
	fieldPath: string({ required: true, pb: 2 }),
});
export interface ObjectFieldSelector extends Infer<typeof ObjectFieldSelector> {}

export const ResourceFieldSelector = atomicObject("core.v1.ResourceFieldSelector", {
	containerName: string({ pb: 1 }),
	resource: string({ required: true, pb: 2 }),
	divisor: quantity({ pb: 3 }),
});
export interface ResourceFieldSelector extends Infer<typeof ResourceFieldSelector> {}

export const ObjectReference = atomicObject("core.v1.ObjectReference", {
	kind: string({ pb: 1 }),
	namespace: string({ pb: 2 }),
	name: string({ pb: 3 }),
	uid: string({ pb: 4 }),
	apiVersion: string({ pb: 5 }),
	resourceVersion: string({ pb: 6 }),
	fieldPath: string({ pb: 7 }),
});
export interface ObjectReference extends Infer<typeof ObjectReference> {}

/** A reference to an object of the same namespace, as part of a structure that says more of it. */
export const localReferenceFields = within(1, { name: string({ pb: 1, default: "" }) });
