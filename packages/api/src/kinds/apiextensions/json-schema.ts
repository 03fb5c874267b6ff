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

const schemas = (pb: number, doc: string): Field => listOf(JsonSchema as Type, { pb, list: "atomic", doc });
const named = (pb: number, doc: string): Field => ({ type: mapType(JsonSchema), pb, required: false, doc });
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

const ExternalDocumentation = object(
	"apiextensions.v1.ExternalDocumentation",
	{
		description: string({ pb: 1, doc: "What is to be read there." }),
		url: string({ pb: 2, doc: "Where it is." }),
	},
	"Where to read more.",
);

const orBool = either(
	"Bool",
	"A schema, or whether anything is allowed.",
	{ object: 2, other: 1 },
	types.bool,
);

const FIELDS: Readonly<Record<string, Field>> = Object.freeze({
	id: string({ pb: 1, doc: "Kept for old schemas; not allowed." }),
	$schema: string({ pb: 2, doc: "URL of the schema's dialect." }),
	$ref: string({ pb: 3, nullable: true, doc: "Another schema; not allowed." }),
	description: string({ pb: 4, doc: "What the value is for." }),
	type: string({ pb: 5, doc: "Type of the value: object, array, string, integer, number or boolean." }),
	format: string({ pb: 6, doc: "More about the type, such as date-time or int32." }),
	title: string({ pb: 7, doc: "A short name for the value." }),
	default: {
		type: Json,
		pb: 8,
		required: false,
		nullable: true,
		doc: "Value of the field where none is given.",
	},
	maximum: double({ pb: 9, nullable: true, doc: "The greatest number allowed." }),
	exclusiveMaximum: bool({ pb: 10, doc: "True: the number must be less than maximum." }),
	minimum: double({ pb: 11, nullable: true, doc: "The least number allowed." }),
	exclusiveMinimum: bool({ pb: 12, doc: "True: the number must be more than minimum." }),
	maxLength: int64({ pb: 13, nullable: true, doc: "The most characters of a text." }),
	minLength: int64({ pb: 14, nullable: true, doc: "The fewest characters of a text." }),
	pattern: string({ pb: 15, doc: "Regular expression that a text must match." }),
	maxItems: int64({ pb: 16, nullable: true, doc: "The most items of a list." }),
	minItems: int64({ pb: 17, nullable: true, doc: "The fewest items of a list." }),
	uniqueItems: bool({ pb: 18, doc: "Whether items must differ; true is not allowed." }),
	multipleOf: double({ pb: 19, nullable: true, doc: "Number that the value must be a multiple of." }),
	enum: listOf(Json, { pb: 20, list: "atomic", doc: "The values that are allowed." }),
	maxProperties: int64({ pb: 21, nullable: true, doc: "The most fields of an object." }),
	minProperties: int64({ pb: 22, nullable: true, doc: "The fewest fields of an object." }),
	required: listOf(types.string, { pb: 23, list: "atomic", doc: "Names of fields that must be there." }),
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
		doc: "Schema of every item of a list.",
	},
	allOf: schemas(25, "Schemas that must all hold."),
	oneOf: schemas(26, "Schemas of which exactly one must hold."),
	anyOf: schemas(27, "Schemas of which at least one must hold."),
	not: ref(JsonSchema as ObjectType, { pb: 28, nullable: true, doc: "Schema that must not hold." }),
	properties: named(29, "Schemas of fields, by name."),
	additionalProperties: {
		type: orBool,
		pb: 30,
		required: false,
		nullable: true,
		doc: "Schema of fields without a name here, for maps; instead of properties.",
	},
	patternProperties: named(31, "Schemas of fields by pattern; not allowed."),
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
		doc: "What fields call for; not allowed.",
	},
	additionalItems: {
		type: orBool,
		pb: 33,
		required: false,
		nullable: true,
		doc: "Schema of further items; not allowed.",
	},
	definitions: named(34, "Schemas to refer to; not allowed."),
	externalDocs: ref(ExternalDocumentation, { pb: 35, nullable: true, doc: "Where to read more." }),
	example: { type: Json, pb: 36, required: false, nullable: true, doc: "A value for readers." },
	nullable: bool({ pb: 37, doc: "True: null is a value, too." }),
	"x-kubernetes-preserve-unknown-fields": bool({
		pb: 38,
		nullable: true,
		doc: "Keep fields that are not described.",
	}),
	"x-kubernetes-embedded-resource": bool({ pb: 39, doc: "The value is an object of the API." }),
	"x-kubernetes-int-or-string": bool({ pb: 40, doc: "The value is a number or a text." }),
	"x-kubernetes-list-map-keys": listOf(types.string, {
		pb: 41,
		list: "atomic",
		doc: "Fields that identify an item of a list of type map.",
	}),
	"x-kubernetes-list-type": string({ pb: 42, nullable: true, doc: "How lists merge: atomic, set or map." }),
	"x-kubernetes-map-type": string({ pb: 43, nullable: true, doc: "How maps merge: granular or atomic." }),
	"x-kubernetes-validations": listOf(ValidationRule, {
		pb: 44,
		list: "map",
		keys: ["rule"],
		patch: ["merge"],
		mergeKey: "rule",
		doc: "CEL rules that the value must follow.",
	}),
});
