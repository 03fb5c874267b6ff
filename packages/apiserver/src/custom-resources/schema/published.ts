/** A schema as OpenAPI publishes it, for version 3; version 2 takes what it can say of it. */
import { isJsonObject, type JsonSchema } from "@berth/api";

type Json = Readonly<Record<string, unknown>>;

export const publishedSchema = (root: JsonSchema): Json => publish(root);

function publish(schema: JsonSchema): Json {
	const { items, properties, additionalProperties, allOf, anyOf, oneOf, not, ...rest } = schema;
	const all = (list: readonly JsonSchema[]) => list.map(publish);
	return {
		...rest,
		...(isSchema(items) ? { items: publish(items) } : {}),
		...(properties
			? {
					properties: Object.fromEntries(
						Object.entries(properties).map(([name, inner]) => [name, publish(inner)]),
					),
				}
			: {}),
		...(isSchema(additionalProperties)
			? { additionalProperties: publish(additionalProperties) }
			: additionalProperties === undefined
				? {}
				: { additionalProperties }),
		...(allOf ? { allOf: all(allOf) } : {}),
		...(anyOf ? { anyOf: all(anyOf) } : {}),
		...(oneOf ? { oneOf: all(oneOf) } : {}),
		...(not ? { not: publish(not) } : {}),
		...(schema["x-kubernetes-int-or-string"] && !anyOf && !allOf
			? { anyOf: [{ type: "integer" }, { type: "string" }] }
			: {}),
	};
}

const isSchema = (value: unknown): value is JsonSchema => isJsonObject(value);
