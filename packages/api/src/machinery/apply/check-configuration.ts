/** Whether a configuration can be applied at all: fields nobody knows have no owner, so unlike elsewhere none is dropped. */
import { isJsonObject, type JsonObject } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import { fieldElement, pathText } from "./path-element.ts";
import { type Place, placeIn, type Structure, structureOf } from "./structure.ts";

/** What is wrong, one line for each: `.spec.foo: field not declared in schema`. */
export function configurationErrors(type: ObjectType, configuration: JsonObject): string[] {
	const errors: string[] = [];
	checkFields({ type }, configuration, [], errors);
	return errors;
}

const MAX_ERRORS = 100;

function checkFields(place: Place, value: JsonObject, path: readonly string[], errors: string[]): void {
	for (const [name, inner] of Object.entries(value)) {
		if (errors.length >= MAX_ERRORS) return;
		const at = placeIn(place, name);
		const below = [...path, fieldElement(name)];
		if (at) checkValue(at, inner, below, errors);
		else if (path.length > 0 || (name !== "apiVersion" && name !== "kind")) {
			errors.push(`${pathText(below)}: field not declared in schema`);
		}
	}
}

function checkValue(place: Place, value: unknown, path: readonly string[], errors: string[]): void {
	if (value === null || value === undefined) return;
	const { kind } = place.type;
	const wrong = (what: string) =>
		void errors.push(`${pathText(path)}: expected ${what}, got ${shapeOf(value)}`);
	if (kind === "list") {
		if (!Array.isArray(value)) return wrong("list");
		const structure = structureOf(place, value);
		const { of } = place.type as { readonly of?: Place["type"] };
		if (structure.form === "list") checkElements(structure, value, path, errors);
		else if (of) {
			for (const [index, item] of value.entries()) {
				checkValue({ type: of }, item, [...path, `i:${index}`], errors);
			}
		}
	} else if (kind === "object" || kind === "map") {
		if (!isJsonObject(value)) return wrong("map");
		checkFields(place, value, path, errors);
	}
}

function checkElements(
	{ of, keyed, elementOf }: Extract<Structure, { form: "list" }>,
	list: readonly unknown[],
	path: readonly string[],
	errors: string[],
): void {
	const seen = new Set<string>();
	for (const [index, item] of list.entries()) {
		const element = elementOf(item);
		if (element === undefined) {
			const what = keyed
				? "associative list with keys has an element that omits all key fields"
				: "associative list without keys has an element that's not a scalar";
			errors.push(`${pathText(path)}: element ${index}: ${what}`);
			continue;
		}
		if (seen.has(element)) {
			errors.push(`${pathText(path)}: duplicate entries for key ${pathText([element])}`);
			continue;
		}
		seen.add(element);
		checkValue({ type: of }, item, [...path, element], errors);
	}
}

function shapeOf(value: unknown): string {
	if (Array.isArray(value)) return "list";
	return typeof value === "object" ? "map" : `&{${JSON.stringify(value)}}`;
}

/** The list of errors as one text. */
export const configurationErrorText = (errors: readonly string[]): string =>
	errors.length === 1 ? (errors[0] ?? "") : `errors:\n${errors.map((error) => `  ${error}`).join("\n")}`;
