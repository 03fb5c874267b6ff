/** Checks that several storage kinds make. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { dnsSubdomainErrors, qualifiedNameErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";

const MAX_DRIVER = 63;
const MAX_PARAMETERS = 512;
const MAX_PARAMETERS_SIZE = 256 * 1024;

export const driverNameErrors = (field: string, name: string | undefined): FieldError[] => {
	if (!name) return [required(field)];
	return [
		...(name.length > MAX_DRIVER ? [tooLong(field, MAX_DRIVER)] : []),
		...invalids(field, name, dnsSubdomainErrors(name.toLowerCase())),
	];
};

export const provisionerErrors = (field: string, name: string | undefined): FieldError[] =>
	name ? invalids(field, name, qualifiedNameErrors(name.toLowerCase())) : [required(field)];

export function parameterErrors(parameters: Readonly<Record<string, string>>): FieldError[] {
	const entries = Object.entries(parameters);
	const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
	return [
		...(entries.length > MAX_PARAMETERS ? [tooLong("parameters", MAX_PARAMETERS)] : []),
		...(Object.hasOwn(parameters, "") ? [invalidValue("parameters", "", "field can not be empty.")] : []),
		...(size > MAX_PARAMETERS_SIZE ? [tooLong("parameters", MAX_PARAMETERS_SIZE)] : []),
	];
}

export const fixed = (field: string): FieldError =>
	forbiddenField(field, `updates to ${field} are forbidden.`);

/** The class that is taken where none is named; kubectl marks it. */
export const nameWithDefault = (
	name: string,
	annotations: Readonly<Record<string, string>> | undefined,
	keys: readonly string[],
): string => (keys.some((key) => annotations?.[key] === "true") ? `${name} (default)` : name);
