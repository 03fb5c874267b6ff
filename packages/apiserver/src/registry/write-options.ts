/** Options of create, update and patch, from the query. */
import {
	type FieldError,
	forbiddenField,
	invalid,
	invalidValue,
	notSupported,
	required,
	tooLong,
} from "@berth/api";
import { parseBoolean } from "./read-options.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface WriteOptions {
	/** Everything happens but the write. */
	readonly dryRun: boolean;
	readonly fieldValidation: FieldValidation;
	/** "" when nothing is said. */
	readonly fieldManager: string;
	/** Server-side apply: fields of others are taken over. */
	readonly force: boolean;
}

const FIELD_VALIDATIONS: readonly string[] = ["", "Ignore", "Strict", "Warn"];
const FIELD_MANAGER_LIMIT = 128;

/** Throws 422 about the options object, as the real server does. */
export function writeOptions(
	query: URLSearchParams,
	kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
	{ applies = false }: { readonly applies?: boolean } = {},
): WriteOptions {
	const dryRun = query.getAll("dryRun").filter((value) => value !== "");
	const fieldValidation = query.get("fieldValidation") || "Warn";
	const manager = query.get("fieldManager") ?? "";
	const force = kind === "PatchOptions" ? parseBoolean(query, "force") : undefined;
	const errors: FieldError[] = [];
	if (applies && !manager) errors.push(required("fieldManager", "is required for apply patch"));
	if (!applies && force !== undefined) {
		errors.push(forbiddenField("force", "may not be specified for non-apply patch"));
	}
	errors.push(...managerErrors(manager), ...dryRunErrors(dryRun));
	if (!FIELD_VALIDATIONS.includes(fieldValidation)) {
		errors.push(notSupported("fieldValidation", fieldValidation, FIELD_VALIDATIONS));
	}
	refuseOptions(kind, errors);
	return {
		dryRun: dryRun.length > 0,
		fieldValidation: fieldValidation as FieldValidation,
		fieldManager: manager,
		force: force ?? false,
	};
}

function managerErrors(manager: string): FieldError[] {
	if (Buffer.byteLength(manager) > FIELD_MANAGER_LIMIT) return [tooLong("fieldManager", FIELD_MANAGER_LIMIT)];
	const found = /\p{C}/u.exec(manager);
	if (!found) return [];
	const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
	const at = Buffer.byteLength(manager.slice(0, found.index));
	return [invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${at})`)];
}

export function dryRunErrors(dryRun: readonly string[]): FieldError[] {
	return dryRun.every((value) => value === "All") ? [] : [notSupported("dryRun", dryRun, ["All"])];
}

/** `CreateOptions.meta.k8s.io "" is invalid: …` when there are errors. */
export function refuseOptions(kind: string, errors: readonly FieldError[]): void {
	if (errors.length) throw invalid({ group: "meta.k8s.io", resource: kind }, "", errors);
}
