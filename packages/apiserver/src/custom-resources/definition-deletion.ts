/** A definition that is deleted stays until its objects are gone. */
import type { CustomResourceDefinition } from "@berth/api";
import { withCondition } from "./conditions.ts";

export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

export const isTerminating = ({ metadata }: CustomResourceDefinition): boolean =>
	metadata.deletionTimestamp !== undefined;

/** Pure and idempotent. */
export function markDefinitionDeleting(definition: CustomResourceDefinition): CustomResourceDefinition {
	const { metadata } = definition;
	if (metadata.finalizers?.includes(CLEANUP_FINALIZER)) return definition;
	const marked = {
		...definition,
		metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), CLEANUP_FINALIZER] },
	};
	return withCondition(
		marked,
		{
			type: "Terminating",
			status: "True",
			reason: "InstanceDeletionPending",
			message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
		},
		metadata.deletionTimestamp ?? metadata.creationTimestamp,
	);
}
