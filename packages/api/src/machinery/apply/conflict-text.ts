/** Conflicts of an application, in the words that kubectl shows and other tools look for. */
import type { StatusError } from "../errors.ts";
import { applyConflict } from "../errors.ts";
import { pathsOf } from "./field-set.ts";
import type { FieldConflict, Ownership } from "./managed-fields.ts";
import { pathText } from "./path-element.ts";

/** 409 with a cause for each field that somebody else owns. */
export function conflictError(conflicts: readonly FieldConflict[]): StatusError {
	const told = conflicts
		.map(({ by, fields }) => ({ by: managerText(by), paths: [...pathsOf(fields)].map(pathText) }))
		.sort((a, b) => (a.by < b.by ? -1 : 1));
	const causes = told.flatMap(({ by, paths }) =>
		paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${by}`, field })),
	);
	const [first] = causes;
	if (first && causes.length === 1)
		return applyConflict(`Apply failed with 1 conflict: ${first.message}: ${first.field}`, causes);
	const lines = told.flatMap(({ by, paths }) => [
		`conflicts with ${by}:`,
		...paths.map((path) => `- ${path}`),
	]);
	return applyConflict(`Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`, causes);
}

function managerText({ manager = "", subresource, operation, apiVersion }: Ownership): string {
	const name =
		JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : "");
	return operation === "Update" ? `${name} using ${apiVersion}` : name;
}
