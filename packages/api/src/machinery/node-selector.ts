/** Node selector terms: how pods and volumes say which nodes they can use. */
import { exceeds, type Labels } from "./selector.ts";

/** What the terms look at; `fields` is for `matchFields`, where only `metadata.name` exists. */
export interface NodeFacts {
	readonly name: string;
	readonly labels?: Labels | undefined;
}

interface Requirement {
	readonly key: string;
	readonly operator: string;
	readonly values?: readonly string[] | undefined;
}

interface Term {
	readonly matchExpressions?: readonly Requirement[] | undefined;
	readonly matchFields?: readonly Requirement[] | undefined;
}

/** True when any term matches. A term without any requirement matches no node, and so does an empty list. */
export const matchesNodeSelectorTerms = (terms: readonly Term[] | undefined, node: NodeFacts): boolean =>
	(terms ?? []).some((term) => matchesNodeSelectorTerm(term, node));

/** True when every requirement of the term holds; false for a term without any. */
export function matchesNodeSelectorTerm(term: Term, node: NodeFacts): boolean {
	const expressions = term.matchExpressions ?? [];
	const fields = term.matchFields ?? [];
	if (expressions.length === 0 && fields.length === 0) return false;
	const named = { "metadata.name": node.name };
	return (
		expressions.every((requirement) => holds(requirement, node.labels ?? {})) &&
		fields.every((requirement) => holds(requirement, named))
	);
}

function holds({ key, operator, values = [] }: Requirement, facts: Labels): boolean {
	const value = Object.hasOwn(facts, key) ? facts[key] : undefined;
	switch (operator) {
		case "In":
			return value !== undefined && values.includes(value);
		case "NotIn":
			return value === undefined || !values.includes(value);
		case "Exists":
			return value !== undefined;
		case "DoesNotExist":
			return value === undefined;
		case "Gt":
			return values.length === 1 && exceeds(value, values[0]);
		case "Lt":
			return values.length === 1 && exceeds(values[0], value);
		default:
			return false;
	}
}
