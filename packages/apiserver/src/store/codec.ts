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

/** Identity stands first, then metadata: `jsonAt` relies on it. */
export function encodeObject(object: KubeObject): Uint8Array {
	const { apiVersion, kind, metadata: all, ...rest } = object;
	const { resourceVersion: _, ...metadata } = all;
	return encoder.encode(JSON.stringify({ apiVersion, kind, metadata, ...rest }));
}

/** The JSON of the object that `stored` was made of, at `revision`: a copy, where making the text again costs far more. */
function jsonAt(stored: Uint8Array, { apiVersion, kind }: KubeObject, revision: number): Uint8Array {
	const identity = encoder.encode(JSON.stringify({ apiVersion, kind, metadata: {} }));
	// Between the braces of the metadata, which are never empty.
	const at = identity.length - 2;
	const added = encoder.encode(`"resourceVersion":"${revision}",`);
	const json = new Uint8Array(stored.length + added.length);
	json.set(stored.subarray(0, at));
	json.set(added, at);
	json.set(stored.subarray(at), at + added.length);
	return json;
}

export const decodeObject = (value: Uint8Array): KubeObject => JSON.parse(decoder.decode(value));

/** `object` as it is at `revision`. `stored`: its bytes, where `encodeObject` has just made them. */
export function cachedAt<T extends KubeObject>(object: T, revision: number, stored?: Uint8Array): Cached<T> {
	const at = deepFreeze({
		...object,
		metadata: { ...object.metadata, resourceVersion: String(revision) },
	});
	return new CachedObject(at, revision, stored && jsonAt(stored, object, revision));
}

class CachedObject<T extends KubeObject> implements Cached<T> {
	readonly key: string;
	readonly object: T;
	readonly revision: number;
	#json: Uint8Array | undefined;
	#retired = false;
	/** Rarely more than one or two. */
	#encoded: { readonly encoding: Encoding; bytes: WeakRef<Uint8Array> }[] | undefined;

	constructor(object: T, revision: number, json: Uint8Array | undefined) {
		this.key = keyOf(object);
		this.object = object;
		this.revision = revision;
		this.#json = json;
	}

	json(): Uint8Array {
		if (this.#retired) return this.encoded(JSON_ENCODING);
		this.#json ??= JSON_ENCODING.encode(this);
		return this.#json;
	}

	encoded(encoding: Encoding): Uint8Array {
		return this.#find(encoding)?.bytes.deref() ?? this.#keep(encoding, encoding.encode(this));
	}

	retire(): void {
		if (this.#json) this.#keep(JSON_ENCODING, this.#json);
		this.#json = undefined;
		this.#retired = true;
	}

	#find(encoding: Encoding) {
		return this.#encoded?.find((each) => each.encoding === encoding);
	}

	#keep(encoding: Encoding, bytes: Uint8Array): Uint8Array {
		const known = this.#find(encoding);
		if (known) known.bytes = new WeakRef(bytes);
		else {
			this.#encoded ??= [];
			this.#encoded.push({ encoding, bytes: new WeakRef(bytes) });
		}
		return bytes;
	}
}

const JSON_ENCODING: Encoding = { encode: ({ object }) => encoder.encode(JSON.stringify(object)) };
