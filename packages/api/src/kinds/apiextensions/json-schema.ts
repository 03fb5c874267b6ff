/** The part of JSON schema that custom resources are described in (apiextensions.k8s.io/v1 JSONSchemaProps). */
import {
	bool,
	double,
	type Field,
	type Infer,
	int64,
	listOf,
	type ObjectType,
	object,
	ref,
	string,
	type Type,
	types,
} from "../../machinery/schema.ts";

export const ValidationRule = object(
	"apiextensions.v1.ValidationRule",
	{
		rule: string({
			required: true,
			pb: 1,
			doc: "CEL expression over `self`, and `oldSelf` for transitions.",
		}),
		message: string({ pb: 2, doc: "What is said when the rule fails." }),
		messageExpression: string({ pb: 3, doc: "CEL expression that makes the message." }),
		reason: string({ pb: 4, nullable: true, doc: "Reason of the error." }),
		fieldPath: string({ pb: 5, doc: "Path below this schema that the error is about." }),
		optionalOldSelf: bool({ pb: 6, nullable: true, doc: "Run a transition rule for new values, too." }),
	},
	"A rule that values must follow.",
);
export interface ValidationRule extends Infer<typeof ValidationRule> {}

export interface JsonSchema {
	readonly id?: string | undefined;
	readonly $schema?: string | undefined;
	readonly $ref?: string | undefined;
	readonly description?: string | undefined;
	readonly type?: string | undefined;
	readonly format?: string | undefined;
	readonly title?: string | undefined;
	readonly default?: unknown;
	readonly maximum?: number | undefined;
	readonly exclusiveMaximum?: boolean | undefined;
	readonly minimum?: number | undefined;
	readonly exclusiveMinimum?: boolean | undefined;
	readonly maxLength?: number | undefined;
	readonly minLength?: number | undefined;
	readonly pattern?: string | undefined;
	readonly maxItems?: number | undefined;
	readonly minItems?: number | undefined;
	readonly uniqueItems?: boolean | undefined;
	readonly multipleOf?: number | undefined;
	readonly enum?: readonly unknown[] | undefined;
	readonly maxProperties?: number | undefined;
	readonly minProperties?: number | undefined;
	readonly required?: readonly string[] | undefined;
	readonly items?: JsonSchema | readonly JsonSchema[] | undefined;
	readonly allOf?: readonly JsonSchema[] | undefined;
	readonly oneOf?: readonly JsonSchema[] | undefined;
	readonly anyOf?: readonly JsonSchema[] | undefined;
	readonly not?: JsonSchema | undefined;
	readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
	readonly additionalProperties?: JsonSchema | boolean | undefined;
	readonly patternProperties?: Readonly<Record<string, JsonSchema>> | undefined;
	readonly dependencies?: Readonly<Record<string, JsonSchema | readonly string[]>> | undefined;
	readonly additionalItems?: JsonSchema | boolean | undefined;
	readonly definitions?: Readonly<Record<string, JsonSchema>> | undefined;
	readonly externalDocs?:
		| { readonly description?: string | undefined; readonly url?: string | undefined }
		| undefined;
	readonly example?: unknown;
	readonly nullable?: boolean | undefined;
	readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
	readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
	readonly "x-kubernetes-int-or-string"?: boolean | undefined;
	readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
	readonly "x-kubernetes-list-type"?: string | undefined;
	readonly "x-kubernetes-map-type"?: string | undefined;
	readonly "x-kubernetes-validations"?: readonly ValidationRule[] | undefined;
}

/** Schemas hold schemas: the fields are made when they are first asked for. */
export const JsonSchema: ObjectType<JsonSchema> = Object.freeze({
	kind: "object",
	name: "apiextensions.v1.JSONSchemaProps",
	doc: "A schema in the OpenAPI dialect of JSON schema.",
	fields: () => FIELDS,
});

