/** Validation of which requests webhooks and policies are about. */
import {
	duplicate,
	type FieldError,
	invalidValue,
	notSupported,
	required,
	tooMany,
} from "../../machinery/field-error.ts";
import { pathSegmentErrors, qualifiedNameErrors } from "../../machinery/names.ts";
import { duplicates, invalids } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type { MatchCondition, MatchResources, NamedRuleWithOperations, RuleWithOperations } from "./match.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const MAX_CONDITIONS = 64;

export function ruleErrors(rule: RuleWithOperations, path: string): FieldError[] {
	const { operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule;
	return [
		...allOrSome(operations, `${path}.operations`, "operations"),
		...operations.flatMap((operation, index) =>
			OPERATIONS.includes(operation)
				? []
				: [notSupported(`${path}.operations[${index}]`, operation, OPERATIONS)],
		),
		// The core group has no name.
		...allOrSome(apiGroups, `${path}.apiGroups`, "API groups"),
		...allOrSome(apiVersions, `${path}.apiVersions`, "API versions"),
		...noneEmpty(apiVersions, `${path}.apiVersions`),
		...resourceErrors(resources, `${path}.resources`),
	];
}

export function matchResourcesErrors(match: MatchResources, path: string): FieldError[] {
	const { resourceRules = [], excludeResourceRules = [] } = match;
	return [
		...validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`),
		...validateLabelSelector(match.objectSelector, `${path}.objectSelector`),
		...resourceRules.flatMap((rule, index) => namedRuleErrors(rule, `${path}.resourceRules[${index}]`)),
		...excludeResourceRules.flatMap((rule, index) =>
			namedRuleErrors(rule, `${path}.excludeResourceRules[${index}]`),
		),
	];
}

/** Names and presence; whether the expressions mean anything is for those who run them. */
export function matchConditionErrors(conditions: readonly MatchCondition[], path: string): FieldError[] {
	if (conditions.length > MAX_CONDITIONS) return [tooMany(path, conditions.length, MAX_CONDITIONS)];
	return [
		...conditions.flatMap(({ name, expression }, index) => [
			...(expression?.trim() ? [] : [required(`${path}[${index}].expression`)]),
			...(name
				? invalids(`${path}[${index}].name`, name, qualifiedNameErrors(name))
				: [required(`${path}[${index}].name`)]),
		]),
		...duplicates(
			conditions.map(({ name }) => name),
			(index) => `${path}[${index}].name`,
		),
	];
}

function namedRuleErrors(rule: NamedRuleWithOperations, path: string): FieldError[] {
	const names = rule.resourceNames ?? [];
	const field = (index: number) => `${path}.resourceNames[${index}]`;
	return [
		...names.flatMap((name, index) => invalids(field(index), name, pathSegmentErrors(name))),
		...duplicates(names, field),
		...ruleErrors(rule, path),
	];
}

function allOrSome(values: readonly string[], field: string, what: string): FieldError[] {
	if (values.length === 0) return [required(field)];
	if (values.length === 1 || !values.includes("*")) return [];
	return [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)];
}

const noneEmpty = (values: readonly string[], field: string): FieldError[] =>
	values.flatMap((value, index) => (value ? [] : [required(`${field}[${index}]`)]));

/** What a wildcard covers may not be said again. */
function resourceErrors(resources: readonly string[], field: string): FieldError[] {
	if (resources.length === 0) return [required(field)];
	const errors = noneEmpty(resources, field);
	const wholeResources = new Set<string>();
	const wholeSubresources = new Set<string>();
	let plain = 0;
	resources.forEach((text, index) => {
		const slash = text.indexOf("/");
		if (text === "" || text === "*/*") return;
		if (slash < 0) {
			if (text !== "*") plain += 1;
			return;
		}
		const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
		const at = `${field}[${index}]`;
		if (wholeResources.has(resource)) {
			errors.push(invalidValue(at, text, `if '${resource}/*' is present, must not specify ${text}`));
		}
		if (wholeSubresources.has(subresource)) {
			errors.push(invalidValue(at, text, `if '*/${subresource}' is present, must not specify ${text}`));
		}
		if (subresource === "*") wholeResources.add(resource);
		if (resource === "*") wholeSubresources.add(subresource);
	});
	if (resources.length > 1 && resources.includes("*/*")) {
		errors.push(invalidValue(field, resources, "if '*/*' is present, must not specify other resources"));
	}
	if (plain > 0 && resources.includes("*")) {
		const detail = "if '*' is present, must not specify other resources without subresources";
		errors.push(invalidValue(field, resources, detail));
	}
	return errors;
}

/** Each of a closed set, once. */
export const actionErrors = (
	actions: readonly string[],
	field: string,
	allowed: readonly string[],
): FieldError[] =>
	actions.flatMap((action, index) => {
		const at = `${field}[${index}]`;
		if (actions.indexOf(action) < index) return [duplicate(at, action)];
		return allowed.includes(action) ? [] : [notSupported(at, action, allowed)];
	});
