/** Options of create, update and patch, from the query. */
import { type FieldError, invalid, notSupported, tooLong } from "@berth/api";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface WriteOptions {
	/** Everything happens but the write. */
	readonly dryRun: boolean;
	readonly fieldValidation: FieldValidation;
}

const FIELD_VALIDATIONS: readonly string[] = ["Ignore", "Strict", "Warn"];
const FIELD_MANAGER_LIMIT = 128;

/** Throws 422 about the options object, as the real server does. */
export function writeOptions(
	query: URLSearchParams,
	kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
): WriteOptions {
	const dryRun = query.getAll("dryRun").filter((value) => value !== "");
	const fieldValidation = query.get("fieldValidation") || "Warn";
	const manager = query.get("fieldManager") ?? "";
	const errors: FieldError[] = dryRunErrors(dryRun);
	if (!FIELD_VALIDATIONS.includes(fieldValidation)) {
		errors.push(notSupported("fieldValidation", fieldValidation, FIELD_VALIDATIONS));
	}
	if (Buffer.byteLength(manager) > FIELD_MANAGER_LIMIT)
		errors.push(tooLong("fieldManager", FIELD_MANAGER_LIMIT));
	refuseOptions(kind, errors);
	return { dryRun: dryRun.length > 0, fieldValidation: fieldValidation as FieldValidation };
}

export function dryRunErrors(dryRun: readonly string[]): FieldError[] {
	return dryRun.every((value) => value === "All") ? [] : [notSupported("dryRun", dryRun, ["All"])];
}

/** `CreateOptions.meta.k8s.io "" is invalid: …` when there are errors. */
export function refuseOptions(kind: string, errors: readonly FieldError[]): void {
	if (errors.length) throw invalid({ group: "meta.k8s.io", resource: kind }, "", errors);
}
