/**
 * Whether a schema is structural: every field has a type in one place, so that it says what to prune, to default and to
 * publish. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import type { JsonSchema } from "./json-schema.ts";
import { listErrors, mapErrors } from "./list-type-validation.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
/** Schemas that nest deeper, or hold more, are no schemas but attacks. */
const MAX_DEPTH = 100;
/** Errors told at most: one is enough to know that the schema must change. */
const MAX_ERRORS = 100;

/** How a schema is used where it stands. */
type Position = "root" | "field" | "item" | "value" | "nested value";

export function structuralErrors(root: JsonSchema, at: string): FieldError[] {
	const errors: FieldError[] = [];
	walk(root, at, "root", 0, errors);
	return errors.slice(0, MAX_ERRORS);
}

function walk(schema: JsonSchema, at: string, position: Position, depth: number, errors: FieldError[]): void {
	if (errors.length > MAX_ERRORS) return;
	if (depth > MAX_DEPTH) {
		errors.push(invalidValue(at, "", `must not be nested deeper than ${MAX_DEPTH} levels`));
		return;
	}
	errors.push(
		...unsupported(schema, at),
		...typeErrors(schema, at, position),
		...listErrors(schema, at),
		...mapErrors(schema, at),
		...(position === "root" ? rootErrors(schema, at) : []),
		...embeddedErrors(schema, at),
	);
	for (const [name, inner] of Object.entries(schema.properties ?? {})) {
		walk(inner, `${at}.properties[${name}]`, "field", depth + 1, errors);
	}
	const { items, additionalProperties } = schema;
	if (isSchema(items)) walk(items, `${at}.items`, "item", depth + 1, errors);
	if (isSchema(additionalProperties)) {
		if (schema.properties) {
			errors.push(
				forbiddenField(
					`${at}.additionalProperties`,
					"additionalProperties and properties are mutual exclusive",
				),
			);
		} else if (position === "root") {
			errors.push(forbiddenField(`${at}.additionalProperties`, "must not be used at the root"));
		}
		walk(additionalProperties, `${at}.additionalProperties`, "value", depth + 1, errors);
	}
	for (const { inner, path } of logicOf(schema, at)) {
		if (!isIntOrString(schema, inner)) nested({ inner, path, outer: schema, outerPath: at, depth, errors });
	}
}

const isSchema = (value: JsonSchema["items"] | JsonSchema["additionalProperties"]): value is JsonSchema =>
	typeof value === "object" && !Array.isArray(value);

/** The schemas that say more of the same value. */
function logicOf(schema: JsonSchema, at: string): { inner: JsonSchema; path: string }[] {
	const lists = (["allOf", "anyOf", "oneOf"] as const).flatMap((name) =>
		(schema[name] ?? []).map((inner, index) => ({ inner, path: `${at}.${name}[${index}]` })),
	);
	return schema.not ? [...lists, { inner: schema.not, path: `${at}.not` }] : lists;
}

/** The two ways in which generators write that a value is a number or a text. */
function isIntOrString(outer: JsonSchema, inner: JsonSchema): boolean {
	if (!outer["x-kubernetes-int-or-string"]) return false;
	const isType = ({ type, ...rest }: JsonSchema) =>
		(type === "integer" || type === "string") && Object.keys(rest).length === 0;
	return isType(inner) || (inner.anyOf?.every(isType) ?? false);
}

interface Nested {
	readonly inner: JsonSchema;
	readonly path: string;
	/** The schema outside of all logic that describes the same value. */
	readonly outer: JsonSchema | undefined;
	readonly outerPath: string;
	readonly depth: number;
	readonly errors: FieldError[];
}

const ONLY_OUTSIDE = [
	"additionalProperties",
	"type",
	"nullable",
	"title",
	"description",
	"default",
	"x-kubernetes-preserve-unknown-fields",
	"x-kubernetes-embedded-resource",
	"x-kubernetes-int-or-string",
	"x-kubernetes-list-type",
	"x-kubernetes-list-map-keys",
	"x-kubernetes-map-type",
] as const;

/** Inside of logic a schema may only narrow down what is described outside of it. */
function nested({ inner, path, outer, outerPath, depth, errors }: Nested): void {
	if (errors.length > MAX_ERRORS) return;
	if (depth > MAX_DEPTH) {
		errors.push(invalidValue(path, "", `must not be nested deeper than ${MAX_DEPTH} levels`));
		return;
	}
	errors.push(...unsupported(inner, path));
	for (const field of ONLY_OUTSIDE) {
		const value = inner[field];
		if (value !== undefined && value !== false && value !== "" && !(Array.isArray(value) && !value.length)) {
			errors.push(forbiddenField(`${path}.${field}`, "must be empty to be structural"));
		}
	}
	for (const [name, property] of Object.entries(inner.properties ?? {})) {
		const known =
			outer?.properties && Object.hasOwn(outer.properties, name) ? outer.properties[name] : undefined;
		const innerPath = `${path}.properties[${name}]`;
		const isOpen =
			outer?.additionalProperties !== undefined || outer?.["x-kubernetes-preserve-unknown-fields"];
		if (!known && !isOpen) {
			errors.push(required(`${outerPath}.properties[${name}]`, `because it is defined in ${innerPath}`));
		}
		nested({
			inner: property,
			path: innerPath,
			outer: known,
			outerPath: `${outerPath}.properties[${name}]`,
			depth: depth + 1,
			errors,
		});
	}
	if (isSchema(inner.items)) {
		const known = isSchema(outer?.items) ? outer.items : undefined;
		if (!known) errors.push(required(`${outerPath}.items`, `because it is defined in ${path}.items`));
		nested({
			inner: inner.items,
			path: `${path}.items`,
			outer: known,
			outerPath: `${outerPath}.items`,
			depth: depth + 1,
			errors,
		});
	}
	for (const { inner: deeper, path: deeperPath } of logicOf(inner, path)) {
		nested({ inner: deeper, path: deeperPath, outer, outerPath, depth: depth + 1, errors });
	}
}

