import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { matchDefaults } from "./match-defaults.ts";
import { bindingFields } from "./policy.ts";
import { bindingColumns } from "./policy-columns.ts";
import { bindingErrors } from "./policy-validation.ts";

export const MutatingAdmissionPolicyBindingSpec = object(
	"admissionregistration.v1.MutatingAdmissionPolicyBindingSpec",
	{
		policyName: string({ pb: 1, doc: "Policy that it puts to work." }),
		...bindingFields,
	},
	"Which policy holds where, with which parameters.",
);
export interface MutatingAdmissionPolicyBindingSpec
	extends Infer<typeof MutatingAdmissionPolicyBindingSpec> {}

const MutatingAdmissionPolicyBindingSchema = object(
	"admissionregistration.v1.MutatingAdmissionPolicyBinding",
	{
		metadata: metadataField,
		spec: ref(MutatingAdmissionPolicyBindingSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Puts a policy to work.",
);
export interface MutatingAdmissionPolicyBinding
	extends KubeObject,
		Omit<Infer<typeof MutatingAdmissionPolicyBindingSchema>, "metadata" | "spec"> {
	readonly spec: MutatingAdmissionPolicyBindingSpec;
}

export const MutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "MutatingAdmissionPolicyBinding",
	plural: "mutatingadmissionpolicybindings",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: MutatingAdmissionPolicyBindingSchema,
	hasGeneration: true,
	columns: [...bindingColumns, ageColumn],
	defaults: (binding) => change(binding, "spec", (spec) => change(spec, "matchResources", matchDefaults)),
	validate: ({ spec }) => bindingErrors(spec),
});
