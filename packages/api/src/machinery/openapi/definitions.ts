/**
 * The schemas of OpenAPI, derived from the schemas of kinds: what `kubectl explain` shows and what clients are generated
 * from. Version 2 (Swagger) and version 3 differ in where references point and in how alternatives are said.
 */

import type { AnyKind } from "../kind.ts";
import { DeleteOptions, ListMeta, ObjectMetaSchema, Status } from "../meta.ts";
import {
	type Field,
	isEitherType,
	isListType,
	isMapType,
	isObjectType,
	type ObjectType,
	object,
	type ScalarType,
	type Type,
} from "../schema.ts";
import { foreignDefinition } from "./foreign.ts";

export type OpenApiVersion = 2 | 3;
export type Json = Readonly<Record<string, unknown>>;

/** `io.k8s.api.apps.v1.Deployment` for the type `apps.v1.Deployment`. */
const definitionName = (typeName: string): string =>
	`io.k8s.${HOMES[typeName.slice(0, typeName.indexOf("."))] ?? "api"}.${typeName}`;

/** Groups that Kubernetes keeps in modules of their own: clients are generated with these names. */
const HOMES: Readonly<Record<string, string>> = {
	meta: "apimachinery.pkg.apis",
	apiextensions: "apiextensions-apiserver.pkg.apis",
	apiregistration: "kube-aggregator.pkg.apis",
};

/** The definition of a kind, and of its lists. Those of custom resources are named in full. */
export const kindName = ({ schema }: AnyKind): string =>
	schema.foreign ? schema.name : definitionName(schema.name);
export const listName = (kind: AnyKind): string =>
	kind.schema.foreign
		? `${kind.schema.name.slice(0, kind.schema.name.lastIndexOf(".") + 1)}${kind.listKind}`
		: `${kindName(kind)}List`;

export const DELETE_OPTIONS = definitionName(DeleteOptions.name);
export const STATUS = definitionName(Status.name);
export const PATCH = definitionName("meta.v1.Patch");

/** A reference to a definition. */
export const reference = (definition: string, version: OpenApiVersion): Json => ({
	$ref: `${version === 3 ? "#/components/schemas/" : "#/definitions/"}${definition}`,
});

/** Every definition that the kinds need, themselves included, by name and sorted. */
export function definitionsOf(kinds: readonly AnyKind[], version: OpenApiVersion): Json {
	const definitions = new Map<string, Json>();
	const visit = (type: Type): void => {
		if (isObjectType(type) && type.foreign) {
			visit(ObjectMetaSchema);
		} else if (isObjectType(type)) {
			const name = definitionName(type.name);
			if (definitions.has(name)) return;
			definitions.set(name, objectDefinition(type, version));
			for (const field of Object.values(type.fields())) visit(field.type);
		} else if (isListType(type) || isMapType(type)) {
			visit(type.of);
		} else if (type.loose) {
			definitions.set(definitionName(type.loose.name), { description: type.loose.doc });
			if (isEitherType(type)) visit(type.object);
		} else {
			const special = SPECIAL[type.kind];
			if (special) definitions.set(special.name, special.definition(version));
		}
	};
	for (const type of [ListMeta, DeleteOptions, Status, ...kinds.map((kind) => kind.schema)]) visit(type);
	for (const kind of kinds) {
		definitions.set(kindName(kind), kindDefinition(kind, version));
		if (kind.verbs.includes("list")) definitions.set(listName(kind), listDefinition(kind, version));
	}
	definitions.set(DELETE_OPTIONS, identified(DeleteOptions, optionKinds(kinds), version));
	definitions.set(STATUS, identified(Status, [{ group: "", kind: "Status", version: "v1" }], version));
	definitions.set(PATCH, { description: "A patch, in the form its media type names.", type: "object" });
	return Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const identityOf = ({ group, kind, version }: AnyKind) => ({ group, kind, version });

function optionKinds(kinds: readonly AnyKind[]): readonly object[] {
	const versions = new Map(kinds.map(({ apiVersion, group, version }) => [apiVersion, { group, version }]));
	versions.set("v1", { group: "", version: "v1" });
	return [...versions]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, { group, version }]) => ({ group, kind: "DeleteOptions", version }));
}

