/**
 * The schema language. One value describes a type of the Kubernetes API once; everything else derives from it:
 * the TypeScript type (`Infer`), decoding and strict field validation, defaulting, strategic merge and server-side
 * apply (list types and keys), OpenAPI and protobuf (field numbers).
 *
 * A *type* says what a value is; a *field* is a type with what the containing object says of it (required, default,
 * merge behaviour, protobuf number). Schemas are frozen data: no function in this file looks at an API object.
 */

import type { FieldError } from "./field-error.ts";

/** How server-side apply merges a list: by key, as a set, or as one value. */
export type ListType = "map" | "set" | "atomic";

export interface Type<T = unknown> {
	readonly kind:
		| "string"
		| "int32"
		| "int64"
		| "double"
		| "bool"
		| "bytes"
		| "time"
		| "microTime"
		| "duration"
		| "quantity"
		| "intOrString"
		| "any"
		| "list"
		| "map"
		| "object"
		| "either";
	/** Never present at run time: carries the TypeScript type for `Infer`. */
	readonly _type?: T;
	/** A value of several shapes, which OpenAPI says in words alone, under a name of its own. */
	readonly loose?: LooseType;
}

export interface LooseType {
	/** As that of an `ObjectType`. */
	readonly name: string;
	readonly doc: string;
}

export interface ScalarType<T> extends Type<T> {
	/** Closed set of values of a string; anything else is `Unsupported value`. */
	readonly enum?: readonly string[];
}

export interface ListTypeNode<T> extends Type<readonly T[]> {
	readonly kind: "list";
	readonly of: Type<T>;
}

export interface MapTypeNode<T> extends Type<Readonly<Record<string, T>>> {
	readonly kind: "map";
	readonly of: Type<T>;
}

/** An object, or else a value of another type: JSON tells them apart, protobuf numbers them. */
export interface EitherType extends Type {
	readonly kind: "either";
	readonly loose: LooseType;
	readonly object: ObjectType;
	readonly other: Type;
	readonly pb: { readonly object: number; readonly other: number };
}

export type Fields = Readonly<Record<string, Field>>;

export interface ObjectType<T = unknown> extends Type<T> {
	readonly kind: "object";
	/** Short name within the API, such as `core.v1.Container`; OpenAPI prefixes `io.k8s.api.` (or its group's home). */
	readonly name: string;
	readonly doc?: string;
	/** Thunk, so that types may be recursive. */
	readonly fields: () => Fields;
	/** Server-side apply: values are replaced as a whole, unless the field that holds them says otherwise. */
	readonly atomic?: boolean;
	/** Fields that are not described are kept as they are. */
	readonly open?: boolean;
	/** An object of the API inside of another one: apiVersion, kind and metadata are always known. */
	readonly embedded?: boolean;
	/** Described by a schema of its users: this language is what it says of structure, and there is more to it. */
	readonly foreign?: ForeignSchema;
}

/**
 * What custom resources are described by, beyond the schema language. Decoding drops what is not described and leaves
 * wrong values for `errors` to tell.
 */
export interface ForeignSchema {
	/** As OpenAPI publishes it. */
	readonly published: Readonly<Record<string, unknown>>;
	/** Every fault of a whole object. `old` is what it was: faults that have been there before may be forgiven. */
	readonly errors: (object: unknown, old: unknown) => FieldError[];
}

/** What the containing object says of a field. */
export interface FieldOptions {
	/** Protobuf field number. */
	readonly pb?: number;
	/** Protobuf: numbers of the messages, outermost first, that hold this field there though JSON shows it here. */
	readonly within?: readonly number[];
	readonly required?: boolean;
	/** `null` is a value the real API distinguishes from absence in its OpenAPI (a Go pointer or map). */
	readonly nullable?: boolean;
	/** Foreign schemas: null is a value, and stays. */
	readonly nullValue?: boolean;
	/** An optional list that is written even when it is empty; others are left out then. */
	readonly writtenEmpty?: boolean;
	/** Declared default, applied by `applyDefaults` when the field is absent. */
	readonly default?: unknown;
	/** One short sentence for `kubectl explain`. */
	readonly doc?: string;
	/** Server-side apply: list type; `keys` with "map". Lists without it are atomic. */
	readonly list?: ListType;
	readonly keys?: readonly string[];
	/** Server-side apply: an object or map replaced as a whole. */
	readonly atomic?: boolean;
	/** Strategic merge patch: strategies and the key of list elements. */
	readonly patch?: readonly ("merge" | "replace" | "retainKeys")[];
	readonly mergeKey?: string;
	/** Closed set of values of a string field. */
	readonly enum?: readonly string[];
}

export interface Field<T = unknown, R extends boolean = boolean> extends FieldOptions {
	readonly type: Type<T>;
	readonly required: R;
}

type IsRequired<O> = O extends { readonly required: true } ? true : false;
type StringOf<O> = O extends { readonly enum: readonly (infer E extends string)[] } ? E : string;

type FieldType<F> = F extends Field<infer T, boolean> ? T : never;
type RequiredKeys<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F];

/** The (deeply readonly) TypeScript type of an object with these fields. */
export type InferFields<F> = { readonly [K in RequiredKeys<F> & keyof F]: FieldType<F[K]> } & {
	readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: FieldType<F[K]> | undefined;
};

