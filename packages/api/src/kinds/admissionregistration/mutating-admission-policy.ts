import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { matchDefaults } from "./match-defaults.ts";
import { mutationErrors } from "./mutation-validation.ts";
import { policyFields, Variable } from "./policy.ts";
import { paramKindColumn } from "./policy-columns.ts";
import { policyErrors } from "./policy-validation.ts";

export const ApplyConfiguration = object(
	"admissionregistration.v1.ApplyConfiguration",
	{
		expression: string({ pb: 1, doc: "CEL expression that makes the fields." }),
	},
	"A change given as fields to apply.",
);
export interface ApplyConfiguration extends Infer<typeof ApplyConfiguration> {}

export const JSONPatch = object(
	"admissionregistration.v1.JSONPatch",
	{
		expression: string({ pb: 1, doc: "CEL expression that makes the patch." }),
	},
	"A change given as a list of operations.",
);
export interface JSONPatch extends Infer<typeof JSONPatch> {}

export const Mutation = object(
	"admissionregistration.v1.Mutation",
	{
		patchType: string({
			required: true,
			pb: 2,
			enum: ["ApplyConfiguration", "JSONPatch"],
			doc: "ApplyConfiguration or JSONPatch.",
		}),
		applyConfiguration: ref(ApplyConfiguration, { pb: 3, nullable: true, doc: "Fields to apply." }),
		jsonPatch: ref(JSONPatch, { pb: 4, nullable: true, doc: "A JSON patch." }),
	},
	"One change.",
);
export interface Mutation extends Infer<typeof Mutation> {}

export const MutatingAdmissionPolicySpec = object(
	"admissionregistration.v1.MutatingAdmissionPolicySpec",
	{
		...policyFields({ failurePolicy: 5 }),
		variables: listOf(Variable, { pb: 3, list: "atomic", doc: "Values that the expressions may use." }),
		mutations: listOf(Mutation, { pb: 4, list: "atomic", doc: "What is changed." }),
		reinvocationPolicy: string({
			pb: 7,
			enum: ["Never", "IfNeeded"],
			doc: "Whether it runs again when others changed the object: Never or IfNeeded.",
		}),
	},
	"Which requests are changed, and how.",
);
export interface MutatingAdmissionPolicySpec extends Infer<typeof MutatingAdmissionPolicySpec> {}

const MutatingAdmissionPolicySchema = object(
	"admissionregistration.v1.MutatingAdmissionPolicy",
	{
		metadata: metadataField,
		spec: ref(MutatingAdmissionPolicySpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Changes objects on their way in by CEL expressions.",
);
export interface MutatingAdmissionPolicy
	extends KubeObject,
		Omit<Infer<typeof MutatingAdmissionPolicySchema>, "metadata" | "spec"> {
	readonly spec: MutatingAdmissionPolicySpec;
}

export const MutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "MutatingAdmissionPolicy",
	plural: "mutatingadmissionpolicies",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: MutatingAdmissionPolicySchema,
	hasGeneration: true,
	columns: [
		{
			name: "Mutations",
			type: "integer",
			description: "How many mutations it makes.",
			value: ({ spec }) => spec.mutations?.length ?? 0,
		},
		paramKindColumn,
		ageColumn,
	],
	defaults: (policy) =>
		change(policy, "spec", (spec) =>
			change(fillAbsent(spec, { failurePolicy: "Fail" }), "matchConstraints", matchDefaults),
		),
	validate: ({ spec }) => [...policyErrors(spec), ...mutationErrors(spec)],
});
