/** What changed between two values of a schema, for people: kept lines are summed up, others marked - and +. */
import { type Field, isListType, isObjectType, type ObjectType, type Type } from "../../machinery/schema.ts";
import { sameField, sameValue } from "../same-value.ts";

/** The changed fields of an object, in the manner of a Go diff; "" when nothing changed. */
export function specDiff(type: ObjectType, before: unknown, after: unknown): string {
	return sameValue(type, before, after) ? "" : objectLines(type, before, after, "").join("\n");
}

function objectLines(type: ObjectType, before: unknown, after: unknown, indent: string): string[] {
	const lines: string[] = [];
	let same = 0;
	const sayKept = () => {
		if (same > 0) lines.push(`  ${indent}\t... // ${same} identical field${same === 1 ? "" : "s"}`);
		same = 0;
	};
	for (const [name, field] of Object.entries(type.fields())) {
		const [old, now] = [at(before, name), at(after, name)];
		if (sameField(field, old, now)) {
			same++;
			continue;
		}
		sayKept();
		lines.push(...fieldLines(capital(name), field, [old, now], `${indent}\t`));
	}
	sayKept();
	return [`  ${indent}${shortName(type)}{`, ...lines, `  ${indent}}`];
}

function fieldLines(name: string, field: Field, [old, now]: [unknown, unknown], indent: string): string[] {
	const nested =
		old !== undefined && now !== undefined ? nestedLines(field.type, old, now, indent) : undefined;
	if (nested) return [`  ${indent}${name}: ${nested[0]?.trimStart() ?? ""}`, ...nested.slice(1)];
	return [`- \t${indent.slice(1)}${name}: ${shown(old)},`, `+ \t${indent.slice(1)}${name}: ${shown(now)},`];
}

function nestedLines(type: Type, old: unknown, now: unknown, indent: string): string[] | undefined {
	if (isObjectType(type)) return objectLines(type, old, now, indent);
	const of = isListType(type) ? type.of : undefined;
	if (!of || !isObjectType(of) || !Array.isArray(old) || !Array.isArray(now) || old.length !== now.length)
		return undefined;
	const elements = old.flatMap((element, index) =>
		sameValue(of, element, now[index]) ? [] : objectLines(of, element, now[index], `${indent}\t`),
	);
	return [`  ${indent}[]${shortName(of)}{`, ...elements, `  ${indent}}`];
}

const at = (value: unknown, key: string): unknown =>
	typeof value === "object" && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;

/** `core.v1.PodSpec` is called `core.PodSpec`. */
const shortName = ({ name }: ObjectType) => name.replace(/\.v[^.]*\./, ".");
const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const shown = (value: unknown) => (value === undefined || value === null ? "nil" : JSON.stringify(value));
