/** What a schema says of merging lists and maps must fit what the lists and maps hold. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import type { JsonSchema } from "./json-schema.ts";

const LIST_TYPES = ["atomic", "map", "set"];
const MAP_TYPES = ["atomic", "granular"];
const SCALARS = ["string", "integer", "number", "boolean"];

export function listErrors(schema: JsonSchema, at: string): FieldError[] {
	const type = schema["x-kubernetes-list-type"];
	const keys = schema["x-kubernetes-list-map-keys"];
	const field = `${at}.x-kubernetes-list-type`;
	if (!type) {
		return keys?.length ? [required(field, "must be map if x-kubernetes-list-map-keys is non-empty")] : [];
	}
	if (!LIST_TYPES.includes(type)) return [notSupported(field, type, LIST_TYPES)];
	if (schema.type !== "array") {
		return [
			invalidValue(`${at}.type`, schema.type ?? "", "must be array if x-kubernetes-list-type is specified"),
		];
	}
	const items =
		typeof schema.items === "object" && !Array.isArray(schema.items)
			? (schema.items as JsonSchema)
			: undefined;
	if (type !== "map" && keys?.length) {
		return [
			forbiddenField(
				`${at}.x-kubernetes-list-map-keys`,
				"must be empty if x-kubernetes-list-type is not map",
			),
		];
	}
	if (type === "set") return setErrors(items, at);
	return type === "map" ? keyErrors(items, keys ?? [], at) : [];
}

export function mapErrors(schema: JsonSchema, at: string): FieldError[] {
	const type = schema["x-kubernetes-map-type"];
	if (!type) return [];
	if (!MAP_TYPES.includes(type)) return [notSupported(`${at}.x-kubernetes-map-type`, type, MAP_TYPES)];
	if (schema.type === "object") return [];
	return [
		invalidValue(`${at}.type`, schema.type ?? "", "must be object if x-kubernetes-map-type is specified"),
	];
}

function setErrors(items: JsonSchema | undefined, at: string): FieldError[] {
	if (!items) return [required(`${at}.items`, "must not be empty if x-kubernetes-list-type is set")];
	if (items.nullable)
		return [forbiddenField(`${at}.items.nullable`, "cannot be nullable when x-kubernetes-list-type is set")];
	if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
		return [
			invalidValue(
				`${at}.items.x-kubernetes-map-type`,
				items["x-kubernetes-map-type"] ?? null,
				"must be atomic as item of a list with x-kubernetes-list-type=set",
			),
		];
	}
	if (
		items.type === "array" &&
		items["x-kubernetes-list-type"] &&
		items["x-kubernetes-list-type"] !== "atomic"
	) {
		return [
			invalidValue(
				`${at}.items.x-kubernetes-list-type`,
				items["x-kubernetes-list-type"],
				"must be atomic as item of a list with x-kubernetes-list-type=set",
			),
		];
	}
	return [];
}

function keyErrors(items: JsonSchema | undefined, keys: readonly string[], at: string): FieldError[] {
	const field = `${at}.x-kubernetes-list-map-keys`;
	const why = "if x-kubernetes-list-type is map";
	if (!keys.length) return [required(field, `must not be empty ${why}`)];
	if (!items) return [required(`${at}.items`, `must not be empty ${why}`)];
	if (items.type !== "object")
		return [invalidValue(`${at}.items.type`, items.type ?? "", `must be object ${why}`)];
	if (items.nullable)
		return [forbiddenField(`${at}.items.nullable`, "cannot be nullable when x-kubernetes-list-type is map")];
	return keys.flatMap((key, index) => {
		if (keys.indexOf(key) < index) return [invalidValue(`${field}[${index}]`, key, "duplicate key")];
		const property =
			items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
		if (!property)
			return [invalidValue(`${field}[${index}]`, key, "entries must all be names of item properties")];
		const path = `${at}.items.properties[${key}]`;
		if (!SCALARS.includes(property.type ?? "") && !property["x-kubernetes-int-or-string"]) {
			return [
				invalidValue(
					`${path}.type`,
					property.type ?? "",
					"must be a scalar type if parent array's x-kubernetes-list-type is map",
				),
			];
		}
		if (property.default === undefined && !items.required?.includes(key)) {
			return [
				required(
					`${path}.default`,
					"this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
				),
			];
		}
		return property.nullable
			? [
					forbiddenField(
						`${path}.nullable`,
						"this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
					),
				]
			: [];
	});
}
