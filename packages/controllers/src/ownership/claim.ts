/**
 * Who belongs to whom, decided purely. An owner keeps the objects it controls while they match its selector, releases
 * those that no longer do, and adopts matching orphans.
 */
import { controllerOf, type KubeObject, type Selector } from "@berth/api";

export interface Claim<T> {
	/** Controlled by the owner and matching: what it works with (adoptions count from the next look on). */
	readonly owned: readonly T[];
	readonly adopt: readonly T[];
	readonly release: readonly T[];
}

/** `candidates` are all objects of the kind in the owner's namespace that might be concerned. */
export function claim<T extends KubeObject>(
	owner: KubeObject,
	selector: Selector,
	candidates: readonly T[],
): Claim<T> {
	const owned: T[] = [];
	const adopt: T[] = [];
	const release: T[] = [];
	const ownerIsGoing = owner.metadata.deletionTimestamp !== undefined;
	for (const candidate of candidates) {
		const controller = controllerOf(candidate);
		const matches = selector.matches(candidate.metadata.labels);
		if (controller) {
			if (controller.uid !== owner.metadata.uid) continue;
			if (matches) owned.push(candidate);
			else if (!ownerIsGoing && !candidate.metadata.deletionTimestamp) release.push(candidate);
		} else if (matches && !ownerIsGoing && !candidate.metadata.deletionTimestamp) {
			adopt.push(candidate);
		}
	}
	return { owned, adopt, release };
}
