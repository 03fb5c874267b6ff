import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { MatchResources } from "./match.ts";
import { ParamRef } from "./policy.ts";

export const ValidatingAdmissionPolicyBindingSpec = object(
	"admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec",
	{
		policyName: string({ required: true, pb: 1 }),
		paramRef: ref(ParamRef, { pb: 2, nullable: true }),
		matchResources: ref(MatchResources, { pb: 3, nullable: true }),
		validationActions: listOf(types.string, { required: true, pb: 4, list: "set" }),
	},
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
	columns: [ageColumn],
});
