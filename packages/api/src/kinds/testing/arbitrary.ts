/** Random objects of a schema, for property tests: the right types everywhere, sense nowhere. */
import fc from "fast-check";
import type { AnyKind, KubeObject } from "../../index.ts";
import {
	isEitherType,
	isListType,
	isMapType,
	isObjectType,
	type ScalarType,
	type Type,
} from "../../machinery/schema.ts";

/**
 * Objects of a kind. Required fields are sometimes missing: structure is checked elsewhere, and what runs before or
 * after that check must stand either.
 */
export const objectOf = (kind: AnyKind): fc.Arbitrary<KubeObject> =>
	anyOf(kind.schema, 0).map((value) => ({
		...(value as object),
		apiVersion: kind.apiVersion,
		kind: kind.kind,
		metadata: {
			name: "sample",
			uid: "1",
			resourceVersion: "1",
			creationTimestamp: "2026-01-02T11:55:00Z",
			...(kind.namespaced ? { namespace: "default" } : {}),
		},
	}));

const MAX_DEPTH = 9;
const names = fc.constantFrom(
	"",
	"a",
	"web",
	"Web",
	"a.b/c",
	"..",
	"/x",
	"constructor",
	"1",
	"x:1",
	"10.0.0.1",
);
const texts = fc.oneof(
	{ weight: 4, arbitrary: names },
	{ weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const numbers = fc.constantFrom(0, 1, -1, 80, 420, 65536, 2147483647);
const quantities = fc.constantFrom("0", "1", "100m", "0.0001", "1Gi", "-1", "1.5", "2k");
const times = fc.constantFrom("2026-01-02T11:55:00Z", "2026-01-02T12:55:00Z");

function anyOf(type: Type, depth: number): fc.Arbitrary<unknown> {
	if (isObjectType(type)) return fieldsOf(type, depth);
	if (isEitherType(type)) return fc.oneof(anyOf(type.object, depth + 1), anyOf(type.other, depth + 1));
	if (isListType(type)) return fc.array(anyOf(type.of, depth + 1), { maxLength: 2 });
	if (isMapType(type))
		return fc
			.array(fc.tuple(keys, anyOf(type.of, depth + 1)), { maxLength: 2 })
			.map((entries) => Object.fromEntries(entries));
	return scalarOf(type);
}

const keys = fc.constantFrom(
	"cpu",
	"memory",
	"ephemeral-storage",
	"hugepages-2Mi",
	"example.com/x",
	"app",
	"constructor",
);

function fieldsOf(type: Type & { readonly fields?: unknown }, depth: number): fc.Arbitrary<unknown> {
	if (!isObjectType(type)) return fc.constant({});
	return fc
		.record(
			Object.fromEntries(
				Object.entries(type.fields()).map(([name, field]) => {
					const present = depth < MAX_DEPTH ? anyOf(field.type, depth + 1) : fc.constant(undefined);
					const absent = fc.constant(undefined);
					const weight = field.required ? 12 : Math.max(1, 4 - Math.floor(depth / 2));
					return [
						name,
						fc.oneof({ weight, arbitrary: present }, { weight: field.required ? 1 : 3, arbitrary: absent }),
					];
				}),
			),
		)
		.map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

function scalarOf(type: Type): fc.Arbitrary<unknown> {
	switch (type.kind) {
		case "string": {
			const { enum: values } = type as ScalarType<string>;
			return values ? fc.constantFrom(...values, "") : texts;
		}
		case "bytes":
			return fc.constantFrom("", "YQ==", "e30=");
		case "int32":
		case "int64":
		case "double":
			return numbers;
		case "bool":
			return fc.boolean();
		case "quantity":
			return quantities;
		case "intOrString":
			return fc.oneof(numbers, fc.constantFrom("25%", "http", "", "110%"));
		case "time":
		case "microTime":
			return times;
		case "duration":
			return fc.constantFrom("0s", "30s", "1h30m0s", "-1m0s");
		default:
			return fc.constantFrom("1s", {}, "x");
	}
}
