/**
 * From JSON values to an object of a kind: what the schema does not know is dropped and told, null means absent, and so
 * does an empty value where the wire does not tell the two apart;
 * quantities and times get their canonical text, wrong types are refused in the words clients know from Go.
 */
import { decodeForeign } from "./decode-foreign.ts";
import { decodeScalar } from "./decode-scalar.ts";
import { isJsonObject, type JsonObject } from "./deep.ts";
import { badRequest } from "./errors.ts";
import type { AnyKind } from "./kind.ts";
import type { Draft, KubeObject } from "./meta.ts";
import {
	type Field,
	type Fields,
	isEitherType,
	isListType,
	isMapType,
	isObjectType,
	type ObjectType,
	string,
	type Type,
} from "./schema.ts";

/** What to do about unknown and duplicate fields: say nothing, warn, or refuse. They are dropped in any case. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface DecodeOptions {
	readonly fieldValidation: FieldValidation;
	/** Paths of fields that the text gave twice, from `parseJson`. */
	readonly duplicates?: readonly string[] | undefined;
	/** What else is wrong with the text, in words of its own. */
	readonly problems?: readonly string[] | undefined;
}

export interface DecodedObject {
	readonly object: Draft<KubeObject>;
	/** `unknown field "spec.foo"`; only with Warn. */
	readonly warnings: string[];
}

