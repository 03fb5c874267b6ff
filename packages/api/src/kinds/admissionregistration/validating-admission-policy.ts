import { defineKind } from "../../machinery/kind.ts";
import { Condition, type KubeObject } from "../../machinery/meta.ts";
import { type Infer, int64, listOf, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { matchDefaults } from "./match-defaults.ts";
import { policyFields, Variable } from "./policy.ts";
import { paramKindColumn } from "./policy-columns.ts";
import { policyErrors, validationErrors } from "./policy-validation.ts";

export const Validation = object(
	"admissionregistration.v1.Validation",
	{
		expression: string({ required: true, pb: 1, doc: "CEL expression that must be true." }),
		message: string({ pb: 2, doc: "What is told when it is not." }),
		reason: string({ pb: 3, nullable: true, doc: "Reason of the refusal." }),
		messageExpression: string({ pb: 4, doc: "CEL expression that makes the message." }),
	},
	"An expression that a request must satisfy.",
);
export interface Validation extends Infer<typeof Validation> {}

export const AuditAnnotation = object(
	"admissionregistration.v1.AuditAnnotation",
	{
		key: string({ required: true, pb: 1, doc: "Name of the note." }),
		valueExpression: string({ required: true, pb: 2, doc: "CEL expression that makes it." }),
	},
	"Something that is noted with each request.",
);
export interface AuditAnnotation extends Infer<typeof AuditAnnotation> {}

export const ValidatingAdmissionPolicySpec = object(
	"admissionregistration.v1.ValidatingAdmissionPolicySpec",
	{
		...policyFields({ failurePolicy: 4 }),
		validations: listOf(Validation, { pb: 3, list: "atomic", doc: "What must hold." }),
		auditAnnotations: listOf(AuditAnnotation, {
			pb: 5,
			list: "atomic",
			doc: "What is noted of the request.",
		}),
		variables: listOf(Variable, {
			pb: 7,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "Values that the expressions may use.",
		}),
	},
	"Which requests are judged, and by which expressions.",
);
export interface ValidatingAdmissionPolicySpec extends Infer<typeof ValidatingAdmissionPolicySpec> {}

export const ExpressionWarning = object(
	"admissionregistration.v1.ExpressionWarning",
	{
		fieldRef: string({ required: true, pb: 2, doc: "Path of the expression in the policy." }),
		warning: string({ required: true, pb: 3, doc: "What is wrong, by type." }),
	},
	"What is wrong with an expression.",
);
export interface ExpressionWarning extends Infer<typeof ExpressionWarning> {}

export const TypeChecking = object(
	"admissionregistration.v1.TypeChecking",
	{
		expressionWarnings: listOf(ExpressionWarning, {
			pb: 1,
			list: "atomic",
			doc: "One for each expression that does not fit.",
		}),
	},
	"What checking the expressions against schemas has found.",
);
export interface TypeChecking extends Infer<typeof TypeChecking> {}

export const ValidatingAdmissionPolicyStatus = object(
	"admissionregistration.v1.ValidatingAdmissionPolicyStatus",
	{
		observedGeneration: int64({ pb: 1, doc: "Generation that has been checked." }),
		typeChecking: ref(TypeChecking, { pb: 2, nullable: true, doc: "What is wrong with its expressions." }),
		conditions: listOf(Condition, { pb: 3, list: "map", keys: ["type"], doc: "State of the policy." }),
	},
	"What is known of the policy.",
);
export interface ValidatingAdmissionPolicyStatus extends Infer<typeof ValidatingAdmissionPolicyStatus> {}

const ValidatingAdmissionPolicySchema = object(
	"admissionregistration.v1.ValidatingAdmissionPolicy",
	{
		metadata: metadataField,
		spec: ref(ValidatingAdmissionPolicySpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ValidatingAdmissionPolicyStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Refuses requests by CEL expressions.",
);
export interface ValidatingAdmissionPolicy
	extends KubeObject,
		Omit<Infer<typeof ValidatingAdmissionPolicySchema>, "metadata" | "spec"> {
	readonly spec: ValidatingAdmissionPolicySpec;
}

export const ValidatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "ValidatingAdmissionPolicy",
	plural: "validatingadmissionpolicies",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: ValidatingAdmissionPolicySchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "Validations",
			type: "integer",
			description: "How many validations it makes.",
			value: ({ spec }) => spec.validations?.length ?? 0,
		},
		paramKindColumn,
		ageColumn,
	],
	defaults: (policy) =>
		change(policy, "spec", (spec) =>
			change(fillAbsent(spec, { failurePolicy: "Fail" }), "matchConstraints", matchDefaults),
		),
	validate: ({ spec }) => [...policyErrors(spec), ...validationErrors(spec)],
});
