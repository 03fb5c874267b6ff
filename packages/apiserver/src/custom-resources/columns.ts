/** Printer columns that definitions declare. */
import {
	type Column,
	type CustomResourceColumnDefinition,
	findAll,
	humanDuration,
	isTime,
	type JsonPath,
	type KubeObject,
	parseJsonPath,
	parseTime,
} from "@berth/api";

type Cell = string | number | boolean | null;

export function customColumns(
	declared: readonly CustomResourceColumnDefinition[] | undefined,
): readonly Column<KubeObject>[] {
	return (declared?.length ? declared : [AGE]).map((column): Column<KubeObject> => {
		const path = parseJsonPath(column.jsonPath) ?? [];
		return {
			name: column.name,
			type: column.type as NonNullable<Column<KubeObject>["type"]>,
			...(column.format ? { format: column.format } : {}),
			priority: column.priority ?? 0,
			description:
				column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
			value: (object, now) => cell(column.type, path, object, now),
		};
	});
}

const AGE: CustomResourceColumnDefinition = {
	name: "Age",
	type: "date",
	description: "Time since the object was created.",
	jsonPath: ".metadata.creationTimestamp",
};

/** Null where the object has no such value, or one of another type. */
function cell(type: string, path: JsonPath, object: KubeObject, now: number): Cell {
	const [value] = findAll(path, object);
	if (value === undefined || value === null) return null;
	switch (type) {
		case "integer":
			return typeof value === "number" ? Math.trunc(value) : null;
		case "number":
			return typeof value === "number" ? value : null;
		case "boolean":
			return typeof value === "boolean" ? value : null;
		case "date":
			if (typeof value !== "string") return null;
			return isTime(value) ? humanDuration(now - parseTime(value)) : "<invalid>";
		default:
			return typeof value === "object" ? JSON.stringify(value) : String(value);
	}
}
