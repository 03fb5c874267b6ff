/** Validation of flow schemas. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import type {
	FlowSchema,
	FlowSubject,
	NonResourcePolicyRule,
	PolicyRulesWithSubjects,
	ResourcePolicyRule,
} from "./flow-schema.ts";

const MAX_PRECEDENCE = 10_000;

export function validateFlowSchema({ metadata, spec }: FlowSchema): FieldError[] {
	const { matchingPrecedence = 0, priorityLevelConfiguration: level, rules = [] } = spec;
	const field = "spec.matchingPrecedence";
	return [
		...(matchingPrecedence <= 0 ? [invalidValue(field, matchingPrecedence, "must be a positive value")] : []),
		...(matchingPrecedence > MAX_PRECEDENCE
			? [invalidValue(field, matchingPrecedence, `must not be greater than ${MAX_PRECEDENCE}`)]
			: []),
		...(matchingPrecedence === 1 && metadata.name !== "exempt"
			? [
					invalidValue(
						field,
						matchingPrecedence,
						"only the schema named 'exempt' may have matchingPrecedence 1",
					),
				]
			: []),
		...(level?.name
			? invalids("spec.priorityLevelConfiguration.name", level.name, dnsSubdomainErrors(level.name))
			: [required("spec.priorityLevelConfiguration.name", "must reference a priority level")]),
		...rules.flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`)),
	];
}

function ruleErrors(
	{ subjects = [], resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
	path: string,
): FieldError[] {
	return [
		...(subjects.length === 0
			? [required(`${path}.subjects`, "subjects must contain at least one value")]
			: []),
		...subjects.flatMap((subject, index) => subjectErrors(subject, `${path}.subjects[${index}]`)),
		...(resourceRules.length === 0 && nonResourceRules.length === 0
			? [required(path, "at least one of resourceRules and nonResourceRules has to be non-empty")]
			: []),
		...resourceRules.flatMap((rule, index) => resourceErrors(rule, `${path}.resourceRules[${index}]`)),
		...nonResourceRules.flatMap((rule, index) => pathErrors(rule, `${path}.nonResourceRules[${index}]`)),
	];
}

const SUBJECT_FIELDS = { User: "user", Group: "group", ServiceAccount: "serviceAccount" } as const;

function subjectErrors(subject: FlowSubject, path: string): FieldError[] {
	const own = SUBJECT_FIELDS[subject.kind];
	const others = Object.entries(SUBJECT_FIELDS).filter(([, name]) => name !== own && subject[name]);
	if (!own) return [];
	const said = subject[own];
	return [
		...others.map(([kind, name]) =>
			forbiddenField(`${path}.${name}`, `${name} is forbidden when subject kind is not '${kind}'`),
		),
		...(said
			? []
			: [required(`${path}.${own}`, `${own} is required when subject kind is '${subject.kind}'`)]),
		...(said && !said.name ? [required(`${path}.${own}.name`)] : []),
		...(subject.kind === "ServiceAccount" && subject.serviceAccount && !subject.serviceAccount.namespace
			? [required(`${path}.serviceAccount.namespace`, "must specify namespace for service account")]
			: []),
	];
}

function resourceErrors(rule: ResourcePolicyRule, path: string): FieldError[] {
	const { verbs = [], apiGroups = [], resources = [], namespaces = [], clusterScope = false } = rule;
	return [
		...allOrSome(verbs, `${path}.verbs`, "verbs must contain at least one value", "verbs"),
		...allOrSome(
			apiGroups,
			`${path}.apiGroups`,
			"resource rules must supply at least one api group",
			"api groups",
		),
		...allOrSome(
			resources,
			`${path}.resources`,
			"resource rules must supply at least one resource",
			"resources",
		),
		...(namespaces.length === 0 && !clusterScope
			? [
					required(
						`${path}.namespaces`,
						"resource rules that are not cluster scoped must supply at least one namespace",
					),
				]
			: []),
		...(namespaces.length > 1 && namespaces.includes("*")
			? [
					invalidValue(
						`${path}.namespaces`,
						namespaces,
						"if '*' is present, must not specify other namespaces",
					),
				]
			: []),
	];
}

const pathErrors = (
	{ verbs = [], nonResourceURLs = [] }: NonResourcePolicyRule,
	path: string,
): FieldError[] => [
	...allOrSome(verbs, `${path}.verbs`, "verbs must contain at least one value", "verbs"),
	...allOrSome(
		nonResourceURLs,
		`${path}.nonResourceURLs`,
		"nonResourceURLs must contain at least one value",
		"non-resource URLs",
	),
	...nonResourceURLs.flatMap((url, index) =>
		url === "*" || url.startsWith("/")
			? []
			: [invalidValue(`${path}.nonResourceURLs[${index}]`, url, "must start with slash")],
	),
];

function allOrSome(values: readonly string[], field: string, missing: string, what: string): FieldError[] {
	if (values.length === 0) return [required(field, missing)];
	if (values.length === 1 || !values.includes("*")) return [];
	return [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)];
}
