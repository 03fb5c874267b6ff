/** Kinds as types of expressions, for checking expressions against the objects that they will see. */
import { type AnyKind, type ObjectType, schema } from "@berth/api";
import { type CelType, celTypes } from "../../cel/cel.ts";
import { escapeField } from "../../cel/language/names.ts";

const { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP } = celTypes;

const SCALARS: Readonly<Partial<Record<schema.Type["kind"], CelType>>> = {
	string: STRING,
	int32: INT,
	int64: INT,
	double: DOUBLE,
	bool: BOOL,
	bytes: BYTES,
	time: TIMESTAMP,
	microTime: TIMESTAMP,
	duration: DURATION,
};

/** Objects of the kind. */
export function typeOfKind({ schema: type, apiVersion, kind }: AnyKind): CelType {
	return objectType(type, `${apiVersion}.${kind}`, { apiVersion: STRING, kind: STRING });
}

function typeOf(type: schema.Type): CelType {
	if (schema.isListType(type)) return celTypes.listOf(typeOf(type.of));
	if (schema.isMapType(type)) return celTypes.mapOf(STRING, typeOf(type.of));
	if (schema.isObjectType(type)) return objectType(type, type.name, {});
	return SCALARS[type.kind] ?? DYN;
}

function objectType(type: ObjectType, name: string, more: Readonly<Record<string, CelType>>): CelType {
	// What is not described may hold anything.
	if (type.open || type.embedded) return DYN;
	let keys: ReadonlyMap<string, string> | undefined;
	return Object.freeze({
		kind: "object",
		name,
		field: (written: string) => {
			const extra = Object.hasOwn(more, written) ? more[written] : undefined;
			if (extra) return { key: written, type: extra };
			keys ??= new Map(Object.keys(type.fields()).map((key) => [escapeField(key) ?? "", key]));
			const key = keys.get(written);
			const field = key === undefined ? undefined : type.fields()[key];
			return key === undefined || !field ? undefined : { key, type: typeOf(field.type) };
		},
	});
}
