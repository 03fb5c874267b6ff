/** A live object with a configuration laid over it. */
import { isJsonObject, type JsonObject, own } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import { byElement, type Place, placeIn, type Structure, structureOf } from "./structure.ts";

/**
 * What the configuration says, and everything of the live object that it does not speak of. Neither is touched; elements
 * of lists stand in the configuration's order, the live object's others keep their places around them.
 */
export function mergeConfiguration(type: ObjectType, live: object, configuration: object): JsonObject {
	return mergeFields({ type }, live as JsonObject, configuration as JsonObject);
}

function mergeFields(place: Place, live: JsonObject, configuration: JsonObject): JsonObject {
	const merged = new Map(Object.entries(live));
	for (const [name, value] of Object.entries(configuration)) {
		if (value === undefined) continue;
		const at = placeIn(place, name);
		merged.set(name, at ? mergeValue(at, own(live, name), value) : value);
	}
	return Object.fromEntries(merged);
}

function mergeValue(place: Place, live: unknown, value: unknown): unknown {
	if (live === undefined || live === null) return value;
	const structure = structureOf(place, value ?? live);
	if (structure.form === "whole") return value;
	if (value === null) return live;
	if (structure.form === "fields") {
		return isJsonObject(live) && isJsonObject(value) ? mergeFields(place, live, value) : value;
	}
	return Array.isArray(live) && Array.isArray(value) ? mergeElements(structure, live, value) : value;
}

function mergeElements(
	{ of, keyed, elementOf }: Extract<Structure, { form: "list" }>,
	live: readonly unknown[],
	configured: readonly unknown[],
): unknown[] {
	const given = byElement(configured, elementOf);
	const lived = byElement(live, elementOf);
	const order = [...given.keys()];
	const places = new Map(order.map((element, place) => [element, place] as const));
	let next = 0;
	const merged: unknown[] = [];
	const takeUntil = (end: number) => {
		for (; next < end; next += 1) {
			const element = order[next] ?? "";
			const items = given.get(element) ?? [];
			const [before] = lived.get(element) ?? [];
			if (keyed && items.length === 1 && before !== undefined) {
				merged.push(mergeValue({ type: of }, before, items[0]));
			} else for (const item of items) merged.push(item);
		}
	};
	for (const item of live) {
		const element = elementOf(item);
		const place = element === undefined ? undefined : places.get(element);
		if (place === undefined) merged.push(item);
		// Everything that the configuration wants before this one comes now.
		else takeUntil(place + 1);
	}
	takeUntil(order.length);
	return merged;
}
