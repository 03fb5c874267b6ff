/** Whom a deletion in the foreground waits for. Pure. */
import type { KubeObject } from "@berth/api";
import { waitsForDependents } from "./decide.ts";

/** The objects that name an owner of this uid. */
export type DependentsOf = (uid: string) => readonly KubeObject[];

/**
 * The dependents that `owner` has to see gone before it goes itself: those whose reference blocks its deletion. Owners that
 * wait for each other in a ring do not wait for the ring, or none of them would ever go.
 */
export function blockersOf(owner: KubeObject, dependentsOf: DependentsOf): readonly KubeObject[] {
	return blocking(owner, dependentsOf).filter((dependent) => !waitsFor(dependent, owner, dependentsOf));
}

function blocking({ metadata: { uid } }: KubeObject, dependentsOf: DependentsOf): readonly KubeObject[] {
	return dependentsOf(uid).filter(({ metadata }) =>
		metadata.ownerReferences?.some((reference) => reference.uid === uid && reference.blockOwnerDeletion),
	);
}

/** Whether the deletion of `waiting`, directly or by way of others that wait, waits for `awaited`. */
function waitsFor(waiting: KubeObject, awaited: KubeObject, dependentsOf: DependentsOf): boolean {
	const seen = new Set<string>();
	const open = [waiting];
	for (let next = open.pop(); next; next = open.pop()) {
		if (next.metadata.uid === awaited.metadata.uid) return true;
		if (seen.has(next.metadata.uid) || !waitsForDependents(next)) continue;
		seen.add(next.metadata.uid);
		open.push(...blocking(next, dependentsOf));
	}
	return false;
}
