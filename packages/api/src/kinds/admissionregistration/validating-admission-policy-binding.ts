import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { matchDefaults } from "./match-defaults.ts";
import { bindingFields } from "./policy.ts";
import { bindingColumns } from "./policy-columns.ts";
import { bindingErrors } from "./policy-validation.ts";
import { actionErrors } from "./rule-validation.ts";

export const ValidatingAdmissionPolicyBindingSpec = object(
	"admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec",
	{
		policyName: string({ required: true, pb: 1, doc: "Policy that it puts to work." }),
		...bindingFields,
		validationActions: listOf(types.string, {
			required: true,
			pb: 4,
			list: "set",
			doc: "What a failed validation leads to: Deny, Warn, Audit.",
		}),
	},
	"Which policy holds where, with which parameters.",
);
export interface ValidatingAdmissionPolicyBindingSpec
	extends Infer<typeof ValidatingAdmissionPolicyBindingSpec> {}

const ValidatingAdmissionPolicyBindingSchema = object(
	"admissionregistration.v1.ValidatingAdmissionPolicyBinding",
	{
		metadata: metadataField,
		spec: ref(ValidatingAdmissionPolicyBindingSpec, {
			required: true,
			default: {},
			pb: 2,
			doc: "What is wanted.",
		}),
	},
	"Puts a policy to work.",
);
export interface ValidatingAdmissionPolicyBinding
	extends KubeObject,
		Omit<Infer<typeof ValidatingAdmissionPolicyBindingSchema>, "metadata"> {}

export const ValidatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "ValidatingAdmissionPolicyBinding",
	plural: "validatingadmissionpolicybindings",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: ValidatingAdmissionPolicyBindingSchema,
	hasGeneration: true,
	columns: [...bindingColumns, ageColumn],
	defaults: (binding) => change(binding, "spec", (spec) => change(spec, "matchResources", matchDefaults)),
	validate: ({ spec }) => [...bindingErrors(spec), ...actionsErrors(spec.validationActions ?? [])],
});

const ACTIONS = ["Audit", "Deny", "Warn"];

function actionsErrors(actions: readonly string[]): FieldError[] {
	const field = "spec.validationActions";
	if (actions.length === 0) return [required(field)];
	const errors = actionErrors(actions, field, ACTIONS);
	if (!actions.includes("Deny") || !actions.includes("Warn")) return errors;
	const detail =
		"must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
	return [...errors, invalidValue(field, actions, detail)];
}
