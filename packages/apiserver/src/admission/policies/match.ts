/** Which requests a policy, and each of its bindings, is about. */
import {
	type AnyKind,
	type MatchResources,
	type NamedRuleWithOperations,
	type Selector,
	selectorOf,
} from "@berth/api";
import type { Objects } from "../../store/objects.ts";
import type { AdmissionRequest } from "../admission.ts";
import { matchedKind } from "../match-rules.ts";
import { matchesNamespace, matchesObject } from "../match-selectors.ts";
import { equivalentsOf } from "../versions.ts";

export interface Matcher {
	/** Absent: about everything. */
	readonly rules: readonly NamedRuleWithOperations[] | undefined;
	readonly excluded: readonly NamedRuleWithOperations[];
	/** Rules also mean other versions of the objects that they name. */
	readonly equivalent: boolean;
	readonly namespaceSelector: Selector;
	readonly objectSelector: Selector;
}

export function matcherOf(match: MatchResources | undefined | null): Matcher {
	return {
		rules: match?.resourceRules?.length ? match.resourceRules : undefined,
		excluded: match?.excludeResourceRules ?? [],
		equivalent: match?.matchPolicy !== "Exact",
		namespaceSelector: selectorOf(match?.namespaceSelector ?? {}),
		objectSelector: selectorOf(match?.objectSelector ?? {}),
	};
}

const EXEMPT_GROUP = "admissionregistration.k8s.io";

/** What decides about requests must stay within reach when it decides wrongly. */
export const isExempt = ({ kind }: AdmissionRequest): boolean =>
	kind.group === EXEMPT_GROUP && kind.plural.includes("admissionpolic");

/** In whose version the objects are shown; undefined when the request is none of its business. */
export function matchRequest(
	matcher: Matcher,
	request: AdmissionRequest,
	{ objects, kinds }: { readonly objects: Objects; readonly kinds: () => readonly AnyKind[] },
): AnyKind | undefined {
	const equivalents = () => (matcher.equivalent ? equivalentsOf(kinds(), request.kind) : []);
	const { excluded, rules } = matcher;
	if (excluded.length && matchedKind(named(excluded, request), request, equivalents)) return undefined;
	const kind = rules ? matchedKind(named(rules, request), request, equivalents) : request.kind;
	if (!kind || !matchesNamespace(matcher.namespaceSelector, request, objects)) return undefined;
	return matchesObject(matcher.objectSelector, request) ? kind : undefined;
}

/** The rules that name this object, or none in particular. */
function named(rules: readonly NamedRuleWithOperations[], request: AdmissionRequest) {
	const name = request.name || request.object?.metadata?.name || "";
	return rules.filter(({ resourceNames }) => !resourceNames?.length || resourceNames.includes(name));
}
