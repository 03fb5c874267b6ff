/** Lists in strategic merge patches: merged by key or as a set of scalars, and the order of what comes out. */
import { isJsonObject, type JsonObject } from "../deep.ts";
import { unprocessable } from "../errors.ts";
import { goText, PATCH, withoutDirectives } from "./directives.ts";

export interface MergeRules {
	/** What identifies an element; "" for a list of scalars. */
	readonly mergeKey: string;
	readonly mergeElement: (original: JsonObject, patch: JsonObject) => JsonObject;
}

/** Elements of both; those of the patch stand in its order, the others keep their places around them. */
export function mergeList(
	original: readonly unknown[],
	patch: readonly unknown[],
	rules: MergeRules,
): unknown[] {
	if (!rules.mergeKey) {
		refuseObjects(patch);
		const scalars = [...new Set([...original, ...patch])];
		return arrange(scalars, { first: patch, around: original }, identity);
	}
	const { elements, deleted, replaces } = readElements(patch, rules.mergeKey);
	if (replaces) return elements.map(withoutDirectives);
	const key = keyReader(rules.mergeKey);
	const kept = original.filter((element) => !deleted.has(key(element)));
	const merged = mergeByKey(kept, elements, rules);
	return arrange(merged, { first: elements, around: kept }, key);
}

/** What decides the order of a list with `$setElementOrder`. */
export interface Orders {
	/** The directive's list. */
	readonly order: readonly unknown[];
	/** What the patch gives of the list itself. */
	readonly given: readonly unknown[];
	/** The list before the patch: where the elements stand that the order does not name. */
	readonly around: readonly unknown[];
}

/** `$setElementOrder`: the named elements in that order, the others keep their places around them. */
export function orderList(
	merged: readonly unknown[],
	{ order, given, around }: Orders,
	{ mergeKey }: MergeRules,
): unknown[] {
	checkOrder(order, given, mergeKey);
	return arrange(merged, { first: order, around }, mergeKey ? keyReader(mergeKey) : identity);
}

/** `$deleteFromPrimitiveList`. */
export function deleteFromScalars(current: readonly unknown[], values: readonly unknown[]): unknown[] {
	const gone = new Set(values);
	return current.filter((value) => !gone.has(value));
}

type KeyOf = (element: unknown) => unknown;

const identity: KeyOf = (element) => element;

/** The element's key; elements without one are only ever equal to themselves. */
function keyReader(mergeKey: string): KeyOf {
	return (element) =>
		isJsonObject(element) && Object.hasOwn(element, mergeKey) ? element[mergeKey] : { element };
}

interface Elements {
	readonly elements: readonly JsonObject[];
	/** Keys of elements to delete. */
	readonly deleted: ReadonlySet<unknown>;
	/** The patch stands for the whole list. */
	readonly replaces: boolean;
}

function readElements(patch: readonly unknown[], mergeKey: string): Elements {
	const elements: JsonObject[] = [];
	const deleted = new Set<unknown>();
	let replaces = false;
	for (const element of patch) {
		if (!isJsonObject(element)) throw unprocessable(`list element types are not identical: ${goText(patch)}`);
		const directive = Object.hasOwn(element, PATCH) ? element[PATCH] : undefined;
		if (directive === "replace") {
			replaces = true;
			continue;
		}
		if (directive !== undefined && directive !== "delete" && directive !== "merge") {
			throw unprocessable(`unknown patch type: ${goText(directive)} in map: ${goText(element)}`);
		}
		if (!Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
		if (directive === "delete") deleted.add(element[mergeKey]);
		else elements.push(element);
	}
	return { elements, deleted, replaces };
}

function mergeByKey(
	original: readonly unknown[],
	patch: readonly JsonObject[],
	{ mergeKey, mergeElement }: MergeRules,
): unknown[] {
	const merged = [...original];
	const places = firstPlaces(original, keyReader(mergeKey));
	for (const element of patch) {
		const place = places.get(element[mergeKey]);
		if (place === undefined) {
			places.set(element[mergeKey], merged.length);
			merged.push(mergeElement({}, element));
		} else {
			merged[place] = mergeElement(merged[place] as JsonObject, element);
		}
	}
	return merged;
}

/**
 * Elements that `first` names come in its order. The others keep their order in `around`, and each stands before the next
 * named element that it preceded there.
 */
function arrange(
	elements: readonly unknown[],
	{ first, around }: { readonly first: readonly unknown[]; readonly around: readonly unknown[] },
	key: KeyOf,
): unknown[] {
	const rank = firstPlaces(first, key);
	const place = firstPlaces(around, key);
	const rankOf = (element: unknown) => rank.get(key(element)) ?? -1;
	const named = elements
		.filter((element) => rank.has(key(element)))
		.toSorted((a, b) => rankOf(a) - rankOf(b));
	const others = elements.filter((element) => !rank.has(key(element)));
	const arranged: unknown[] = [];
	let next = 0;
	for (const element of named) {
		const limit = place.get(key(element));
		while (limit !== undefined && next < others.length && (place.get(key(others[next])) ?? -1) < limit) {
			arranged.push(others[next++]);
		}
		arranged.push(element);
	}
	return [...arranged, ...others.slice(next)];
}

function firstPlaces(list: readonly unknown[], key: KeyOf): Map<unknown, number> {
	const places = new Map<unknown, number>();
	list.forEach((element, index) => {
		const known = key(element);
		if (!places.has(known)) places.set(known, index);
	});
	return places;
}

/** The patch's elements must all be in the order, and in the same order. */
function checkOrder(order: readonly unknown[], given: readonly unknown[], mergeKey: string): void {
	if (order.length === 0 || given.length === 0) return;
	const key = mergeKey ? strictKey(mergeKey) : identity;
	const wanted = given.filter((element) => !isJsonObject(element) || !Object.hasOwn(element, PATCH)).map(key);
	const orderKeys = order.map(key);
	let at = 0;
	for (const found of orderKeys) if (at < wanted.length && wanted[at] === found) at++;
	if (at < wanted.length) {
		const lists = `${goText(given)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`;
		throw unprocessable(`The order in patch list:\n${lists}`);
	}
}

function strictKey(mergeKey: string): KeyOf {
	return (element) => {
		if (!isJsonObject(element) || !Object.hasOwn(element, mergeKey)) throw noMergeKey(element, mergeKey);
		return element[mergeKey];
	};
}

function refuseObjects(patch: readonly unknown[]): void {
	if (patch.some((element) => typeof element === "object")) {
		throw unprocessable(`list element types are not identical: ${goText(patch)}`);
	}
}

const noMergeKey = (element: unknown, mergeKey: string) =>
	unprocessable(`map: ${goText(element)} does not contain declared merge key: ${mergeKey}`);
