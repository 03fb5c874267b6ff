/** Validation of references to what is scaled or measured. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { pathSegmentErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import type { CrossVersionObjectReference } from "./metrics.ts";

export const validateTarget = (
	{ kind, name, apiVersion = "" }: Partial<CrossVersionObjectReference>,
	path: string,
): FieldError[] => [
	...segment(`${path}.kind`, kind),
	...segment(`${path}.name`, name),
	...(apiVersion.split("/").length > 2
		? [invalidValue(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
		: []),
];

const segment = (field: string, value: string | undefined): FieldError[] =>
	value ? invalids(field, value, pathSegmentErrors(value)) : [required(field)];
