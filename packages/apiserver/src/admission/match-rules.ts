/**
 * Which requests a rule of a webhook or policy is about. Pure. Fields and wildcards:
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-rules
 */
import { type AnyKind, Namespace, type RuleWithOperations } from "@berth/api";
import type { AdmissionRequest } from "./admission.ts";

type Asked = Pick<AdmissionRequest, "operation" | "kind" | "subresource" | "namespace">;

/**
 * The kind of the resource in whose group and version a rule speaks about the request: its own kind, or with the policy
 * `Equivalent` another one that shows the same objects. Undefined when no rule does.
 */
export function matchedKind(
	rules: readonly RuleWithOperations[],
	asked: Asked,
	equivalents: () => readonly AnyKind[],
): AnyKind | undefined {
	if (rules.some((rule) => matchesRule(rule, asked, asked.kind))) return asked.kind;
	const others = equivalents();
	if (!others.length) return undefined;
	for (const rule of rules) {
		const found = others.find((kind) => matchesRule(rule, asked, kind));
		if (found) return found;
	}
	return undefined;
}

function matchesRule(rule: RuleWithOperations, asked: Asked, kind: AnyKind): boolean {
	return (
		names(rule.operations, asked.operation) &&
		names(rule.apiGroups, kind.group) &&
		names(rule.apiVersions, kind.version) &&
		matchesScope(rule.scope ?? "*", asked) &&
		(rule.resources ?? []).some((resource) => matchesResource(resource, kind.plural, asked.subresource ?? ""))
	);
}

const names = (list: readonly string[] | undefined, wanted: string): boolean =>
	list?.includes("*") || list?.includes(wanted) || false;

/** `pods`, `pods/exec`, `pods/*`, `*` (no subresources), and both wildcards together. */
function matchesResource(text: string, resource: string, subresource: string): boolean {
	const slash = text.indexOf("/");
	const name = slash < 0 ? text : text.slice(0, slash);
	const sub = slash < 0 ? "" : text.slice(slash + 1);
	return (name === "*" || name === resource) && (sub === "*" || sub === subresource);
}

/** A namespace itself belongs to the cluster. */
function matchesScope(scope: string, { kind, namespace }: Asked): boolean {
	if (scope === "*") return true;
	const inNamespace = namespace !== undefined && kind.plural !== Namespace.plural;
	return inNamespace === (scope === "Namespaced");
}