const schemas = (pb: number): Field => listOf(JsonSchema as Type, { pb, list: "atomic" });
const named = (pb: number): Field => ({ type: mapType(JsonSchema), pb, required: false });
const mapType = (of: Type): Type => Object.freeze({ kind: "map", of }) as Type;
const loose = (name: string, doc: string) => Object.freeze({ name: `apiextensions.v1.${name}`, doc });
const either = (
	name: string,
	doc: string,
	pb: { readonly object: number; readonly other: number },
	other: Type,
): Type =>
	Object.freeze({
		kind: "either",
		loose: loose(`JSONSchemaPropsOr${name}`, doc),
		object: JsonSchema,
		other,
		pb,
	}) as Type;

const Json: Type = Object.freeze({ kind: "any", loose: loose("JSON", "Any JSON value.") });

const ExternalDocumentation = object("apiextensions.v1.ExternalDocumentation", {
	description: string({ pb: 1 }),
	url: string({ pb: 2 }),
});

const orBool = either(
	"Bool",
	"A schema, or whether anything is allowed.",
	{ object: 2, other: 1 },
	types.bool,
);

const FIELDS: Readonly<Record<string, Field>> = Object.freeze({
	id: string({ pb: 1 }),
	$schema: string({ pb: 2 }),
	$ref: string({ pb: 3, nullable: true }),
	description: string({ pb: 4 }),
	type: string({ pb: 5 }),
	format: string({ pb: 6 }),
	title: string({ pb: 7 }),
	default: {
		type: Json,
		pb: 8,
		required: false,
		nullable: true,
		doc: "Value of the field where none is given.",
	},
	maximum: double({ pb: 9, nullable: true }),
	exclusiveMaximum: bool({ pb: 10 }),
	minimum: double({ pb: 11, nullable: true }),
	exclusiveMinimum: bool({ pb: 12 }),
	maxLength: int64({ pb: 13, nullable: true }),
	minLength: int64({ pb: 14, nullable: true }),
	pattern: string({ pb: 15 }),
	maxItems: int64({ pb: 16, nullable: true }),
	minItems: int64({ pb: 17, nullable: true }),
	uniqueItems: bool({ pb: 18 }),
	multipleOf: double({ pb: 19, nullable: true }),
	enum: listOf(Json, { pb: 20, list: "atomic" }),
	maxProperties: int64({ pb: 21, nullable: true }),
	minProperties: int64({ pb: 22, nullable: true }),
	required: listOf(types.string, { pb: 23, list: "atomic" }),
	items: {
		type: either(
			"Array",
			"A schema, or a list of them.",
			{ object: 1, other: 2 },
			types.list(JsonSchema as Type),
		),
		pb: 24,
		required: false,
		nullable: true,
	},
	allOf: schemas(25),
	oneOf: schemas(26),
	anyOf: schemas(27),
	not: ref(JsonSchema as ObjectType, { pb: 28, nullable: true }),
	properties: named(29),
	additionalProperties: { type: orBool, pb: 30, required: false, nullable: true },
	patternProperties: named(31),
	dependencies: {
		type: mapType(
			either(
				"StringArray",
				"A schema, or a list of names.",
				{ object: 1, other: 2 },
				types.list(types.string),
			),
		),
		pb: 32,
		required: false,
	},
	additionalItems: { type: orBool, pb: 33, required: false, nullable: true },
	definitions: named(34),
	externalDocs: ref(ExternalDocumentation, { pb: 35, nullable: true }),
	example: { type: Json, pb: 36, required: false, nullable: true },
	nullable: bool({ pb: 37 }),
	"x-kubernetes-preserve-unknown-fields": bool({
		pb: 38,
		nullable: true,
		doc: "Keep fields that are not described.",
	}),
	"x-kubernetes-embedded-resource": bool({ pb: 39, doc: "The value is an object of the API." }),
	"x-kubernetes-int-or-string": bool({ pb: 40, doc: "The value is a number or a text." }),
	"x-kubernetes-list-map-keys": listOf(types.string, { pb: 41, list: "atomic" }),
	"x-kubernetes-list-type": string({ pb: 42, nullable: true, doc: "How lists merge: atomic, set or map." }),
	"x-kubernetes-map-type": string({ pb: 43, nullable: true, doc: "How maps merge: granular or atomic." }),
	"x-kubernetes-validations": listOf(ValidationRule, {
		pb: 44,
		list: "map",
		keys: ["rule"],
		patch: ["merge"],
		mergeKey: "rule",
	}),
});
