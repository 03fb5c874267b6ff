/** The types of CEL: what the checker reasons about and what values say of themselves. Frozen data. */

export type PrimitiveKind =
	| "dyn"
	| "null"
	| "bool"
	| "int"
	| "uint"
	| "double"
	| "string"
	| "bytes"
	| "timestamp"
	| "duration"
	| "error";

export interface Primitive {
	readonly kind: PrimitiveKind;
	/** Strings and bytes: the most characters a value can have, where that is known. For cost estimates. */
	readonly max?: number | undefined;
}
export interface ListOf {
	readonly kind: "list";
	readonly of: CelType;
	/** The most elements, where that is known. */
	readonly max?: number | undefined;
}
export interface MapOf {
	readonly kind: "map";
	readonly key: CelType;
	readonly value: CelType;
	readonly max?: number | undefined;
}
export interface ObjectOf {
	readonly kind: "object";
	/** Types of the same name are the same type. */
	readonly name: string;
	/** By the name that expressions use. `undefined` for a field that there is not. A function, so that types may be recursive. */
	readonly field: (name: string) => CelField | undefined;
	/** Bytes of the shortest JSON of such an object, where that is known. For cost estimates. */
	readonly smallest?: number | undefined;
}
export interface CelField {
	/** As the JSON has it; expressions may spell it otherwise (`__dash__`). */
	readonly key: string;
	readonly type: CelType;
}
export interface OptionalOf {
	readonly kind: "optional";
	readonly of: CelType;
}
/** `type(x)`. */
export interface TypeOf {
	readonly kind: "type";
	readonly of: CelType;
}
/** A type that only functions look into: quantities, addresses, authorizers. */
export interface Opaque {
	readonly kind: "opaque";
	readonly name: string;
}
/** Stands for any one type in a function's declaration. */
export interface Parameter {
	readonly kind: "parameter";
	readonly name: string;
}

export type CelType = Primitive | ListOf | MapOf | ObjectOf | OptionalOf | TypeOf | Opaque | Parameter;

const primitive = (kind: PrimitiveKind): CelType => Object.freeze({ kind });

export const DYN = primitive("dyn");
export const NULL = primitive("null");
export const BOOL = primitive("bool");
export const INT = primitive("int");
export const UINT = primitive("uint");
export const DOUBLE = primitive("double");
export const STRING = primitive("string");
export const BYTES = primitive("bytes");
export const TIMESTAMP = primitive("timestamp");
export const DURATION = primitive("duration");
/** Of what could not be typed: fits everywhere, so that one mistake is told once. */
export const ERROR = primitive("error");

export const listOf = (of: CelType, max?: number): ListOf => Object.freeze({ kind: "list", of, max });
export const mapOf = (key: CelType, value: CelType, max?: number): MapOf =>
	Object.freeze({ kind: "map", key, value, max });
export const optionalOf = (of: CelType): OptionalOf => Object.freeze({ kind: "optional", of });
export const typeOf = (of: CelType): TypeOf => Object.freeze({ kind: "type", of });
export const opaque = (name: string): Opaque => Object.freeze({ kind: "opaque", name });
export const parameter = (name: string): Parameter => Object.freeze({ kind: "parameter", name });
/** Text of at most `max` characters. */
export const stringOf = (max: number): CelType => Object.freeze({ kind: "string", max });

/** An object with these fields and no others. */
export function objectOf(name: string, fields: Readonly<Record<string, CelType>>): ObjectOf {
	const known = new Map(Object.entries(fields).map(([key, type]) => [key, Object.freeze({ key, type })]));
	return Object.freeze({ kind: "object", name, field: (field: string) => known.get(field) });
}

/** As error texts write it: `list(int)`, `map(string, dyn)`. */
export function formatType(type: CelType): string {
	switch (type.kind) {
		case "list":
			return `list(${formatType(type.of)})`;
		case "map":
			return `map(${formatType(type.key)}, ${formatType(type.value)})`;
		case "optional":
			return `optional_type(${formatType(type.of)})`;
		case "type":
			return `type(${formatType(type.of)})`;
		case "object":
		case "opaque":
		case "parameter":
			return type.name;
		case "timestamp":
			return "google.protobuf.Timestamp";
		case "duration":
			return "google.protobuf.Duration";
		case "error":
			return "!error!";
		case "null":
			return "null";
		default:
			return type.kind;
	}
}