/** Throws BadRequest for wrong types, and with Strict for unknown or duplicate fields. */
export function decodeObject(kind: AnyKind, value: unknown, options: DecodeOptions): DecodedObject {
	const cannot = (reason: string) =>
		badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${reason}`);
	const root = shortName(kind.schema);
	const fields = { apiVersion: IDENTITY, kind: IDENTITY, ...kind.schema.fields() };
	const decoded = kind.schema.foreign
		? decodeForeign(kind.schema, value, options.duplicates)
		: decode(root, fields, value, { duplicates: options.duplicates, dropEmpty: true }, cannot);
	const found =
		options.fieldValidation === "Ignore" ? [] : [...(options.problems ?? []), ...decoded.problems];
	if (found.length > 0 && options.fieldValidation === "Strict") {
		throw cannot(`strict decoding error: ${found.join(", ")}`);
	}
	const identity = { apiVersion: kind.apiVersion, kind: kind.kind };
	return { object: { ...identity, metadata: {}, ...decoded.value, ...identity }, warnings: found };
}

export interface DecodedValue {
	readonly value: JsonObject;
	/** Unknown and duplicate fields, as `unknown field "x"`. */
	readonly problems: string[];
}

/** The same for an object that is no kind of its own: DeleteOptions, Scale. Throws BadRequest for wrong types. */
export function decodeValue(type: ObjectType, value: unknown, duplicates?: readonly string[]): DecodedValue {
	return decode(shortName(type), type.fields(), value, { duplicates, dropEmpty: false }, badRequest);
}

const IDENTITY: Field = string();

/** As many as Kubernetes tells at most. */
const MAX_PROBLEMS = 100;

/** What a walk over one value carries along. */
interface Walk {
	readonly duplicates: ReadonlySet<string>;
	readonly problems: Set<string>;
	/** Leave out what the reference API leaves out when it writes an object. */
	readonly dropEmpty: boolean;
}

/** Where a value stands: `path` as users read it, `dotted` (without indexes) and `owner` as Go's errors name it. */
interface Place {
	readonly path: string;
	readonly dotted: string;
	readonly owner: string;
}

class WrongType extends Error {}

function decode(
	root: string,
	fields: Fields,
	value: unknown,
	{
		duplicates,
		dropEmpty,
	}: { readonly duplicates: readonly string[] | undefined; readonly dropEmpty: boolean },
	refuse: (reason: string) => Error,
): DecodedValue {
	const walk: Walk = { duplicates: new Set(duplicates), problems: new Set(), dropEmpty };
	try {
		if (!isJsonObject(value)) {
			throw new WrongType(`json: cannot unmarshal ${shapeOf(value)} into Go value of type ${goName(root)}`);
		}
		const decoded = decodeFields(fields, root, value, { path: "", dotted: "", owner: "" }, walk);
		return { value: decoded, problems: [...walk.problems] };
	} catch (error) {
		throw error instanceof WrongType ? refuse(error.message) : error;
	}
}

function decodeFields(
	fields: Fields,
	owner: string,
	value: JsonObject,
	place: Place,
	walk: Walk,
): Record<string, unknown> {
	const decoded: [string, unknown][] = [];
	for (const [name, inner] of Object.entries(value)) {
		if (inner === undefined) continue;
		const path = join(place.path, name);
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (!field) {
			note(walk, "unknown", path);
			continue;
		}
		if (inner !== null) {
			const at = { path, dotted: join(place.dotted, name), owner };
			const value = decodeType(field.type, inner, at, walk);
			if (!walk.dropEmpty || !isUnset(field, value)) decoded.push([name, value]);
		}
		if (isDuplicate(walk, path)) note(walk, "duplicate", path);
	}
	return Object.fromEntries(decoded);
}

/**
 * An empty list or map, and a zero of a scalar that is no pointer in the reference API, are how absence looks there.
 * Required fields are always written.
 */
function isUnset({ type, required, nullable, writtenEmpty }: Field, value: unknown): boolean {
	if (required || writtenEmpty) return false;
	if (isListType(type)) return Array.isArray(value) && value.length === 0;
	if (isMapType(type)) return isJsonObject(value) && Object.keys(value).length === 0;
	return !nullable && OMITTED_WHEN_ZERO.has(type.kind) && (value === "" || value === 0 || value === false);
}

const OMITTED_WHEN_ZERO: ReadonlySet<Type["kind"]> = new Set([
	"string",
	"bytes",
	"int32",
	"int64",
	"double",
	"bool",
]);

/** Paths may be as long as the whole body: none is looked at or written out without need. */
const isDuplicate = ({ duplicates }: Walk, path: string) => duplicates.size > 0 && duplicates.has(path);

function note({ problems }: Walk, what: "unknown" | "duplicate", path: string): void {
	if (problems.size < MAX_PROBLEMS) problems.add(`${what} field ${JSON.stringify(path)}`);
}

function decodeType(type: Type, value: unknown, place: Place, walk: Walk): unknown {
	if (isObjectType(type)) {
		if (!isJsonObject(value)) throw wrongType(type, value, place);
		return decodeFields(type.fields(), shortName(type), value, place, walk);
	}
	if (isListType(type)) {
		if (!Array.isArray(value)) throw wrongType(type, value, place);
		return value.map((element: unknown, index) => {
			const at = { ...place, path: `${place.path}[${index}]` };
			return element === null ? zeroOf(type.of) : decodeType(type.of, element, at, walk);
		});
	}
	if (isMapType(type)) {
		if (!isJsonObject(value)) throw wrongType(type, value, place);
		return decodeMap(type.of, value, place, walk);
	}
	if (isEitherType(type))
		return decodeType(isJsonObject(value) ? type.object : type.other, value, place, walk);
	const scalar = decodeScalar(type, value);
	if ("value" in scalar) return scalar.value;
	throw scalar.reason ? new WrongType(scalar.reason) : wrongType(type, value, place);
}

function decodeMap(of: Type, value: JsonObject, place: Place, walk: Walk): Record<string, unknown> {
	const entries = Object.entries(value).map(([key, element]) => {
		const at = { ...place, path: join(place.path, key) };
		const decoded = element === null ? zeroOf(of) : decodeType(of, element, at, walk);
		if (isDuplicate(walk, at.path)) note(walk, "duplicate", at.path);
		return [key, decoded] as const;
	});
	return Object.fromEntries(entries);
}

/** What null stands for where absence is impossible: in lists and as a map's value. */
function zeroOf(type: Type): unknown {
	switch (type.kind) {
		case "object":
		case "map":
			return {};
		case "list":
			return [];
		case "bool":
			return false;
		case "int32":
		case "int64":
		case "double":
		case "intOrString":
			return 0;
		case "quantity":
			return "0";
		case "any":
			return null;
		default:
			return "";
	}
}

function wrongType(type: Type, value: unknown, { owner, dotted }: Place): WrongType {
	const isNumeric = type.kind === "int32" || type.kind === "int64" || type.kind === "double";
	const got = typeof value === "number" && isNumeric ? `number ${value}` : shapeOf(value);
	return new WrongType(
		`json: cannot unmarshal ${got} into Go struct field ${owner}.${dotted} of type ${goType(type)}`,
	);
}

function goType(type: Type): string {
	if (isObjectType(type)) return goName(shortName(type));
	if (isListType(type)) return `[]${goType(type.of)}`;
	if (isMapType(type)) return `map[string]${goType(type.of)}`;
	return GO_TYPES[type.kind] ?? type.kind;
}

const GO_TYPES: Readonly<Partial<Record<Type["kind"], string>>> = {
	double: "float64",
	bytes: "[]uint8",
	any: "runtime.RawExtension",
	quantity: "resource.Quantity",
};

const goName = (name: string) => `v1.${name}`;
const shortName = (type: ObjectType) => type.name.slice(type.name.lastIndexOf(".") + 1);
const join = (path: string, name: string) => (path ? `${path}.${name}` : name);

function shapeOf(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	return typeof value === "boolean" ? "bool" : typeof value;
}