const IDENTITY = object("meta.v1.TypeMeta", {
	apiVersion: {
		type: { kind: "string" },
		required: false,
		doc: "Group and version of this object's schema.",
	},
	kind: { type: { kind: "string" }, required: false, doc: "What this object is, in CamelCase." },
});

function kindDefinition(kind: AnyKind, version: OpenApiVersion): Json {
	const { foreign } = kind.schema;
	if (foreign) {
		return {
			...foreignDefinition(foreign, version, identityProperties(version)),
			"x-kubernetes-group-version-kind": [identityOf(kind)],
		};
	}
	const whole = object(kind.schema.name, { ...IDENTITY.fields(), ...kind.schema.fields() }, kind.schema.doc);
	return identified(whole, [identityOf(kind)], version);
}

/** What every object has beside the fields of its kind. */
function identityProperties(version: OpenApiVersion): Json {
	const { apiVersion, kind } = IDENTITY.fields();
	return {
		...(apiVersion ? { apiVersion: property(apiVersion, version) } : {}),
		...(kind ? { kind: property(kind, version) } : {}),
		metadata: withExtras(
			reference(definitionName(ObjectMetaSchema.name), version),
			{ description: "Name, labels, owners and all that every object has." },
			version,
		),
	};
}

function listDefinition(kind: AnyKind, version: OpenApiVersion): Json {
	if (kind.schema.foreign) return foreignList(kind, version);
	const list = object(
		`${kind.schema.name}List`,
		{
			...IDENTITY.fields(),
			items: { type: { kind: "list", of: kind.schema } as Type, required: true, doc: "The objects." },
			metadata: { type: ListMeta, required: false },
		},
		`A list of ${kind.kind} objects.`,
	);
	return identified(list, [{ ...identityOf(kind), kind: kind.listKind }], version);
}

const foreignList = (kind: AnyKind, version: OpenApiVersion): Json => ({
	description: `A list of ${kind.kind} objects.`,
	type: "object",
	required: ["items"],
	properties: {
		...identityProperties(version),
		items: { description: "The objects.", type: "array", items: reference(kindName(kind), version) },
		metadata: reference(definitionName(ListMeta.name), version),
	},
	"x-kubernetes-group-version-kind": [{ ...identityOf(kind), kind: kind.listKind }],
});

const identified = (type: ObjectType, kinds: readonly object[], version: OpenApiVersion): Json => ({
	...objectDefinition(type, version),
	"x-kubernetes-group-version-kind": kinds,
});

