import test from "ava";
import { KINDS } from "./kinds.ts";
import {
	type Fields,
	isListType,
	isMapType,
	isObjectType,
	type ObjectType,
	type Type,
} from "./machinery/schema.ts";

/** Every object type that a kind is made of. */
function objectTypes(type: Type, found = new Map<string, ObjectType>()): Map<string, ObjectType> {
	if (isListType(type) || isMapType(type)) objectTypes(type.of, found);
	if (!isObjectType(type) || found.has(type.name)) return found;
	found.set(type.name, type);
	for (const field of Object.values(type.fields())) objectTypes(field.type, found);
	return found;
}

const types = new Map(KINDS.flatMap((kind) => [...objectTypes(kind.schema)]));

const elementFields = (type: Type): Fields | undefined =>
	isListType(type) && isObjectType(type.of) ? type.of.fields() : undefined;

test("keys of lists are fields of their elements", (t) => {
	for (const [name, type] of types) {
		for (const [field, { type: list, keys, list: listType, mergeKey }] of Object.entries(type.fields())) {
			const at = `${name}.${field}`;
			t.is(listType === "map", keys !== undefined, `${at}: keys go with "map"`);
			for (const key of [...(keys ?? []), ...(mergeKey ? [mergeKey] : [])]) {
				t.true(Object.hasOwn(elementFields(list) ?? {}, key), `${at} has no ${key} in its elements`);
			}
			if (listType) t.true(isListType(list), `${at} is a list`);
		}
	}
});

test("lists of objects that merge have a key to merge by", (t) => {
	for (const [name, type] of types) {
		for (const [field, { type: list, patch, mergeKey }] of Object.entries(type.fields())) {
			if (!patch?.includes("merge") || !elementFields(list)) continue;
			t.truthy(mergeKey, `${name}.${field}`);
		}
	}
});

test("protobuf numbers are unique within a message", (t) => {
	for (const [name, type] of types) {
		const fields = Object.values(type.fields()).filter(({ pb }) => pb !== undefined);
		const numbers = fields.map(({ pb, within = [] }) => [...within, pb].join("."));
		t.is(new Set(numbers).size, numbers.length, name);
	}
});

test("one name means one type", (t) => {
	for (const kind of KINDS) {
		for (const [name, type] of objectTypes(kind.schema)) t.is(types.get(name), type, name);
	}
});

test("kinds are told apart by every name that users may type", (t) => {
	// Forms of other kinds and figures about them share names: kubectl takes the first group that has them.
	const served = KINDS.filter((kind) => kind.verbs.includes("create") && !kind.virtual && !kind.stored);
	const names = served.flatMap(({ plural, singular, shortNames = [], group }) =>
		[...new Set([plural, singular, ...shortNames])].map((name) => ({ name, group })),
	);
	const first = new Map<string, string>();
	for (const { name, group } of names) {
		t.is(first.get(name) ?? group, group, `${name} is in two groups`);
		first.set(name, group);
	}
	t.is(first.size, names.length);
	const identities = KINDS.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
	t.is(new Set(identities).size, identities.length);
});

test("scale and status lead to fields that exist", (t) => {
	const reaches = (type: Type, path: string): boolean => {
		const [first = "", ...rest] = path.split(".");
		const field = isObjectType(type) ? type.fields()[first] : undefined;
		return field !== undefined && (rest.length === 0 || reaches(field.type, rest.join(".")));
	};
	for (const { kind, schema, scale, hasStatus } of KINDS) {
		t.true(reaches(schema, "metadata"), kind);
		if (hasStatus) t.true(reaches(schema, "status"), kind);
		for (const path of Object.values(scale ?? {})) t.true(reaches(schema, path), `${kind} ${path}`);
	}
});

test("columns have names of their own, and only known types", (t) => {
	for (const { kind, columns } of KINDS) {
		const names = columns.map(({ name }) => name);
		t.is(new Set(names).size, names.length, kind);
		const naming = columns.filter(({ format }) => format === "name");
		t.true(naming.length <= 1, `${kind}: one column names the row`);
		t.is(names.includes("Name"), naming.length === 1, `${kind}: without one the table adds it`);
	}
});

test("types and fields say what they are for", (t) => {
	const said = (at: string, doc: string | undefined) => {
		t.regex(doc ?? "", /^\S.*\.$/, `${at}: a sentence`);
		t.true((doc ?? "").length < 200, `${at}: a short one`);
	};
	for (const [name, type] of types) {
		said(name, type.doc);
		for (const [field, { doc }] of Object.entries(type.fields())) said(`${name}.${field}`, doc);
	}
});
