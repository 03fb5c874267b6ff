/** What an ApplyConfiguration says of lists and objects that only ever change as a whole: it may not. */
import { type Field, isJsonObject, type ObjectType, schema } from "@berth/api";

/** Paths such as `.spec.template.spec.containers[].args`. */
export function atomicChanges(
	type: ObjectType,
	configuration: Readonly<Record<string, unknown>>,
	path = "",
): string[] {
	const fields = type.fields();
	return Object.entries(configuration).flatMap(([name, value]) => {
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		return field && value !== null ? inField(field, value, `${path}.${name}`) : [];
	});
}

function inField(field: Field, value: unknown, path: string): string[] {
	const { type } = field;
	if (field.atomic || (schema.isObjectType(type) && type.atomic)) return [path];
	if (schema.isListType(type)) {
		if (field.list !== "map" && field.list !== "set") return [path];
		const { of } = type;
		if (!schema.isObjectType(of) || !Array.isArray(value)) return [];
		return value.flatMap((item) => (isJsonObject(item) ? atomicChanges(of, item, `${path}[]`) : []));
	}
	if (schema.isObjectType(type) && isJsonObject(value)) return atomicChanges(type, value, path);
	return [];
}