function objectDefinition(type: ObjectType, version: OpenApiVersion): Json {
	const fields = Object.entries(type.fields()).sort(([a], [b]) => (a < b ? -1 : 1));
	const required = fields.filter(([, field]) => field.required).map(([name]) => name);
	const properties = fields.map(([name, field]) => [name, property(field, version)] as const);
	return {
		...(type.doc ? { description: type.doc } : {}),
		type: "object",
		...(type.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
		...(properties.length ? { properties: Object.fromEntries(properties) } : {}),
		...(required.length ? { required } : {}),
	};
}

function property(field: Field, version: OpenApiVersion): Json {
	const value = field.default ?? impliedDefault(field);
	const extras: Json = {
		...(field.doc ? { description: field.doc } : {}),
		...(value === undefined || version === 2 ? {} : { default: value }),
		...(field.list ? { "x-kubernetes-list-type": field.list } : {}),
		...(field.keys ? { "x-kubernetes-list-map-keys": field.keys } : {}),
		...(field.atomic === undefined ? {} : { "x-kubernetes-map-type": field.atomic ? "atomic" : "granular" }),
		...(field.mergeKey ? { "x-kubernetes-patch-merge-key": field.mergeKey } : {}),
		...(field.patch ? { "x-kubernetes-patch-strategy": field.patch.join(",") } : {}),
	};
	return withExtras(schemaOf(field.type, version), extras, version);
}

/** A reference stands alone in version 3: what else is said of the property goes beside an `allOf`. */
function withExtras(schema: Json, extras: Json, version: OpenApiVersion): Json {
	if (Object.keys(extras).length === 0) return schema;
	return "$ref" in schema && version === 3 ? { allOf: [schema], ...extras } : { ...schema, ...extras };
}

/** What Go writes for a field that it cannot leave out. */
function impliedDefault(field: Field): unknown {
	if (isObjectType(field.type)) return field.nullable ? undefined : {};
	return field.required && !field.nullable ? ZERO[field.type.kind] : undefined;
}

const ZERO: Readonly<Partial<Record<Type["kind"], unknown>>> = {
	string: "",
	int32: 0,
	int64: 0,
	double: 0,
	bool: false,
};

/** The schema of a value of this type. */
function schemaOf(type: Type, version: OpenApiVersion): Json {
	if (isObjectType(type)) return reference(definitionName(type.name), version);
	if (isListType(type)) return { type: "array", items: elementSchema(type.of, version) };
	if (isMapType(type)) return { type: "object", additionalProperties: elementSchema(type.of, version) };
	if (type.loose) return reference(definitionName(type.loose.name), version);
	const special = SPECIAL[type.kind];
	if (special) return reference(special.name, version);
	const values = (type as ScalarType<unknown>).enum;
	return { ...SCALARS[type.kind], ...(values ? { enum: [...values].sort() } : {}) };
}

function elementSchema(type: Type, version: OpenApiVersion): Json {
	const schema = schemaOf(type, version);
	const value = isObjectType(type) ? {} : ZERO[type.kind];
	return version === 2 || value === undefined ? schema : withExtras(schema, { default: value }, version);
}

const SCALARS: Readonly<Partial<Record<Type["kind"], Json>>> = {
	string: { type: "string" },
	int32: { type: "integer", format: "int32" },
	int64: { type: "integer", format: "int64" },
	double: { type: "number", format: "double" },
	bool: { type: "boolean" },
	bytes: { type: "string", format: "byte" },
};

interface Special {
	readonly name: string;
	readonly definition: (version: OpenApiVersion) => Json;
}

/** Scalars with a definition of their own. */
const SPECIAL: Readonly<Partial<Record<Type["kind"], Special>>> = {
	time: {
		name: definitionName("meta.v1.Time"),
		definition: () => ({ description: "A moment, in RFC 3339.", type: "string", format: "date-time" }),
	},
	microTime: {
		name: definitionName("meta.v1.MicroTime"),
		definition: () => ({
			description: "A moment to the microsecond, in RFC 3339.",
			type: "string",
			format: "date-time",
		}),
	},
	duration: {
		name: definitionName("meta.v1.Duration"),
		definition: () => ({ description: "A length of time, such as 1m30s.", type: "string" }),
	},
	quantity: {
		name: "io.k8s.apimachinery.pkg.api.resource.Quantity",
		definition: (version) => ({
			description: "An exact amount with an optional suffix, such as 250m, 1.5 or 2Gi.",
			...(version === 3 ? { oneOf: [{ type: "string" }, { type: "number" }] } : { type: "string" }),
		}),
	},
	intOrString: {
		name: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
		definition: (version) => ({
			description: "A number, or a text such as a port's name or a percentage.",
			format: "int-or-string",
			...(version === 3 ? { oneOf: [{ type: "integer" }, { type: "string" }] } : { type: "string" }),
		}),
	},
	any: {
		name: "io.k8s.apimachinery.pkg.runtime.RawExtension",
		definition: () => ({ description: "Any JSON object.", type: "object" }),
	},
};
