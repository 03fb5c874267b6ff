/** The types that rules see: what a structural schema says, in the type system of CEL. */
import { type JsonSchema, own } from "@berth/api";
import { type CelType, celTypes } from "../../cel/cel.ts";
import { escapeField } from "../../cel/language/names.ts";

const { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP } = celTypes;

const FORMATS: Readonly<Record<string, CelType>> = {
	"date-time": TIMESTAMP,
	date: TIMESTAMP,
	duration: DURATION,
	byte: BYTES,
};

/** Of all objects of the API, a rule sees how they are named and nothing else of their metadata. */
const METADATA = celTypes.objectOf("ObjectMeta", { name: STRING, generateName: STRING });

/** `name` tells types of objects apart: the path of the schema. */
export function celTypeOf(schema: JsonSchema, name: string, isResource = false): CelType {
	if (schema["x-kubernetes-int-or-string"]) return DYN;
	const { type, items, maxItems, maxLength, format = "", enum: values } = schema;
	switch (type) {
		case "boolean":
			return BOOL;
		case "integer":
			return INT;
		case "number":
			return DOUBLE;
		case "string": {
			const special = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
			if (special) return special;
			const longest = values?.length ? Math.max(...values.map((value) => String(value).length)) : maxLength;
			return longest === undefined ? STRING : celTypes.stringOf(longest);
		}
		case "array":
			return typeof items === "object" && !Array.isArray(items)
				? celTypes.listOf(celTypeOf(items as JsonSchema, `${name}.@idx`), maxItems)
				: DYN;
		case "object":
			return objectType(schema, name, isResource || (schema["x-kubernetes-embedded-resource"] ?? false));
		default:
			return DYN;
	}
}

function objectType(schema: JsonSchema, name: string, isResource: boolean): CelType {
	const { additionalProperties, properties, maxProperties } = schema;
	if (typeof additionalProperties === "object") {
		return celTypes.mapOf(STRING, celTypeOf(additionalProperties, `${name}.@elem`), maxProperties);
	}
	if (!properties && !isResource) {
		return schema["x-kubernetes-preserve-unknown-fields"] || additionalProperties === true
			? celTypes.mapOf(STRING, DYN, maxProperties)
			: celTypes.objectOf(name, {});
	}
	const fields = new Map<
		string,
		{ readonly key: string; readonly schema: JsonSchema | undefined; readonly type?: CelType }
	>();
	for (const [key, inner] of Object.entries(properties ?? {})) {
		const written = escapeField(key);
		if (written !== undefined) fields.set(written, { key, schema: inner });
	}
	if (isResource) {
		fields.set("apiVersion", { key: "apiVersion", schema: undefined, type: STRING });
		fields.set("kind", { key: "kind", schema: undefined, type: STRING });
		fields.set("metadata", { key: "metadata", schema: undefined, type: METADATA });
	}
	const made = new Map<string, CelType>();
	return Object.freeze({
		kind: "object",
		name,
		smallest: smallestJson(schema),
		// Types of fields are made when a rule mentions them: schemas are large, and rules are few.
		field: (written: string) => {
			const field = fields.get(written);
			if (!field) return undefined;
			const type =
				made.get(written) ??
				field.type ??
				(field.schema ? celTypeOf(field.schema, `${name}.${field.key}`) : DYN);
			made.set(written, type);
			return { key: field.key, type };
		},
	});
}

/** Bytes of the shortest JSON that the schema allows: what must be there and has no default. */
function smallestJson(schema: JsonSchema): number {
	switch (schema.type) {
		case "object": {
			const named = (schema.required ?? []).flatMap((key) => {
				const property = own(schema.properties ?? {}, key) as JsonSchema | undefined;
				return property && property.default === undefined ? [key.length + 4 + smallestJson(property)] : [];
			});
			return 2 + named.reduce((total, size) => total + size, 0);
		}
		case "boolean":
			return 4;
		case "string":
		case "array":
			return 2;
		default:
			return 1;
	}
}
