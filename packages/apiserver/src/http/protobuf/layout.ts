/** A type as protobuf sees it: fields by number, with the messages that JSON does not show. */
import { type Field, type ObjectType, schema } from "@berth/api";

export type Slot =
	| { readonly number: number; readonly name: string; readonly type: schema.Type; readonly field: Field }
	/** A message whose fields JSON shows as part of the object around it. */
	| { readonly number: number; readonly inlined: Layout };

/** The slots of one message, by ascending number. */
export type Layout = readonly Slot[];

/** Fields without a number have no place in protobuf. Throws TypeError when two fields claim the same number. */
export function layoutOf(type: ObjectType): Layout {
	return arrange(type.name, Object.entries(type.fields()), 0);
}

/**
 * Whether protobuf can say everything that the type can: true of built-in kinds. The schemas of custom resources have no
 * numbers.
 */
export function hasProtobuf(type: ObjectType): boolean {
	return !hasUnnumbered(type, new Set());
}

function hasUnnumbered(type: schema.Type, seen: Set<schema.Type>): boolean {
	if (schema.isListType(type) || schema.isMapType(type)) return hasUnnumbered(type.of, seen);
	if (schema.isEitherType(type)) return [type.object, type.other].some((each) => hasUnnumbered(each, seen));
	if (!schema.isObjectType(type) || seen.has(type)) return false;
	if (type.foreign || type.open) return true;
	seen.add(type);
	return Object.entries(type.fields()).some(([name, field]) =>
		field.pb === undefined ? !IDENTITY.has(name) : hasUnnumbered(field.type, seen),
	);
}

/** Written once, around the object. */
const IDENTITY = new Set(["apiVersion", "kind"]);

function arrange(owner: string, fields: readonly (readonly [string, Field])[], depth: number): Layout {
	const slots: Slot[] = [];
	const inlined = new Map<number, (readonly [string, Field])[]>();
	for (const entry of fields) {
		const [name, field] = entry;
		if (field.pb === undefined) continue;
		const outer = field.within?.[depth];
		if (outer === undefined) slots.push({ number: field.pb, name, type: field.type, field });
		else inlined.set(outer, [...(inlined.get(outer) ?? []), entry]);
	}
	for (const [number, inner] of inlined) slots.push({ number, inlined: arrange(owner, inner, depth + 1) });
	const numbers = new Set(slots.map(({ number }) => number));
	if (numbers.size < slots.length) throw new TypeError(`${owner}: two fields have the same protobuf number`);
	return slots.toSorted((a, b) => a.number - b.number);
}
