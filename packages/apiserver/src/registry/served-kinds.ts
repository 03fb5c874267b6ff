/** The kinds that are served: the built-in ones from the start, and those that come and go while the server runs. */
import type { AnyKind } from "@berth/api";

export interface ServedKinds {
	/** In discovery order. A changed list is a new array. */
	readonly kinds: readonly AnyKind[];
	find(group: string, version: string, resource: string): AnyKind | undefined;
	/** Aborts when a kind is no longer served, or served otherwise; undefined for built-in kinds. */
	gone(kind: AnyKind): AbortSignal | undefined;
	/** Replaces all kinds beside the built-in ones. */
	replaceCustom(kinds: readonly AnyKind[]): void;
	/** `listener` is called after every change, until the answer is disposed. */
	subscribe(listener: () => void): Disposable;
}

export function createServedKinds(builtIn: readonly AnyKind[]): ServedKinds {
	let kinds = builtIn;
	let byPath = indexOf(kinds);
	let served = new Map<AnyKind, AbortController>();
	const listeners = new Set<() => void>();
	return {
		get kinds() {
			return kinds;
		},
		find: (group, version, resource) => byPath.get(`${group}/${version}/${resource}`),
		gone: (kind) => served.get(kind)?.signal,
		replaceCustom: (custom) => {
			const before = served;
			served = new Map(custom.map((kind) => [kind, before.get(kind) ?? new AbortController()]));
			for (const [kind, controller] of before) if (!served.has(kind)) controller.abort();
			kinds = [...builtIn, ...custom];
			byPath = indexOf(kinds);
			for (const listener of listeners) listener();
		},
		subscribe: (listener) => {
			listeners.add(listener);
			return { [Symbol.dispose]: () => listeners.delete(listener) };
		},
	};
}

const indexOf = (kinds: readonly AnyKind[]): ReadonlyMap<string, AnyKind> =>
	new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind] as const));
