/**
 * Schemas of custom resources as OpenAPI publishes them. Version 3 can say what they say; version 2 loses alternatives,
 * defaults and null, and what depends on them.
 */
import type { ForeignSchema } from "../schema.ts";

type Json = Readonly<Record<string, unknown>>;

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const EMBEDDED = "x-kubernetes-embedded-resource";
const INT_OR_STRING = "x-kubernetes-int-or-string";

/** `identity`: the properties that every object of the API has. */
export function foreignDefinition(schema: ForeignSchema, version: 2 | 3, identity: Json): Json {
	const root = schema.published;
	// Clients of version 2 would take what is described for all there is.
	if (version === 2 && root[PRESERVE]) return { type: "object" };
	const whole = publish(root, version, identity);
	return { ...whole, properties: { ...jsonOf(whole.properties), ...identity } };
}

function publish(schema: Json, version: 2 | 3, identity: Json): Json {
	const inner = (value: unknown) => publish(jsonOf(value), version, identity);
	const kept = Object.entries(version === 2 ? forVersion2(schema) : schema).map(
		([key, value]): [string, unknown] => {
			switch (key) {
				case "properties":
					return [key, mapValues(jsonOf(value), inner)];
				case "items":
				case "not":
					return [key, inner(value)];
				case "additionalProperties":
					return [key, typeof value === "object" ? inner(value) : value];
				case "allOf":
				case "anyOf":
				case "oneOf":
					return [key, Array.isArray(value) ? value.map(inner) : value];
				default:
					return [key, value];
			}
		},
	);
	const published: Json = Object.fromEntries(kept);
	if (schema[EMBEDDED] && !(version === 2 && schema[PRESERVE])) {
		return { ...published, properties: { ...jsonOf(published.properties), ...identity } };
	}
	if (schema[INT_OR_STRING] && version === 3 && !schema.anyOf && !schema.allOf) {
		return { ...published, anyOf: [{ type: "integer" }, { type: "string" }] };
	}
	return published;
}

const NOT_IN_VERSION_2 = ["allOf", "anyOf", "oneOf", "not", "default", "nullable"];

function forVersion2(schema: Json): Json {
	const dropped = new Set(NOT_IN_VERSION_2);
	if (schema.nullable)
		for (const key of ["type", "items", "properties", "additionalProperties"]) dropped.add(key);
	if (schema[PRESERVE]) for (const key of ["items", "properties"]) dropped.add(key);
	const properties = jsonOf(schema.properties);
	const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => !dropped.has(key)));
	if (!Array.isArray(schema.required)) return rest;
	// What may be null cannot be demanded of clients that do not know null.
	const required = schema.required.filter((name: string) => !jsonOf(properties[name]).nullable);
	const { required: _required, ...others } = rest;
	return required.length ? { ...others, required } : others;
}

const jsonOf = (value: unknown): Json =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

const mapValues = (map: Json, change: (value: unknown) => unknown): Json =>
	Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
