/**
 * Strategic merge patch: objects merge field by field, and lists element by element where the schema names a merge key.
 * Directives in the patch say the rest: `$patch`, `$retainKeys`, `$setElementOrder/<list>`,
 * `$deleteFromPrimitiveList/<list>`.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
import { isJsonObject, type JsonObject, own } from "../deep.ts";
import { badRequest, unprocessable } from "../errors.ts";
import { type Field, isListType, isMapType, isObjectType, type ObjectType, type Type } from "../schema.ts";
import { DELETE_PREFIX, goText, ORDER_PREFIX, PATCH, RETAIN_KEYS, withoutDirectives } from "./directives.ts";
import { applyMergePatch } from "./merge.ts";
import { deleteFromScalars, type MergeRules, mergeList, orderList } from "./strategic-list.ts";

/**
 * The patched document; neither argument is touched. Throws BadRequest for malformed directives, and Invalid for a patch
 * that does not fit (an unknown `$patch`, an element without its merge key).
 */
export function applyStrategicPatch(type: ObjectType, doc: unknown, patch: unknown): unknown {
	if (!isJsonObject(patch)) throw badRequest("invalid JSON document");
	return mergeObject(type, isJsonObject(doc) ? doc : {}, patch);
}

function mergeObject(type: Type | undefined, original: JsonObject, patch: JsonObject): JsonObject {
	const directive = own(patch, PATCH);
	if (directive === "delete") return {};
	if (directive === "replace") return withoutDirectives(without(patch, PATCH)) as JsonObject;
	if (directive !== undefined && directive !== "merge") throw unknownDirective(directive, patch);
	const merged = new Map(Object.entries(retain(original, patch)));
	for (const [key, value] of Object.entries(patch)) {
		if (isDirective(type, key)) continue;
		const result = mergeField(memberOf(type, key), merged.get(key), value, own(patch, ORDER_PREFIX + key));
		if (result === undefined) merged.delete(key);
		else merged.set(key, result);
	}
	reorder(type, merged, original, patch);
	deleteScalars(type, merged, patch);
	return Object.fromEntries(merged);
}

/** What the schema says of one member of an object or map. */
interface Member {
	readonly type: Type | undefined;
	readonly mergeKey: string;
	readonly merges: boolean;
	readonly replaces: boolean;
}

function memberOf(type: Type | undefined, key: string): Member {
	if (type && isMapType(type)) return { type: type.of, mergeKey: "", merges: false, replaces: false };
	const fields = type && isObjectType(type) ? type.fields() : {};
	const field = own(fields, key) as Field | undefined;
	return {
		type: field?.type,
		mergeKey: field?.mergeKey ?? "",
		merges: field?.patch?.includes("merge") ?? false,
		replaces: field?.patch?.includes("replace") ?? false,
	};
}

/** Undefined when the member is to go. A list with an order of its own is sorted later. */
function mergeField(member: Member, original: unknown, value: unknown, order: unknown): unknown {
	if (value === null || value === undefined) return undefined;
	if (member.type?.kind === "any") return applyMergePatch(original, value);
	if (isJsonObject(value) && isJsonObject(original)) {
		return member.replaces ? withoutDirectives(value) : mergeObject(member.type, original, value);
	}
	if (Array.isArray(value) && Array.isArray(original) && member.merges) {
		return mergeList(original, value, rulesOf(member));
	}
	if (Array.isArray(value) && order !== undefined && member.merges) {
		return mergeList([], value, rulesOf(member));
	}
	return withoutDirectives(value);
}

function rulesOf({ type, mergeKey }: Member): MergeRules {
	const element = type && isListType(type) ? type.of : undefined;
	return {
		mergeKey,
		mergeElement: (original, patch) => mergeObject(element, original, patch),
	};
}

/** `$retainKeys`: fields of the original that are not named go. */
function retain(original: JsonObject, patch: JsonObject): JsonObject {
	const keys = own(patch, RETAIN_KEYS);
	if (keys === undefined) return original;
	if (!Array.isArray(keys)) throw badRequest("invalid patch format of retainKeys");
	const kept = new Set<unknown>(keys);
	for (const [key, value] of Object.entries(patch)) {
		if (value === null || key === RETAIN_KEYS || key === PATCH || isParallel(key)) continue;
		if (!kept.has(key)) throw badRequest("invalid patch format of retainKeys");
	}
	return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)));
}

function reorder(
	type: Type | undefined,
	merged: Map<string, unknown>,
	original: JsonObject,
	patch: JsonObject,
): void {
	for (const [directive, order] of Object.entries(patch)) {
		if (!directive.startsWith(ORDER_PREFIX)) continue;
		const key = directive.slice(ORDER_PREFIX.length);
		const member = memberOf(type, key);
		if (!Array.isArray(order) || !member.merges) {
			throw badRequest("invalid patch format of setElementOrder list");
		}
		const current = merged.get(key);
		if (!Array.isArray(current)) continue;
		const orders = { order, given: listIn(patch, key), around: listIn(original, key) };
		merged.set(key, orderList(current, orders, rulesOf(member)));
	}
}

function deleteScalars(type: Type | undefined, merged: Map<string, unknown>, patch: JsonObject): void {
	for (const [directive, values] of Object.entries(patch)) {
		if (!directive.startsWith(DELETE_PREFIX)) continue;
		const key = directive.slice(DELETE_PREFIX.length);
		if (!Array.isArray(values) || memberOf(type, key).mergeKey !== "") {
			throw badRequest("invalid patch format of primitive list");
		}
		const current = merged.get(key);
		if (Array.isArray(current)) merged.set(key, deleteFromScalars(current, values));
	}
}

function listIn(object: JsonObject, key: string): readonly unknown[] {
	const list = own(object, key);
	return Array.isArray(list) ? list : [];
}

const isParallel = (key: string) => key.startsWith(ORDER_PREFIX) || key.startsWith(DELETE_PREFIX);

/** True for the directives; throws for other `$` keys that are no field (`$ref` of a JSON schema is one). */
function isDirective(type: Type | undefined, key: string): boolean {
	if (!key.startsWith("$")) return false;
	if (key === PATCH || key === RETAIN_KEYS || isParallel(key)) return true;
	const isField = type && isObjectType(type) && Object.hasOwn(type.fields(), key);
	if (!isField) throw badRequest(`unknown patch directive: ${key}`);
	return false;
}

const without = (object: JsonObject, key: string): JsonObject =>
	Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

const unknownDirective = (directive: unknown, patch: JsonObject) =>
	unprocessable(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
