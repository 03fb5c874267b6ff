/** Validation of what a mutating policy changes. */
import { type FieldError, forbiddenField, required } from "../../machinery/field-error.ts";
import type { MutatingAdmissionPolicySpec, Mutation } from "./mutating-admission-policy.ts";
import { expressionErrors } from "./policy-validation.ts";

export function mutationErrors({
	mutations = [],
	reinvocationPolicy,
}: MutatingAdmissionPolicySpec): FieldError[] {
	return [
		...(mutations.length === 0
			? [required("spec.mutations", "mutations must contain at least one item")]
			: []),
		...mutations.flatMap((mutation, index) => oneMutation(mutation, `spec.mutations[${index}]`)),
		...(reinvocationPolicy ? [] : [required("spec.reinvocationPolicy")]),
	];
}

function oneMutation({ patchType, applyConfiguration, jsonPatch }: Mutation, path: string): FieldError[] {
	switch (patchType) {
		case "ApplyConfiguration":
			return [
				...(applyConfiguration
					? expressionErrors(applyConfiguration.expression, `${path}.applyConfiguration.expression`)
					: [required(`${path}.applyConfiguration`, `must be specified when patchType is ${patchType}`)]),
				...(jsonPatch
					? [forbiddenField(`${path}.jsonPatch`, `must not be specified when patchType is ${patchType}`)]
					: []),
			];
		case "JSONPatch":
			return [
				...(jsonPatch
					? expressionErrors(jsonPatch.expression, `${path}.jsonPatch.expression`)
					: [required(`${path}.jsonPatch`, `must be specified when patchType is ${patchType}`)]),
				...(applyConfiguration
					? [
							forbiddenField(
								`${path}.applyConfiguration`,
								`must not be specified when patchType is ${patchType}`,
							),
						]
					: []),
			];
		default:
			return patchType ? [] : [required(`${path}.patchType`)];
	}
}
