/** Validation of admission policies and their bindings, apart from the meaning of their expressions. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
	tooMany,
} from "../../machinery/field-error.ts";
import {
	dns1035LabelErrors,
	dnsSubdomainErrors,
	pathSegmentErrors,
	qualifiedNameErrors,
} from "../../machinery/names.ts";
import { duplicates, invalids, requiredName } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type { MatchCondition, MatchResources } from "./match.ts";
import type { ParamKind, ParamRef, Variable } from "./policy.ts";
import { matchConditionErrors, matchResourcesErrors } from "./rule-validation.ts";
import type {
	AuditAnnotation,
	ValidatingAdmissionPolicySpec,
	Validation,
} from "./validating-admission-policy.ts";

interface PolicySpec {
	readonly paramKind?: ParamKind | undefined | null;
	readonly matchConstraints?: MatchResources | undefined | null;
	readonly matchConditions?: readonly MatchCondition[] | undefined;
	readonly variables?: readonly Variable[] | undefined;
}

/** What mutating and validating policies have in common. */
export function policyErrors(spec: PolicySpec): FieldError[] {
	const { paramKind, matchConstraints, matchConditions = [], variables = [] } = spec;
	return [
		...(paramKind ? paramKindErrors(paramKind, "spec.paramKind") : []),
		...(matchConstraints
			? [
					...matchResourcesErrors(matchConstraints, "spec.matchConstraints"),
					...(matchConstraints.resourceRules?.length
						? []
						: [required("spec.matchConstraints.resourceRules")]),
				]
			: [required("spec.matchConstraints")]),
		...variables.flatMap((variable, index) => variableErrors(variable, `spec.variables[${index}]`)),
		...duplicates(
			variables.map(({ name }) => name),
			(index) => `spec.variables[${index}].name`,
		),
		...matchConditionErrors(matchConditions, "spec.matchConditions"),
	];
}

const MAX_ANNOTATIONS = 20;

export function validationErrors(spec: ValidatingAdmissionPolicySpec): FieldError[] {
	const { validations = [], auditAnnotations = [] } = spec;
	if (validations.length === 0 && auditAnnotations.length === 0) {
		const detail = "validations or auditAnnotations must contain at least one item";
		return [required("spec.validations", detail), required("spec.auditAnnotations", detail)];
	}
	return [
		...validations.flatMap((validation, index) => oneValidation(validation, `spec.validations[${index}]`)),
		...(auditAnnotations.length > MAX_ANNOTATIONS
			? [tooMany("spec.auditAnnotations", auditAnnotations.length, MAX_ANNOTATIONS)]
			: []),
		...auditAnnotations.flatMap((annotation, index) =>
			annotationErrors(annotation, `spec.auditAnnotations[${index}]`),
		),
		...auditAnnotations.flatMap(({ key }, index) =>
			auditAnnotations.findIndex((other) => other.key === key) < index
				? [duplicate(`spec.auditAnnotations[${index}].key`, key)]
				: [],
		),
	];
}

interface BindingSpec {
	readonly policyName?: string | undefined;
	readonly paramRef?: ParamRef | undefined | null;
	readonly matchResources?: MatchResources | undefined | null;
}

export const bindingErrors = ({ policyName, paramRef, matchResources }: BindingSpec): FieldError[] => [
	...requiredName("spec.policyName", policyName, dnsSubdomainErrors),
	...(paramRef ? paramRefErrors(paramRef, "spec.paramRef") : []),
	...(matchResources ? matchResourcesErrors(matchResources, "spec.matchResources") : []),
];

function paramKindErrors({ apiVersion, kind }: ParamKind, path: string): FieldError[] {
	return [
		...(apiVersion ? groupVersionErrors(apiVersion, `${path}.apiVersion`) : [required(`${path}.apiVersion`)]),
		...(kind
			? dns1035LabelErrors(kind.toLowerCase()).map((message) =>
					invalidValue(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${message}`),
				)
			: [required(`${path}.kind`)]),
	];
}

function groupVersionErrors(text: string, field: string): FieldError[] {
	const parts = text.split("/");
	if (parts.length > 2) {
		return [invalidValue(field, text, `unexpected GroupVersion string: ${text}`)];
	}
	const [group, version = ""] = parts.length === 2 ? parts : [undefined, parts[0]];
	return [
		...(group === undefined ? [] : invalids(field, group, dnsSubdomainErrors(group))),
		...invalids(field, version, dns1035LabelErrors(version)),
	];
}

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

const variableErrors = ({ name, expression }: Variable, path: string): FieldError[] => [
	...(name
		? IDENTIFIER.test(name)
			? []
			: [invalidValue(`${path}.name`, name, "name is not a valid CEL identifier")]
		: [required(`${path}.name`, "name is not specified")]),
	...expressionErrors(expression, `${path}.expression`),
];

export const expressionErrors = (text: string | undefined, field: string): FieldError[] =>
	text?.trim() ? [] : [required(field, `${field.slice(field.lastIndexOf(".") + 1)} is not specified`)];

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];
const hasLines = (text: string) => /[\r\n]/.test(text);

function oneValidation(validation: Validation, path: string): FieldError[] {
	const { expression = "", message = "", messageExpression = "", reason } = validation;
	return [
		...expressionErrors(expression, `${path}.expression`),
		...(messageExpression && !messageExpression.trim()
			? [invalidValue(`${path}.messageExpression`, messageExpression, "must be non-empty if specified")]
			: []),
		...messageErrors(message, expression, `${path}.message`),
		...(reason && !REASONS.includes(reason) ? [notSupported(`${path}.reason`, reason, REASONS)] : []),
	];
}

function messageErrors(message: string, expression: string, field: string): FieldError[] {
	if (message && !message.trim())
		return [invalidValue(field, message, "message must be non-empty if specified")];
	if (hasLines(message.trim())) return [invalidValue(field, message, "message must not contain line breaks")];
	if (!message && hasLines(expression.trim())) {
		return [required(field, "message must be specified if expression contains line breaks")];
	}
	return [];
}

const annotationErrors = ({ key, valueExpression }: AuditAnnotation, path: string): FieldError[] => [
	...(key ? invalids(`${path}.key`, key, qualifiedNameErrors(key)) : [required(`${path}.key`)]),
	...expressionErrors(valueExpression, `${path}.valueExpression`),
];

function paramRefErrors(ref: ParamRef, path: string): FieldError[] {
	const { name, selector, parameterNotFoundAction } = ref;
	return [
		...(name ? invalids(`${path}.name`, name, pathSegmentErrors(name)) : []),
		...validateLabelSelector(selector, `${path}.selector`),
		...(name && selector ? [forbiddenField(`${path}.name`, "name and selector are mutually exclusive")] : []),
		...(!name && !selector ? [required(path, "one of name or selector must be specified")] : []),
		...(parameterNotFoundAction ? [] : [required(`${path}.parameterNotFoundAction`)]),
	];
}
