/** RBAC's arithmetic on rules: does a rule allow a request, do some rules cover others. Pure. */
import type { PolicyRule } from "@berth/api";
import type { Attributes } from "./auth.ts";

const has = (list: readonly string[] | undefined, value: string): boolean =>
	list !== undefined && (list.includes(value) || list.includes("*"));

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
	if (!has(rule.verbs, attributes.verb)) return false;
	if ("path" in attributes) return pathMatches(rule.nonResourceURLs, attributes.path);
	return (
		has(rule.apiGroups, attributes.group) &&
		resourceMatches(rule.resources, attributes.resource, attributes.subresource) &&
		(!rule.resourceNames?.length || rule.resourceNames.includes(attributes.name ?? ""))
	);
}

/** `*` is everything, `pods/log` a subresource, `*` and `/scale` together that subresource of anything. */
function resourceMatches(
	resources: readonly string[] | undefined,
	resource: string,
	subresource: string | undefined,
): boolean {
	if (!resources) return false;
	if (subresource === undefined) return has(resources, resource);
	return has(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

function pathMatches(patterns: readonly string[] | undefined, path: string): boolean {
	return (patterns ?? []).some(
		(pattern) => pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1))),
	);
}

/** More single permissions than this in one role are not looked at one by one. */
const MAX_ATOMS = 20_000;

/**
 * The permissions of `wanted` that `held` does not include, merged into few rules; undefined when `wanted` names so
 * many that nobody could mean it.
 */
export function missingRules(
	held: readonly PolicyRule[],
	wanted: readonly PolicyRule[],
): readonly PolicyRule[] | undefined {
	let budget = MAX_ATOMS;
	const missing: PolicyRule[] = [];
	for (const rule of wanted) {
		if (held.some((owned) => covers(owned, rule))) continue;
		budget -= atomCount(rule);
		if (budget < 0) return undefined;
		for (const atom of atoms(rule)) if (!held.some((owned) => covers(owned, atom))) missing.push(atom);
	}
	return compact(missing);
}

/** True when everything `wanted` allows is allowed by `owned` alone. */
function covers(owned: PolicyRule, wanted: PolicyRule): boolean {
	if (!wanted.verbs.every((verb) => has(owned.verbs, verb))) return false;
	const paths = wanted.nonResourceURLs ?? [];
	if (!paths.every((path) => pathMatches(owned.nonResourceURLs, path))) return false;
	if (paths.length && !wanted.resources?.length) return true;
	const names = wanted.resourceNames ?? [];
	return (
		(wanted.apiGroups ?? []).every((group) => has(owned.apiGroups, group)) &&
		(wanted.resources ?? []).every((resource) => {
			const [plural = "", subresource] = resource.split("/", 2);
			return resourceMatches(owned.resources, plural, subresource);
		}) &&
		(!owned.resourceNames?.length ||
			(names.length > 0 && names.every((name) => owned.resourceNames?.includes(name))))
	);
}

const atLeastOne = (list: readonly string[] | undefined): number => Math.max(1, list?.length ?? 0);

const atomCount = (rule: PolicyRule): number =>
	rule.verbs.length *
	(atLeastOne(rule.apiGroups) * atLeastOne(rule.resources) * atLeastOne(rule.resourceNames) +
		(rule.nonResourceURLs?.length ?? 0));

/** The rule as rules of one verb on one thing each. */
function* atoms(rule: PolicyRule): Iterable<PolicyRule> {
	const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
	for (const verb of rule.verbs) {
		for (const url of rule.nonResourceURLs ?? []) yield { verbs: [verb], nonResourceURLs: [url] };
		for (const group of rule.apiGroups ?? []) {
			for (const resource of rule.resources ?? []) {
				for (const name of names) {
					const atom = { verbs: [verb], apiGroups: [group], resources: [resource] };
					yield name === undefined ? atom : { ...atom, resourceNames: [name] };
				}
			}
		}
	}
}

/** Joins the verbs of single-thing rules that are about the same thing. */
function compact(rules: readonly PolicyRule[]): PolicyRule[] {
	const byThing = Map.groupBy(rules, ({ verbs: _, ...thing }) => JSON.stringify(thing));
	return [...byThing.values()].map((same) => ({ ...same[0], verbs: same.flatMap((rule) => rule.verbs) }));
}

/** A rule on one line, in the form Kubernetes prints: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function formatRule(rule: PolicyRule): string {
	const parts: [string, readonly string[] | undefined][] = [
		["APIGroups", rule.apiGroups],
		["Resources", rule.resources],
		["NonResourceURLs", rule.nonResourceURLs],
		["ResourceNames", rule.resourceNames],
		["Verbs", rule.verbs],
	];
	const shown = parts
		.filter(([, list]) => list?.length)
		.map(([name, list]) => `${name}:${formatStrings(list)}`);
	return `{${shown.join(", ")}}`;
}

/** `["a" "b"]`. */
export const formatStrings = (list: readonly string[] | undefined): string =>
	`[${(list ?? []).map((text) => JSON.stringify(text)).join(" ")}]`;
