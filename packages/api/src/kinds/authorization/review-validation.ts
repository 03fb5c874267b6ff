/** Validation of access reviews: one question, about somebody. */
import { type FieldError, invalidValue } from "../../machinery/field-error.ts";
import type { NonResourceAttributes, ResourceAttributes, SubjectAccessReviewSpec } from "./attributes.ts";

interface Question {
	readonly resourceAttributes?: ResourceAttributes | undefined;
	readonly nonResourceAttributes?: NonResourceAttributes | undefined;
}

/** Either a resource or a path. */
export function validateQuestion({ resourceAttributes, nonResourceAttributes }: Question): FieldError[] {
	if (resourceAttributes && nonResourceAttributes)
		return [
			invalidValue(
				"spec.nonResourceAttributes",
				nonResourceAttributes,
				"cannot be specified in combination with resourceAttributes",
			),
		];
	return resourceAttributes || nonResourceAttributes
		? []
		: [
				invalidValue(
					"spec.resourceAttributes",
					resourceAttributes,
					"exactly one of nonResourceAttributes or resourceAttributes must be specified",
				),
			];
}

export const validateReview = (spec: SubjectAccessReviewSpec): FieldError[] => [
	...validateQuestion(spec),
	...(spec.user || spec.groups?.length
		? []
		: [invalidValue("spec.user", spec.user ?? "", "at least one of user or group must be specified")]),
];

/** A review in a namespace asks about that namespace. */
export function validateLocalReview(spec: SubjectAccessReviewSpec, namespace = ""): FieldError[] {
	const asked = spec.resourceAttributes?.namespace ?? "";
	return [
		...validateReview(spec),
		...(spec.resourceAttributes && asked !== namespace
			? [invalidValue("spec.resourceAttributes.namespace", asked, "must match metadata.namespace")]
			: []),
		...(spec.nonResourceAttributes
			? [
					invalidValue(
						"spec.nonResourceAttributes",
						spec.nonResourceAttributes,
						"disallowed on this kind of request",
					),
				]
			: []),
	];
}
