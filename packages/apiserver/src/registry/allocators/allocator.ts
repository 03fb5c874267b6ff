/**
 * What must be unique over all objects (cluster addresses, node ports). The cache says what is taken; a reservation
 * covers the time from the choice to the write that makes it visible there.
 */
import type { AnyKind, KubeObject } from "@berth/api";

export interface Allocation extends Disposable {
	/** The object with everything allocated. Disposing gives up the reservation, not what has been stored. */
	readonly object: KubeObject;
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
			allocators.find((allocator) => allocator.kind === kind)?.allocate(object, old) ?? {
				object,
				[Symbol.dispose]: () => {},
			},
	};
}
