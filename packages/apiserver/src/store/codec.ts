/**
 * Between objects and stored bytes. Stored bytes are JSON without a resourceVersion (it is not known until the write is
 * committed); a cached object has it, is frozen, and is encoded again at most once.
 */
import { type AnyKind, deepFreeze, type KubeObject, keyOf } from "@berth/api";
import type { Cached, Encoding } from "./objects.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What tells where objects are kept; every kind does. */
export type Collection = Pick<AnyKind, "group" | "plural" | "stored">;

/** `/apps/deployments/` : every key of the kind starts with it. Kinds may share a collection. */
export function prefixOf(kind: Collection): string {
	const { group, plural } = kind.stored?.kind ?? kind;
	return `/${group || "core"}/${plural}/`;
}

export const storeKey = (kind: Collection, key: string): string => prefixOf(kind) + key;

/** Prefix and key of a store key: `["/apps/deployments/", "default/web"]`. */
export function splitStoreKey(storeKey: string): [prefix: string, key: string] {
	const end = storeKey.indexOf("/", storeKey.indexOf("/", 1) + 1) + 1;
	return [storeKey.slice(0, end), storeKey.slice(end)];
}

export function encodeObject(object: KubeObject): Uint8Array {
	const { resourceVersion: _, ...metadata } = object.metadata;
	return encoder.encode(JSON.stringify({ ...object, metadata }));
}

export const decodeObject = (value: Uint8Array): KubeObject => JSON.parse(decoder.decode(value));

/** `object` as it is at `revision`. */
export function cachedAt<T extends KubeObject>(object: T, revision: number): Cached<T> {
	const at = deepFreeze({
		...object,
		metadata: { ...object.metadata, resourceVersion: String(revision) },
	});
	return new CachedObject(at, revision);
}

class CachedObject<T extends KubeObject> implements Cached<T> {
	readonly key: string;
	readonly object: T;
	readonly revision: number;
	#json: Uint8Array | undefined;
	/** Rarely more than one or two. */
	#encoded: { readonly encoding: Encoding; bytes: WeakRef<Uint8Array> }[] | undefined;

	constructor(object: T, revision: number) {
		this.key = keyOf(object);
		this.object = object;
		this.revision = revision;
	}

	json(): Uint8Array {
		this.#json ??= encoder.encode(JSON.stringify(this.object));
		return this.#json;
	}

	encoded(encoding: Encoding): Uint8Array {
		this.#encoded ??= [];
		const known = this.#encoded.find((each) => each.encoding === encoding);
		const kept = known?.bytes.deref();
		if (kept) return kept;
		const bytes = encoding.encode(this);
		if (known) known.bytes = new WeakRef(bytes);
		else this.#encoded.push({ encoding, bytes: new WeakRef(bytes) });
		return bytes;
	}
}
