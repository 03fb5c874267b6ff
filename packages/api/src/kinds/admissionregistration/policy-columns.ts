/** Cells that policies and their bindings print alike. */
import type { ParamKind, ParamRef } from "./policy.ts";

const paramKindText = (paramKind: ParamKind | undefined | null): string =>
	paramKind ? `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}` : "<unset>";

function paramRefText(ref: ParamRef | undefined | null): string {
	if (!ref) return "<unset>";
	const { name = "", namespace } = ref;
	return namespace ? `${namespace}/${name}` : name;
}

export const paramKindColumn = {
	name: "ParamKind",
	type: "string",
	description: "Kind of the objects that configure it.",
	value: ({ spec }: { readonly spec: { readonly paramKind?: ParamKind | undefined } }) =>
		paramKindText(spec.paramKind),
} as const;

interface Binding {
	readonly spec: { readonly policyName?: string | undefined; readonly paramRef?: ParamRef | undefined };
}

export const bindingColumns = [
	{
		name: "PolicyName",
		type: "string",
		description: "Policy that it puts to work.",
		value: ({ spec }: Binding) => spec.policyName ?? "",
	},
	{
		name: "ParamRef",
		type: "string",
		description: "Objects that configure the policy.",
		value: ({ spec }: Binding) => paramRefText(spec.paramRef),
	},
] as const;
