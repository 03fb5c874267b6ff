/** Validation of where a pod may go: affinity, tolerations, spreading. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	required,
} from "../../machinery/field-error.ts";
import type { LabelSelector } from "../../machinery/meta.ts";
import {
	dnsLabelErrors,
	dnsSubdomainErrors,
	labelValueErrors,
	qualifiedNameErrors,
} from "../../machinery/names.ts";
import { invalids, optionalName, qualifiedName, requiredText } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type {
	Affinity,
	NodeAffinity,
	NodeSelector,
	NodeSelectorRequirement,
	NodeSelectorTerm,
	PodAffinity,
	PodAffinityTerm,
	Toleration,
	TopologySpreadConstraint,
} from "./scheduling.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export const validateAffinity = (affinity: Affinity, path: string): FieldError[] => [
	...(affinity.nodeAffinity ? nodeAffinityErrors(affinity.nodeAffinity, `${path}.nodeAffinity`) : []),
	...(affinity.podAffinity ? podAffinityErrors(affinity.podAffinity, `${path}.podAffinity`) : []),
	...(affinity.podAntiAffinity ? podAffinityErrors(affinity.podAntiAffinity, `${path}.podAntiAffinity`) : []),
];

export function validateNodeSelector({ nodeSelectorTerms = [] }: NodeSelector, path: string): FieldError[] {
	const field = `${path}.nodeSelectorTerms`;
	return [
		...(nodeSelectorTerms.length === 0 ? [required(field, "must have at least one node selector term")] : []),
		...nodeSelectorTerms.flatMap((term, index) => nodeTermErrors(term, `${field}[${index}]`)),
	];
}

function nodeAffinityErrors(affinity: NodeAffinity, path: string): FieldError[] {
	const needed = affinity[REQUIRED];
	return [
		...(needed ? validateNodeSelector(needed, `${path}.${REQUIRED}`) : []),
		...(affinity[PREFERRED] ?? []).flatMap(({ weight, preference }, index) => [
			...weightErrors(`${path}.${PREFERRED}[${index}].weight`, weight),
			...nodeTermErrors(preference ?? {}, `${path}.${PREFERRED}[${index}].preference`),
		]),
	];
}

const weightErrors = (field: string, weight: number | undefined): FieldError[] =>
	!weight || weight < 0 || weight > 100
		? [invalidValue(field, weight ?? 0, "must be in the range 1-100")]
		: [];

const nodeTermErrors = (term: NodeSelectorTerm, path: string): FieldError[] => [
	...(term.matchExpressions ?? []).flatMap((requirement, index) =>
		expressionErrors(requirement, `${path}.matchExpressions[${index}]`),
	),
	...(term.matchFields ?? []).flatMap((requirement, index) =>
		fieldErrors(requirement, `${path}.matchFields[${index}]`),
	),
];

const expressionErrors = (requirement: NodeSelectorRequirement, path: string): FieldError[] => [
	...expressionValueErrors(requirement, path),
	...qualifiedName(`${path}.key`, requirement.key),
];

function expressionValueErrors(
	{ operator, values = [] }: NodeSelectorRequirement,
	path: string,
): FieldError[] {
	const field = `${path}.values`;
	switch (operator) {
		case "In":
		case "NotIn":
			return values.length > 0
				? []
				: [required(field, "must be specified when `operator` is 'In' or 'NotIn'")];
		case "Exists":
		case "DoesNotExist":
			return values.length === 0
				? []
				: [forbiddenField(field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
		case "Gt":
		case "Lt":
			return values.length === 1
				? []
				: [required(field, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
		default:
			return [invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator")];
	}
}

function fieldErrors({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
	const isKnown = operator === "In" || operator === "NotIn";
	return [
		...(isKnown && values.length !== 1
			? [
					required(
						`${path}.values`,
						"must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
					),
				]
			: []),
		...(isKnown ? [] : [invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator")]),
		...(key === "metadata.name"
			? values.flatMap((value, index) =>
					invalids(`${path}.values[${index}]`, value, dnsSubdomainErrors(value)),
				)
			: [invalidValue(`${path}.key`, key ?? "", "not a valid field selector key")]),
	];
}

const podAffinityErrors = (affinity: PodAffinity, path: string): FieldError[] => [
	...(affinity[REQUIRED] ?? []).flatMap((term, index) =>
		podTermErrors(term, `${path}.${REQUIRED}[${index}]`),
	),
	...(affinity[PREFERRED] ?? []).flatMap(({ weight, podAffinityTerm }, index) => [
		...weightErrors(`${path}.${PREFERRED}[${index}].weight`, weight),
		...podTermErrors(podAffinityTerm ?? {}, `${path}.${PREFERRED}[${index}].podAffinityTerm`),
	]),
];

function podTermErrors(term: Partial<PodAffinityTerm>, path: string): FieldError[] {
	const { topologyKey = "", labelSelector } = term;
	return [
		...validateLabelSelector(labelSelector, `${path}.labelSelector`),
		...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
		...(term.namespaces ?? []).flatMap((name) => invalids(`${path}.namespace`, name, dnsLabelErrors(name))),
		...labelKeyErrors(term.matchLabelKeys ?? [], labelSelector, `${path}.matchLabelKeys`),
		...labelKeyErrors(term.mismatchLabelKeys ?? [], labelSelector, `${path}.mismatchLabelKeys`),
		...(term.matchLabelKeys ?? []).flatMap((key, index) =>
			term.mismatchLabelKeys?.includes(key)
				? [
						invalidValue(
							`${path}.matchLabelKeys[${index}]`,
							key,
							"exists in both matchLabelKeys and mismatchLabelKeys",
						),
					]
				: [],
		),
		...(topologyKey ? [] : [required(`${path}.topologyKey`, "can not be empty")]),
		...qualifiedName(`${path}.topologyKey`, topologyKey),
	];
}

function labelKeyErrors(
	keys: readonly string[],
	selector: LabelSelector | undefined | null,
	path: string,
): FieldError[] {
	if (keys.length === 0) return [];
	if (!selector) return [forbiddenField(path, "must not be specified when labelSelector is not set")];
	return keys.flatMap((key, index) => invalids(`${path}[${index}]`, key, qualifiedNameErrors(key)));
}

export const validateTolerations = (tolerations: readonly Toleration[], path: string): FieldError[] =>
	tolerations.flatMap((toleration, index) => tolerationErrors(toleration, `${path}[${index}]`));

function tolerationErrors(toleration: Toleration, path: string): FieldError[] {
	const { key, operator, value = "", effect, tolerationSeconds } = toleration;
	return [
		...optionalName(`${path}.key`, key, qualifiedNameErrors),
		...(!key && operator !== "Exists"
			? [
					invalidValue(
						`${path}.operator`,
						operator ?? "",
						'operator must be Exists when `key` is empty, which means "match all values and all keys"',
					),
				]
			: []),
		...(tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== "NoExecute"
			? [
					invalidValue(
						`${path}.effect`,
						effect ?? "",
						"effect must be 'NoExecute' when `tolerationSeconds` is set",
					),
				]
			: []),
		...tolerationValueErrors({ operator, value, toleration }, path),
	];
}

function tolerationValueErrors(
	{ operator, value, toleration }: { operator: string | undefined; value: string; toleration: Toleration },
	path: string,
): FieldError[] {
	if (operator === "Exists")
		return value
			? [invalidValue(`${path}.operator`, toleration, "value must be empty when `operator` is 'Exists'")]
			: [];
	if (operator === "Lt" || operator === "Gt")
		return /^(0|-?[1-9]\d{0,18})$/.test(value)
			? []
			: [invalidValue(`${path}.value`, value, "value must be a valid integer")];
	const messages = labelValueErrors(value);
	return messages.length > 0 ? [invalidValue(`${path}.operator`, value, messages.join(";"))] : [];
}

export function validateTopologySpread(
	constraints: readonly TopologySpreadConstraint[],
	path: string,
): FieldError[] {
	const seen = new Set<string>();
	return constraints.flatMap((constraint, index) => {
		const at = `${path}[${index}]`;
		const pair = `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`;
		const isRepeated = seen.has(pair);
		seen.add(pair);
		return [
			...spreadErrors(constraint, at),
			...(isRepeated ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair)] : []),
		];
	});
}

function spreadErrors(constraint: TopologySpreadConstraint, path: string): FieldError[] {
	const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint;
	const isDomainsSet = minDomains !== undefined && minDomains !== null;
	return [
		...(!maxSkew || maxSkew < 0
			? [invalidValue(`${path}.maxSkew`, maxSkew ?? 0, "must be greater than zero")]
			: []),
		...(topologyKey ? [] : [required(`${path}.topologyKey`, "can not be empty")]),
		...requiredText(`${path}.whenUnsatisfiable`, whenUnsatisfiable),
		...(isDomainsSet && minDomains <= 0
			? [invalidValue(`${path}.minDomains`, minDomains, "must be greater than zero")]
			: []),
		...(isDomainsSet && whenUnsatisfiable !== "DoNotSchedule"
			? [
					invalidValue(
						`${path}.minDomains`,
						minDomains,
						`can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable ?? ""}`,
					),
				]
			: []),
		...validateLabelSelector(labelSelector, `${path}.labelSelector`),
		...labelKeyErrors(constraint.matchLabelKeys ?? [], labelSelector, `${path}.matchLabelKeys`),
		...(constraint.matchLabelKeys ?? []).flatMap((key, index) =>
			labelSelector?.matchLabels && Object.hasOwn(labelSelector.matchLabels, key)
				? [
						invalidValue(
							`${path}.matchLabelKeys[${index}]`,
							key,
							"exists in both matchLabelKeys and labelSelector",
						),
					]
				: [],
		),
	];
}