/** `interface Container extends Infer<typeof Container> {}` gives a schema its type under the same name. */
export type Infer<S> = S extends Type<infer T> ? T : never;

function field<T, const O extends FieldOptions>(type: Type<T>, options: O): Field<T, IsRequired<O>> {
	const whole: FieldOptions = options;
	return Object.freeze({ ...whole, type, required: (options.required ?? false) as IsRequired<O> });
}

function scalarField<T>(kind: Type["kind"]) {
	const type: Type<T> = Object.freeze({ kind });
	return <const O extends FieldOptions = Record<never, never>>(options?: O): Field<T, IsRequired<O>> =>
		field(type, (options ?? {}) as O);
}

const stringType: ScalarType<string> = Object.freeze({ kind: "string" });

/** A string field; with `enum` its TypeScript type is the union of the values. */
export function string<const O extends FieldOptions = Record<never, never>>(
	options?: O,
): Field<StringOf<O>, IsRequired<O>> {
	const type = options?.enum ? Object.freeze({ kind: "string", enum: options.enum }) : stringType;
	return field(type as Type<StringOf<O>>, (options ?? {}) as O);
}

export const int32 = scalarField<number>("int32");
/** 64-bit integers are JavaScript numbers here: no field of the API needs more than 2^53. */
export const int64 = scalarField<number>("int64");
export const double = scalarField<number>("double");
export const bool = scalarField<boolean>("bool");
/** base64 text in JSON. */
export const bytes = scalarField<string>("bytes");
/** RFC 3339 with seconds, `2026-01-02T03:04:05Z`. */
export const time = scalarField<string>("time");
/** RFC 3339 with microseconds, `2026-01-02T03:04:05.000000Z`. */
export const microTime = scalarField<string>("microTime");
/** Go duration text, `1m30s`. */
export const duration = scalarField<string>("duration");
/** `100m`, `2Gi`; a JSON number is accepted and kept as text after decoding. */
export const quantity = scalarField<string>("quantity");
export const intOrString = scalarField<number | string>("intOrString");
/** Any JSON value (RawExtension, JSON schema defaults). */
export const any = scalarField<unknown>("any");

/** Element types for `listOf` and `mapOf`. */
export const types = Object.freeze({
	string: stringType,
	int32: Object.freeze({ kind: "int32" }) as Type<number>,
	int64: Object.freeze({ kind: "int64" }) as Type<number>,
	bool: Object.freeze({ kind: "bool" }) as Type<boolean>,
	bytes: Object.freeze({ kind: "bytes" }) as Type<string>,
	quantity: Object.freeze({ kind: "quantity" }) as Type<string>,
	time: Object.freeze({ kind: "time" }) as Type<string>,
	any: Object.freeze({ kind: "any" }) as Type<unknown>,
	list: <T>(of: Type<T>): ListTypeNode<T> => Object.freeze({ kind: "list", of }),
});

export function listOf<T, const O extends FieldOptions = Record<never, never>>(
	of: Type<T>,
	options?: O,
): Field<readonly T[], IsRequired<O>> {
	const type: ListTypeNode<T> = Object.freeze({ kind: "list", of });
	return field(type, (options ?? {}) as O);
}

export function mapOf<T, const O extends FieldOptions = Record<never, never>>(
	of: Type<T>,
	options?: O,
): Field<Readonly<Record<string, T>>, IsRequired<O>> {
	const type: MapTypeNode<T> = Object.freeze({ kind: "map", of });
	return field(type, (options ?? {}) as O);
}

/** A field holding an object of a named type. */
export function ref<T, const O extends FieldOptions = Record<never, never>>(
	type: ObjectType<T>,
	options?: O,
): Field<T, IsRequired<O>> {
	return field(type, (options ?? {}) as O);
}

/** `fields` of a structure that JSON shows as part of the object around it, and protobuf as a message at `number`. */
export function within<const F extends Fields>(number: number, fields: F): F {
	const moved = Object.entries(fields).map(([name, field]) => [
		name,
		Object.freeze({ ...field, within: [number, ...(field.within ?? [])] }),
	]);
	return Object.fromEntries(moved) as F;
}

/** A named object type, such as `object("core.v1.EnvVar", { name: string({ required: true, pb: 1 }) })`. */
export function object<F extends Fields>(name: string, fields: F, doc?: string): ObjectType<InferFields<F>> {
	const frozen = Object.freeze(fields);
	return Object.freeze({ kind: "object", name, fields: () => frozen, ...(doc === undefined ? {} : { doc }) });
}

/** The same for a type whose values are replaced as a whole by server-side apply. */
export const atomicObject = <F extends Fields>(
	name: string,
	fields: F,
	doc?: string,
): ObjectType<InferFields<F>> => Object.freeze({ ...object(name, fields, doc), atomic: true });

export const isObjectType = (type: Type): type is ObjectType => type.kind === "object";
export const isListType = (type: Type): type is ListTypeNode<unknown> => type.kind === "list";
export const isEitherType = (type: Type): type is EitherType => type.kind === "either";
export const isMapType = (type: Type): type is MapTypeNode<unknown> => type.kind === "map";