function unsupported(schema: JsonSchema, at: string): FieldError[] {
	const errors: FieldError[] = [];
	const refuse = (field: string, detail: string) => errors.push(forbiddenField(`${at}.${field}`, detail));
	for (const field of [
		"id",
		"$schema",
		"$ref",
		"patternProperties",
		"additionalItems",
		"definitions",
		"dependencies",
	] as const) {
		if (schema[field] !== undefined) refuse(field, `${field} is not supported`);
	}
	if (Array.isArray(schema.items)) refuse("items", "items must be a schema object and not an array");
	if (schema.additionalProperties === false)
		refuse("additionalProperties", "additionalProperties cannot be set to false");
	if (schema.uniqueItems) {
		refuse("uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
	}
	if (schema.type === "null") refuse("type", "type cannot be set to null, use nullable as an alternative");
	else if (schema.type && !TYPES.includes(schema.type))
		errors.push(notSupported(`${at}.type`, schema.type, TYPES));
	return errors;
}

const MISSING_TYPE: Readonly<Record<Position, string>> = {
	root: "must not be empty at the root",
	field: "must not be empty for specified object fields",
	item: "must not be empty for specified array items",
	value: "must not be empty for specified object fields",
	"nested value": "must not be empty for specified object fields",
};

function typeErrors(schema: JsonSchema, at: string, position: Position): FieldError[] {
	const isEither = schema["x-kubernetes-int-or-string"];
	const { type, nullable } = schema;
	if (isEither) {
		const isEmbedded = schema["x-kubernetes-embedded-resource"];
		return [
			...(type
				? [invalidValue(`${at}.type`, type, "must be empty if x-kubernetes-int-or-string is true")]
				: []),
			...(isEmbedded
				? [
						forbiddenField(
							`${at}.x-kubernetes-embedded-resource`,
							"must be false if x-kubernetes-int-or-string is true",
						),
					]
				: []),
		];
	}
	if (position === "root" && type !== "object") {
		return type
			? [invalidValue(`${at}.type`, type, "must be object at the root")]
			: [required(`${at}.type`, MISSING_TYPE.root)];
	}
	if (position === "root" && nullable)
		return [forbiddenField(`${at}.nullable`, "must not be true at the root")];
	if (!type && !schema["x-kubernetes-preserve-unknown-fields"])
		return [required(`${at}.type`, MISSING_TYPE[position])];
	if (type === "array" && !schema.items) return [required(`${at}.items`, "must be specified")];
	return [];
}

function rootErrors(schema: JsonSchema, at: string): FieldError[] {
	const metadata =
		schema.properties && Object.hasOwn(schema.properties, "metadata")
			? schema.properties.metadata
			: undefined;
	const errors = (["apiVersion", "kind"] as const).flatMap((name) => {
		const field = schema.properties?.[name];
		return field && field.type !== "string"
			? [invalidValue(`${at}.properties[${name}].type`, field.type ?? "", "must be string")]
			: [];
	});
	if (!metadata) return errors;
	const path = `${at}.properties[metadata]`;
	if (metadata.type !== "object")
		errors.push(invalidValue(`${path}.type`, metadata.type ?? "", "must be object"));
	const { type: _type, description: _description, properties = {}, ...rest } = metadata;
	const others = Object.keys(properties).filter((name) => name !== "name" && name !== "generateName");
	if (others.length || Object.keys(rest).length) {
		errors.push(
			forbiddenField(
				path,
				"must not specify anything other than name and generateName, but metadata is implicitly specified",
			),
		);
	}
	return errors;
}

function embeddedErrors(schema: JsonSchema, at: string): FieldError[] {
	if (!schema["x-kubernetes-embedded-resource"]) return [];
	const errors: FieldError[] = [];
	if (schema.type !== "object") {
		errors.push(
			schema.type
				? invalidValue(`${at}.type`, schema.type, "must be object if x-kubernetes-embedded-resource is true")
				: required(`${at}.type`, "must be object if x-kubernetes-embedded-resource is true"),
		);
	}
	if (!schema["x-kubernetes-preserve-unknown-fields"] && !schema.properties) {
		errors.push(
			required(
				`${at}.properties`,
				"must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
			),
		);
	}
	return errors;
}
