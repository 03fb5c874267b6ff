/** Validation of what ingresses and their classes refer to. */
import { type FieldError, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors, pathSegmentErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";

interface TypedReference {
	readonly apiGroup?: string | undefined | null;
	readonly kind?: string | undefined;
	readonly name?: string | undefined;
}

/** An object of any kind; core kinds have no group. */
export const typedReferenceErrors = (
	{ apiGroup, kind, name }: TypedReference,
	path: string,
): FieldError[] => [
	...(apiGroup === undefined || apiGroup === null
		? []
		: invalids(`${path}.apiGroup`, apiGroup, dnsSubdomainErrors(apiGroup))),
	...segment(`${path}.kind`, kind),
	...segment(`${path}.name`, name),
];

/** A part of a URL that must be there. */
export const segment = (field: string, value: string | undefined): FieldError[] =>
	value ? invalids(field, value, pathSegmentErrors(value)) : [required(field)];
