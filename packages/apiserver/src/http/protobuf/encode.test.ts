import { type AnyKind, decodeObject, type Field, isJsonObject, KINDS, Pod, schema } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { objectOf } from "../../../../api/src/kinds/testing/arbitrary.ts";
import { createProtobufDecoder } from "./decode.ts";
import { createProtobufEncoder } from "./encode.ts";
import { envelope } from "./envelope.ts";
import { hasProtobuf, layoutOf } from "./layout.ts";

const { encode } = createProtobufEncoder();
const { decode } = createProtobufDecoder((apiVersion, kind) => find(apiVersion, kind)?.schema);
const find = (apiVersion: string, kind: string) =>
	KINDS.find((known) => known.apiVersion === apiVersion && known.kind === kind);
const body = (kind: AnyKind, object: object) => Buffer.concat(envelope(kind, [encode(kind.schema, object)]));

/** Without what protobuf does not tell from absence, and the names of kinds inside others. */
function withoutEmpty(type: schema.Type, value: unknown): unknown {
	if (schema.isObjectType(type) && isJsonObject(value)) {
		const fields: Readonly<Record<string, Field>> = type.fields();
		const kept = Object.entries(value).flatMap(([name, inner]) => {
			const field = fields[name];
			if (!field) return [[name, inner] as const];
			const left = withoutEmpty(field.type, inner);
			return field.pb === undefined || isEmpty(field, left) ? [] : [[name, left] as const];
		});
		return Object.fromEntries(kept);
	}
	if (schema.isListType(type) && Array.isArray(value))
		return value.map((each) => withoutEmpty(type.of, each));
	if (schema.isMapType(type) && isJsonObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [key, withoutEmpty(type.of, inner)]),
		);
	}
	return value;
}
const isEmpty = ({ type, required, nullable }: Field, value: unknown) =>
	schema.isListType(type) || schema.isMapType(type)
		? Object.keys(value as object).length === 0
		: type.kind === "intOrString" && value === 0 && !required && !nullable;

for (const kind of KINDS) {
	test(`${kind.kind} in ${kind.apiVersion} says the same in protobuf as in JSON`, (t) => {
		t.true(hasProtobuf(kind.schema), "every field has a number");
		const canonical = (value: unknown) =>
			withoutEmpty(kind.schema, decodeObject(kind, value, { fieldValidation: "Ignore" }).object);
		fc.assert(
			fc.property(objectOf(kind), (object) => {
				t.deepEqual(canonical(decode(body(kind, object))), canonical(object));
			}),
			{ numRuns: 25 },
		);
	});
}

test("structures that JSON shows as part of others are messages of their own", (t) => {
	const found = new Map<string, readonly number[]>();
	const visit = (type: schema.Type): void => {
		if (schema.isListType(type) || schema.isMapType(type)) return visit(type.of);
		if (!schema.isObjectType(type) || found.has(type.name)) return;
		found.set(
			type.name,
			layoutOf(type).flatMap((slot) => ("inlined" in slot ? [slot.number] : [])),
		);
		for (const field of Object.values(type.fields())) visit(field.type);
	};
	for (const kind of KINDS) visit(kind.schema);
	const inlined = Object.fromEntries([...found].filter(([, numbers]) => numbers.length > 0));
	// From the published .proto files.
	t.deepEqual(inlined, {
		"admissionregistration.v1.NamedRuleWithOperations": [2],
		"admissionregistration.v1.RuleWithOperations": [2],
		"core.v1.ConfigMapEnvSource": [1],
		"core.v1.ConfigMapKeySelector": [1],
		"core.v1.ConfigMapProjection": [1],
		"core.v1.ConfigMapVolumeSource": [1],
		"core.v1.EphemeralContainer": [1],
		"core.v1.PersistentVolumeSpec": [2],
		"core.v1.Probe": [1],
		"core.v1.SecretEnvSource": [1],
		"core.v1.SecretKeySelector": [1],
		"core.v1.SecretProjection": [1],
		"core.v1.Volume": [2],
		"networking.v1.IngressRule": [2],
		"resource.v1.DeviceAllocationConfiguration": [3],
		"resource.v1.DeviceClaimConfiguration": [2],
		"resource.v1.DeviceClassConfiguration": [1],
	});
});

test("types without numbers have no protobuf", (t) => {
	const { object, ref, string, any } = schema;
	t.false(hasProtobuf(object("example.v1.Custom", { metadata: ref(Pod.schema, { pb: 1 }), spec: any() })));
	t.true(
		hasProtobuf(object("example.v1.Known", { apiVersion: string(), kind: string(), spec: any({ pb: 2 }) })),
	);
});
