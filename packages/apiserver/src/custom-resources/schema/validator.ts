/** Values against JSON schemas, with the errors that Kubernetes' API has for them. */
import {
	deepEqual,
	duplicate,
	type FieldError,
	invalidValue,
	isJsonObject,
	type JsonSchema,
	notListed,
	own,
	required,
	tooLong,
	tooMany,
	typeInvalid,
} from "@berth/api";
import { embeddedErrors } from "./embedded.ts";
import { isOfFormat } from "./formats.ts";
import { logicErrors } from "./logic.ts";
import { numberErrors } from "./numbers.ts";

/** A pattern as RE2 reads it, matched in time linear in the text. */
export interface Pattern {
	test(text: string): boolean;
}

export interface Validation {
	/** A pattern of the schema, compiled once. Patterns that do not compile match nothing. */
	readonly pattern: (source: string) => Pattern;
	/** What was there before is known, and is not judged again where it has not changed. */
	readonly ratcheting: boolean;
	/** Errors told at most: the walk ends when there are more. */
	readonly limit: number;
	/** What is left of the work that may be done for one object; hostile schemas multiply it. */
	readonly work: { left: number };
}

/** Work for one object: about one unit for each schema that a value is held against. A second or so. */
export const WORK = 20_000_000;
/** Characters of a text times characters of a pattern that cost one unit. */
const PATTERN_WORK = 64;

/** A place in an object. */
export interface At {
	readonly path: string;
	/** What stood there; undefined when that is not known. */
	readonly old: unknown;
}

export function schemaErrors(
	schema: JsonSchema,
	value: unknown,
	at: At,
	validation: Validation,
): FieldError[] {
	if (validation.ratcheting && at.old !== undefined && deepEqual(value, at.old)) return [];
	const { path } = at;
	const { work } = validation;
	work.left -= 1 + (schema.enum?.length ?? 0) + (schema.required?.length ?? 0);
	if (work.left < 0) return [invalidValue(path, typeName(value), "is too much to check against this schema")];
	if (value === null && schema.nullable) return [];
	const wrong = typeErrors(schema, value, path);
	if (wrong.length) return wrong;
	const errors = enumErrors(schema, value, path);
	if (value === null) return errors;
	if (typeof value === "string") errors.push(...stringErrors(schema, value, path, validation));
	else if (typeof value === "number") errors.push(...numberErrors(schema, value, path));
	else if (Array.isArray(value)) errors.push(...listErrors(schema, value, at, validation));
	else if (isJsonObject(value)) errors.push(...objectErrors(schema, value, at, validation));
	errors.push(...logicErrors(schema, value, at, validation, schemaErrors));
	return errors.length > validation.limit ? errors.slice(0, validation.limit) : errors;
}

/** `in body` is how Kubernetes calls the object in these texts. */
export const said = (path: string, text: string): string => `${path} in body ${text}`;

export function typeName(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
	return typeof value;
}

function typeErrors(schema: JsonSchema, value: unknown, path: string): FieldError[] {
	const name = typeName(value);
	const wanted = schema["x-kubernetes-int-or-string"]
		? ["integer", "string"]
		: schema.type
			? [schema.type]
			: [];
	if (!wanted.length || wanted.includes(name) || (name === "integer" && wanted.includes("number"))) return [];
	return [
		typeInvalid(path, name, said(path, `must be of type ${wanted.join(",")}: ${JSON.stringify(name)}`)),
	];
}

function enumErrors(schema: JsonSchema, value: unknown, path: string): FieldError[] {
	const { enum: values } = schema;
	if (!values?.length || values.some((each) => deepEqual(each, value))) return [];
	const texts = values.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
	return [notListed(path, value, texts)];
}

function stringErrors(schema: JsonSchema, value: string, path: string, validation: Validation): FieldError[] {
	const { minLength, maxLength, pattern, format } = schema;
	const errors: FieldError[] = [];
	const length = maxLength === undefined && minLength === undefined ? 0 : characters(value);
	if (maxLength !== undefined && length > maxLength) errors.push(tooLong(path, maxLength));
	if (minLength !== undefined && length < minLength) {
		errors.push(invalidValue(path, value, said(path, `should be at least ${minLength} chars long`)));
	}
	if (pattern) validation.work.left -= (value.length * pattern.length) / PATTERN_WORK;
	if (pattern && validation.work.left >= 0 && !validation.pattern(pattern).test(value)) {
		errors.push(invalidValue(path, value, said(path, `should match '${pattern}'`)));
	}
	if (format && !isOfFormat(format, value)) {
		errors.push(invalidValue(path, value, said(path, `must be of type ${format}: ${JSON.stringify(value)}`)));
	}
	return errors;
}

