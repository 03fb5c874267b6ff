/**
 * What must be unique over all objects (cluster addresses, node ports). A reservation covers the time from the choice to
 * the write that makes it visible to others.
 */
import type { AnyKind, KubeObject } from "@berth/api";

export interface Allocation extends AsyncDisposable {
	/** The object with everything allocated. */
	readonly object: KubeObject;
	/** Records what is allocated, just before the object is stored. Rejects with StatusErrors (422 when it is taken). */
	claim(): Promise<void>;
	/** The object is stored: disposing gives up the reservation, but no longer what has been claimed. */
	keep(): void;
}

export interface Allocator {
	readonly kind: AnyKind;
	/** `old` undefined for a create. Throws StatusErrors (422 for a taken or illegal choice). */
	allocate(object: KubeObject, old: KubeObject | undefined): Allocation;
}

export interface Allocators {
	allocate(kind: AnyKind, object: KubeObject, old: KubeObject | undefined): Allocation;
}

export function createAllocators(allocators: readonly Allocator[]): Allocators {
	return {
		allocate: (kind, object, old) =>
			allocators.find((allocator) => allocator.kind === kind)?.allocate(object, old) ?? nothing(object),
	};
}

const nothing = (object: KubeObject): Allocation => ({
	object,
	claim: async () => {},
	keep: () => {},
	[Symbol.asyncDispose]: async () => {},
});
