/** Cells that policies and their bindings print alike. */
import type { ParamKind, ParamRef } from "./policy.ts";

export const paramKindText = (paramKind: ParamKind | undefined | null): string =>
	paramKind ? `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}` : "<unset>";

export function paramRefText(ref: ParamRef | undefined | null): string {
	if (!ref) return "<unset>";
	const { name = "", namespace } = ref;
	return namespace ? `${namespace}/${name}` : name;
}
