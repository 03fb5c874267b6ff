/** Owner references: who made an object and manages it. */
import type { KubeObject, OwnerReference } from "../../machinery/meta.ts";

/** The owner that manages the object, if any; an object has at most one. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
	object.metadata.ownerReferences?.find((reference) => reference.controller === true);

/** The reference that makes `owner` the controller of what it creates. */
export const controllerReference = (owner: KubeObject): OwnerReference => ({
	apiVersion: owner.apiVersion,
	kind: owner.kind,
	name: owner.metadata.name,
	uid: owner.metadata.uid,
	controller: true,
	blockOwnerDeletion: true,
});