/** As people count: a character beyond the basic plane is one. */
function characters(text: string): number {
	let count = 0;
	for (const _ of text) count += 1;
	return count;
}

function listErrors(
	schema: JsonSchema,
	value: readonly unknown[],
	at: At,
	validation: Validation,
): FieldError[] {
	const { path } = at;
	const { minItems, maxItems, items } = schema;
	const errors: FieldError[] = [];
	if (minItems !== undefined && value.length < minItems) {
		errors.push(invalidValue(path, value.length, said(path, `should have at least ${minItems} items`)));
	}
	// Too long a list is not looked at any further.
	if (maxItems !== undefined && value.length > maxItems) return [tooMany(path, value.length, maxItems)];
	errors.push(...uniquenessErrors(schema, value, path));
	if (typeof items !== "object" || Array.isArray(items)) return errors;
	const before = earlierItems(schema, at.old);
	for (const [index, item] of value.entries()) {
		if (errors.length > validation.limit) break;
		const place = { path: `${path}[${index}]`, old: before(item) };
		errors.push(...schemaErrors(items as JsonSchema, item, place, validation));
	}
	return errors;
}

/** Lists that are sets, or maps by keys, hold nothing twice. */
function uniquenessErrors(schema: JsonSchema, value: readonly unknown[], path: string): FieldError[] {
	const type = schema["x-kubernetes-list-type"];
	if (type !== "set" && type !== "map") return [];
	const identify = identityOf(schema);
	const seen = new Set<string>();
	return value.flatMap((item, index) => {
		const identity = identify(item);
		const id = JSON.stringify(identity);
		if (seen.has(id)) return [duplicate(`${path}[${index}]`, identity)];
		seen.add(id);
		return [];
	});
}

function identityOf(schema: JsonSchema): (item: unknown) => unknown {
	const keys = schema["x-kubernetes-list-map-keys"];
	if (schema["x-kubernetes-list-type"] !== "map" || !keys) return (item) => item;
	return (item) => (isJsonObject(item) ? Object.fromEntries(keys.map((key) => [key, own(item, key)])) : item);
}

/** The items of a list by keys can be recognized; those of others cannot. */
function earlierItems(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
	if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => undefined;
	const identify = identityOf(schema);
	const known = new Map(old.map((item: unknown) => [JSON.stringify(identify(item)), item]));
	return (item) => known.get(JSON.stringify(identify(item)));
}

type JsonObject = Readonly<Record<string, unknown>>;

function objectErrors(schema: JsonSchema, value: JsonObject, at: At, validation: Validation): FieldError[] {
	const { path } = at;
	const { properties = {}, additionalProperties, minProperties, maxProperties } = schema;
	const names = Object.keys(value);
	const errors: FieldError[] = [];
	if (minProperties !== undefined && names.length < minProperties) {
		errors.push(
			invalidValue(path, names.length, said(path, `should have at least ${minProperties} properties`)),
		);
	}
	if (maxProperties !== undefined && names.length > maxProperties)
		return [tooMany(path, names.length, maxProperties)];
	for (const name of schema.required ?? []) {
		if (own(value, name) === undefined) errors.push(required(join(path, name)));
	}
	if (schema["x-kubernetes-embedded-resource"]) errors.push(...embeddedErrors(value, path));
	const before = isJsonObject(at.old) ? at.old : {};
	for (const name of names) {
		if (errors.length > validation.limit) break;
		const inner = Object.hasOwn(properties, name)
			? properties[name]
			: typeof additionalProperties === "object"
				? additionalProperties
				: undefined;
		if (!inner || value[name] === undefined) continue;
		errors.push(
			...schemaErrors(inner, value[name], { path: join(path, name), old: own(before, name) }, validation),
		);
	}
	return errors;
}

export const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);
