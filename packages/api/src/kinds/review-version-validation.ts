/** Validation of the versions of review objects that a webhook understands. */
import { type FieldError, invalidValue } from "../machinery/field-error.ts";
import { dns1035LabelErrors } from "../machinery/names.ts";
import { invalids } from "./field-checks.ts";

/** One of them must be among `spoken`, the versions that this server can send. */
export function reviewVersionErrors(
	versions: readonly string[],
	spoken: readonly string[],
	field: string,
): FieldError[] {
	const errors = versions.flatMap((version, index) =>
		versions.indexOf(version) < index
			? [invalidValue(`${field}[${index}]`, version, "duplicate version")]
			: invalids(`${field}[${index}]`, version, dns1035LabelErrors(version)),
	);
	if (errors.length || versions.some((version) => spoken.includes(version))) return errors;
	return [invalidValue(field, versions, `must include at least one of ${spoken.join(", ")}`)];
}
