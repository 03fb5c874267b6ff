/** A value inside of an object with what its type describes, and nothing else. */
import { isJsonObject, schema } from "@berth/api";

export function prunedValue(type: schema.Type, value: unknown): unknown {
	if (schema.isObjectType(type) && isJsonObject(value)) {
		const fields = type.fields();
		const kept = Object.entries(value).flatMap(([name, inner]) => {
			const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
			if (field) return [[name, prunedValue(field.type, inner)] as const];
			const isKnown = type.open || (type.embedded && ["apiVersion", "kind", "metadata"].includes(name));
			return isKnown ? [[name, inner] as const] : [];
		});
		return Object.fromEntries(kept);
	}
	if (schema.isListType(type) && Array.isArray(value)) {
		return value.map((item: unknown) => prunedValue(type.of, item));
	}
	if (schema.isMapType(type) && isJsonObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [key, prunedValue(type.of, inner)]),
		);
	}
	return value;
}
