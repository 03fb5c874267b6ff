/** The conditions that tell why a namespace is still terminating, in Kubernetes' words. Pure. */
import type { AnyKind, KubeObject, NamespaceCondition } from "@berth/api";

export interface Remaining {
	readonly kind: AnyKind;
	readonly objects: readonly KubeObject[];
}

export function conditionsOf(
	old: readonly NamespaceCondition[],
	remaining: readonly Remaining[],
	now: string,
): readonly NamespaceCondition[] {
	const counts = remaining.map(
		({ kind, objects }) => `${resource(kind)} has ${objects.length} resource instances`,
	);
	const finalizers = finalizersOf(remaining);
	const next: readonly NamespaceCondition[] = [
		fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
		fine(
			"NamespaceDeletionGroupVersionParsingFailure",
			"ParsedGroupVersions",
			"All legacy kube types successfully parsed",
		),
		fine(
			"NamespaceDeletionContentFailure",
			"ContentDeleted",
			"All content successfully deleted, may be waiting on finalization",
		),
		counts.length
			? {
					type: "NamespaceContentRemaining",
					status: "True",
					reason: "SomeResourcesRemain",
					message: `Some resources are remaining: ${counts.sort().join(", ")}`,
				}
			: fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
		finalizers.length
			? {
					type: "NamespaceFinalizersRemaining",
					status: "True",
					reason: "SomeFinalizersRemain",
					message: `Some content in the namespace has finalizers remaining: ${finalizers.join(", ")}`,
				}
			: fine(
					"NamespaceFinalizersRemaining",
					"ContentHasNoFinalizers",
					"All content-preserving finalizers finished",
				),
	];
	return next.map((condition) => {
		const before = old.find((other) => other.type === condition.type);
		const same = before?.status === condition.status && before.reason === condition.reason;
		return { ...condition, lastTransitionTime: same ? before.lastTransitionTime : now };
	});
}

const fine = (type: string, reason: string, message: string): NamespaceCondition => ({
	type,
	status: "False",
	reason,
	message,
});

const resource = (kind: AnyKind) => (kind.group ? `${kind.plural}.${kind.group}` : `${kind.plural}.`);

function finalizersOf(remaining: readonly Remaining[]): readonly string[] {
	const counts = new Map<string, number>();
	for (const { objects } of remaining) {
		for (const finalizer of objects.flatMap((object) => object.metadata.finalizers ?? [])) {
			counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
		}
	}
	return [...counts].sort().map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
}
