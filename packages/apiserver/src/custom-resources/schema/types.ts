/** What a structural schema says of structure, in the schema language: the fields that are kept, their defaults and how they merge. */
import {
	type Field,
	type JsonSchema,
	type ListType,
	ObjectMetaSchema,
	type ObjectType,
	schema,
} from "@berth/api";

type Type = schema.Type;

/** The type of whole objects; `name` is that of its definition in OpenAPI. */
export function resourceType(name: string, root: JsonSchema, foreign: schema.ForeignSchema): ObjectType {
	const { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, ...properties } = root.properties ?? {};
	const fields = {
		metadata: schema.ref(ObjectMetaSchema, { required: true }),
		...fieldsOf(properties),
	};
	return Object.freeze({
		kind: "object",
		name,
		fields: () => fields,
		foreign,
		...(root.description ? { doc: root.description } : {}),
		...(root["x-kubernetes-preserve-unknown-fields"] ? { open: true } : {}),
	});
}

const fieldsOf = (properties: Readonly<Record<string, JsonSchema>>): schema.Fields =>
	Object.fromEntries(
		Object.entries(properties)
			// No field of an object, whatever a schema says.
			.filter(([name]) => name !== "__proto__")
			.map(([name, property]) => [name, fieldOf(property)]),
	);

function fieldOf(property: JsonSchema): Field {
	const list = property["x-kubernetes-list-type"] as ListType | undefined;
	const keys = property["x-kubernetes-list-map-keys"];
	return Object.freeze({
		type: typeOf(property),
		required: false,
		// Absence and an empty value are never the same here.
		nullable: true,
		...(property.nullable ? { nullValue: true } : {}),
		...(property.default === undefined ? {} : { default: property.default }),
		...(property.description ? { doc: property.description } : {}),
		...(list ? { list } : {}),
		...(keys?.length ? { keys } : {}),
		...(property["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {}),
	});
}

const ANY: Type = schema.types.any;
const SCALARS: Readonly<Record<string, Type>> = {
	string: schema.types.string,
	boolean: schema.types.bool,
	integer: schema.types.int64,
	number: Object.freeze({ kind: "double" }),
};
const INT_OR_STRING: Type = Object.freeze({ kind: "intOrString" });

export function typeOf(property: JsonSchema): Type {
	if (property["x-kubernetes-int-or-string"]) return INT_OR_STRING;
	const { type = "", items } = property;
	if (type === "array") {
		const of = typeof items === "object" && !Array.isArray(items) ? typeOf(items as JsonSchema) : ANY;
		return schema.types.list(of);
	}
	if (type === "object" || property.properties) return objectType(property);
	return SCALARS[type] ?? ANY;
}

function objectType(property: JsonSchema): Type {
	const { additionalProperties: rest, properties } = property;
	if (rest && !properties) {
		const map: schema.MapTypeNode<unknown> = { kind: "map", of: rest === true ? ANY : typeOf(rest) };
		return Object.freeze(map);
	}
	const open = property["x-kubernetes-preserve-unknown-fields"] ?? false;
	const embedded = property["x-kubernetes-embedded-resource"] ?? false;
	const fields = fieldsOf(properties ?? {});
	const type: ObjectType = {
		kind: "object",
		name: "",
		fields: () => fields,
		...(open ? { open } : {}),
		...(embedded ? { embedded } : {}),
		...(property["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {}),
	};
	return Object.freeze(type);
}
