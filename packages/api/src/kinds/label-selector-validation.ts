/** Validation of label selectors inside objects. */
import { type FieldError, forbiddenField, invalidValue, required } from "../machinery/field-error.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../machinery/meta.ts";
import { validateLabels } from "../machinery/metadata.ts";
import { labelValueErrors } from "../machinery/names.ts";
import { invalids, qualifiedName } from "./field-checks.ts";

export const validateLabelSelector = (
	selector: LabelSelector | undefined | null,
	path: string,
): FieldError[] =>
	selector
		? [
				...validateLabels(selector.matchLabels, `${path}.matchLabels`),
				...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
					requirementErrors(requirement, `${path}.matchExpressions[${index}]`),
				),
			]
		: [];

function requirementErrors(requirement: LabelSelectorRequirement, path: string): FieldError[] {
	const values = requirement.values ?? [];
	return [
		...operatorErrors(requirement.operator, values, path),
		...qualifiedName(`${path}.key`, requirement.key),
		...values.flatMap((value, index) => invalids(`${path}.values[${index}]`, value, labelValueErrors(value))),
	];
}

function operatorErrors(operator: string, values: readonly string[], path: string): FieldError[] {
	switch (operator) {
		case "In":
		case "NotIn":
			return values.length === 0
				? [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
				: [];
		case "Exists":
		case "DoesNotExist":
			return values.length > 0
				? [
						forbiddenField(
							`${path}.values`,
							"may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
						),
					]
				: [];
		default:
			return [invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator")];
	}
}

export const isEmptySelector = (selector: LabelSelector): boolean =>
	Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions?.length ?? 0) === 0;
