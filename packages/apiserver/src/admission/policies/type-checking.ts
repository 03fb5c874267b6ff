/** What a policy's expressions get wrong about the kinds that it names: told in its status, refused nowhere. */
import type { AnyKind, NamedRuleWithOperations, ValidatingAdmissionPolicySpec } from "@berth/api";
import { allPrograms, compilePolicy } from "./programs.ts";
import { typeOfKind } from "./schema-types.ts";

export interface ExpressionWarning {
	readonly fieldRef: string;
	readonly warning: string;
}

/** Kinds that one policy is checked against. */
const MOST_KINDS = 10;

/** `kinds`: those served now. */
export function typeWarnings(
	spec: ValidatingAdmissionPolicySpec,
	kinds: readonly AnyKind[],
): ExpressionWarning[] {
	const { paramKind } = spec;
	const paramsKind = kinds.find(
		(kind) => kind.apiVersion === paramKind?.apiVersion && kind.kind === paramKind.kind,
	);
	const params = paramsKind && typeOfKind(paramsKind);
	const warnings = new Map<string, string>();
	for (const kind of namedKinds(spec.matchConstraints?.resourceRules ?? [], kinds)) {
		const programs = compilePolicy(spec, { object: typeOfKind(kind), params });
		for (const { path, program } of allPrograms(programs)) {
			if (!(program instanceof Error) || !path.startsWith("spec.validations")) continue;
			const text = program.message.replace(/^compilation failed: /, "");
			warnings.set(path, `${warnings.get(path) ?? ""}${kind.apiVersion}, Kind=${kind.kind}: ${text}\n`);
		}
	}
	return [...warnings].map(([fieldRef, warning]) => ({ fieldRef, warning }));
}

/** Only what rules name in full: wildcards could mean everything. */
function namedKinds(
	rules: readonly NamedRuleWithOperations[],
	kinds: readonly AnyKind[],
): readonly AnyKind[] {
	const named = kinds.filter((kind) =>
		rules.some(
			({ apiGroups = [], apiVersions = [], resources = [] }) =>
				!apiGroups.includes("*") &&
				!apiVersions.includes("*") &&
				apiGroups.includes(kind.group) &&
				apiVersions.includes(kind.version) &&
				resources.includes(kind.plural),
		),
	);
	return named.slice(0, MOST_KINDS);
}
