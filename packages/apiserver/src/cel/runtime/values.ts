/**
 * Values of expressions. What JavaScript has is itself: null, booleans, bigint for int, number for double, strings, bytes.
 * All others are a `CelReference`. Lists, maps and objects over JSON turn their elements into values when asked for them.
 */
import type { CelType } from "../language/types.ts";
import * as types from "../language/types.ts";

export type CelValue = null | boolean | bigint | number | string | Uint8Array | CelReference;

const TYPE = types.typeOf(types.DYN);
const ANY_OPTIONAL = types.optionalOf(types.DYN);
const ANY_LIST = types.listOf(types.DYN);
const ANY_MAP = types.mapOf(types.DYN, types.DYN);

/** A value that is more than a JavaScript one. */
export abstract class CelReference {
	/** As far as the value itself knows: elements of lists and maps are dyn. */
	abstract readonly type: CelType;
}

export class UintValue extends CelReference {
	readonly type = types.UINT;
	readonly value: bigint;
	constructor(value: bigint) {
		super();
		this.value = value;
	}
}

/** Nanoseconds since the epoch. */
export class TimestampValue extends CelReference {
	readonly type = types.TIMESTAMP;
	readonly nanos: bigint;
	constructor(nanos: bigint) {
		super();
		this.nanos = nanos;
	}
}

export class DurationValue extends CelReference {
	readonly type = types.DURATION;
	readonly nanos: bigint;
	constructor(nanos: bigint) {
		super();
		this.nanos = nanos;
	}
}

export class TypeValue extends CelReference {
	readonly type = TYPE;
	/** `list`, `google.protobuf.Duration`, `net.IP`. */
	readonly typeName: string;
	constructor(typeName: string) {
		super();
		this.typeName = typeName;
	}
}

export class OptionalValue extends CelReference {
	readonly type = ANY_OPTIONAL;
	/** Undefined for none. */
	readonly value: CelValue | undefined;
	constructor(value: CelValue | undefined) {
		super();
		this.value = value;
	}
}

export const NONE = new OptionalValue(undefined);

/** A value of a library's own type: compares by what it stands for. */
export abstract class OpaqueValue extends CelReference {
	abstract equals(other: OpaqueValue): boolean;
}

export class ListValue extends CelReference {
	readonly type = ANY_LIST;
	readonly #items: readonly unknown[];
	readonly #adapt: ((item: unknown) => CelValue) | undefined;

	private constructor(items: readonly unknown[], adapt: ((item: unknown) => CelValue) | undefined) {
		super();
		this.#items = items;
		this.#adapt = adapt;
	}

	static of(items: readonly CelValue[]): ListValue {
		return new ListValue(items, undefined);
	}

	/** Elements become values by `adapt` whenever they are read. */
	static over(items: readonly unknown[], adapt: (item: unknown) => CelValue): ListValue {
		return new ListValue(items, adapt);
	}

	get size(): number {
		return this.#items.length;
	}

	/** `index` must be below `size`. */
	at(index: number): CelValue {
		const item = this.#items[index];
		return this.#adapt ? this.#adapt(item) : (item as CelValue);
	}

	*[Symbol.iterator](): Iterator<CelValue> {
		for (let i = 0; i < this.#items.length; i += 1) yield this.at(i);
	}
}

export abstract class MapValue extends CelReference {
	readonly type: CelType = ANY_MAP;
	abstract readonly size: number;
	abstract find(key: CelValue): CelValue | undefined;
	abstract keys(): Iterable<CelValue>;
}

/** A map over a JSON object. */
export class JsonMap extends MapValue {
	readonly #object: Readonly<Record<string, unknown>>;
	readonly #adapt: (value: unknown) => CelValue;
	#keys: readonly string[] | undefined;

	constructor(object: Readonly<Record<string, unknown>>, adapt: (value: unknown) => CelValue) {
		super();
		this.#object = object;
		this.#adapt = adapt;
	}

	get size(): number {
		return this.keys().length;
	}

	find(key: CelValue): CelValue | undefined {
		if (typeof key !== "string" || !Object.hasOwn(this.#object, key)) return undefined;
		const value = this.#object[key];
		return value === undefined ? undefined : this.#adapt(value);
	}

	override keys(): readonly string[] {
		this.#keys ??= Object.keys(this.#object).filter((key) => this.#object[key] !== undefined);
		return this.#keys;
	}
}

/** A map that an expression made. */
export class EntryMap extends MapValue {
	readonly #entries: ReadonlyMap<string, readonly [CelValue, CelValue]>;

	constructor(entries: ReadonlyMap<string, readonly [CelValue, CelValue]>) {
		super();
		this.#entries = entries;
	}

	/** What makes two keys the same: 1, 1u and 1.0 are. Undefined for values that are no keys. */
	static keyOf(key: CelValue): string | undefined {
		if (typeof key === "string") return `s${key}`;
		if (typeof key === "boolean") return `b${key}`;
		if (typeof key === "bigint") return `n${key}`;
		if (typeof key === "number") return Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
		return key instanceof UintValue ? `n${key.value}` : undefined;
	}

	get size(): number {
		return this.#entries.size;
	}

	find(key: CelValue): CelValue | undefined {
		const known = EntryMap.keyOf(key);
		return known === undefined ? undefined : this.#entries.get(known)?.[1];
	}

	*keys(): Iterable<CelValue> {
		for (const [key] of this.#entries.values()) yield key;
	}
}

/** An object of a declared type: fields by the names that expressions use. */
export abstract class ObjectValue extends CelReference {
	abstract override readonly type: types.ObjectOf;
	/** Undefined for a field that is not set. */
	abstract get(field: string): CelValue | undefined;
	/** Names of the fields that are set, as expressions spell them. */
	abstract fields(): readonly string[];
}

/** What `type(x)` is called. */
export function typeNameOf(value: CelValue): string {
	if (value === null) return "null_type";
	switch (typeof value) {
		case "boolean":
			return "bool";
		case "bigint":
			return "int";
		case "number":
			return "double";
		case "string":
			return "string";
	}
	if (value instanceof Uint8Array) return "bytes";
	const { type } = value;
	return type.kind === "list" || type.kind === "map" || type.kind === "type"
		? type.kind
		: type.kind === "optional"
			? "optional_type"
			: types.formatType(type);
}
