/** What the garbage collector does with one object. Pure. */
import type { KubeObject, OwnerReference } from "@berth/api";

export const ORPHAN = "orphan";
export const FOREGROUND = "foregroundDeletion";

/** How an owner named by a reference stands. */
export type OwnerState = "solid" | "absent" | "waiting";

export type Decision =
	| { readonly do: "nothing" }
	/** Owners that are gone or going are struck from the references; at least one other is left. */
	| { readonly do: "release"; readonly uids: readonly string[] }
	| { readonly do: "delete"; readonly propagation: "Foreground" | "Background" | "Orphan" };

const has = (object: KubeObject, finalizer: string) =>
	object.metadata.finalizers?.includes(finalizer) === true;

/** The owner's own deletion waits for the dependents that block it. */
export const waitsForDependents = (object: KubeObject): boolean =>
	object.metadata.deletionTimestamp !== undefined && has(object, FOREGROUND);

/** The owner's deletion waits until its dependents no longer refer to it. */
export const orphansDependents = (object: KubeObject): boolean =>
	object.metadata.deletionTimestamp !== undefined && has(object, ORPHAN);

/** `hasDependents`: others are owned by this object, so that a cascade in the foreground goes on below it. */
export function decide(
	object: KubeObject,
	stateOf: (owner: OwnerReference) => OwnerState,
	hasDependents: boolean,
): Decision {
	const owners = object.metadata.ownerReferences ?? [];
	if (owners.length === 0) return { do: "nothing" };
	if (object.metadata.deletionTimestamp) return { do: "nothing" };
	const states = owners.map((owner) => ({ owner, state: stateOf(owner) }));
	const lost = states.filter(({ state }) => state !== "solid").map(({ owner }) => owner.uid);
	if (lost.length === 0) return { do: "nothing" };
	if (lost.length < owners.length) return { do: "release", uids: lost };
	if (states.some(({ state }) => state === "waiting") && hasDependents) {
		return { do: "delete", propagation: "Foreground" };
	}
	if (has(object, ORPHAN)) return { do: "delete", propagation: "Orphan" };
	if (has(object, FOREGROUND)) return { do: "delete", propagation: "Foreground" };
	return { do: "delete", propagation: "Background" };
}
