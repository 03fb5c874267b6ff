/** Whether a definition can be served: its names, versions, conversion and columns. */
import { deepEqual } from "../../machinery/deep.ts";
import { type FieldError, invalidValue, notSupported, required } from "../../machinery/field-error.ts";
import { dns1035LabelErrors, dnsSubdomainErrors } from "../../machinery/names.ts";
import { conversionErrors } from "./conversion-validation.ts";
import type {
	CustomResourceDefinition,
	CustomResourceDefinitionNames,
	CustomResourceDefinitionSpec,
} from "./custom-resource-definition.ts";
import { versionErrors } from "./version-validation.ts";

/** Groups that only Kubernetes' own people may add to, and the annotation by which they say so. */
const PROTECTED_GROUP = /(?:^|\.)(?:k8s|kubernetes)\.io$/;
export const API_APPROVED = "api-approved.kubernetes.io";

export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
	const { spec, metadata } = definition;
	const whole = `${spec.names.plural}.${spec.group}`;
	return [
		...(metadata.name === whole
			? []
			: [invalidValue("metadata.name", metadata.name, `must be spec.names.plural+"."+spec.group`)]),
		...approvalErrors(definition),
		...specErrors(spec),
		...storedVersionErrors(definition),
	];
}

export function validateDefinitionUpdate(
	next: CustomResourceDefinition,
	old: CustomResourceDefinition,
): FieldError[] {
	const errors: FieldError[] = [];
	const keep = (field: string, value: unknown, before: unknown) => {
		if (!deepEqual(value, before)) errors.push(invalidValue(field, value, "field is immutable"));
	};
	keep("spec.group", next.spec.group, old.spec.group);
	keep("spec.names.plural", next.spec.names.plural, old.spec.names.plural);
	if (isEstablished(old)) {
		keep("spec.scope", next.spec.scope, old.spec.scope);
		keep("spec.names.kind", next.spec.names.kind, old.spec.names.kind);
	}
	return errors;
}

export function validateStoredVersions(definition: CustomResourceDefinition): FieldError[] {
	return storedVersionErrors(definition);
}

export const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
	status?.conditions?.some((condition) => condition.type === "Established" && condition.status === "True") ??
	false;

export const isProtectedGroup = (group: string): boolean => PROTECTED_GROUP.test(group);

function approvalErrors({ metadata, spec }: CustomResourceDefinition): FieldError[] {
	if (!isProtectedGroup(spec.group) || metadata.annotations?.[API_APPROVED]) return [];
	return [
		required(
			`metadata.annotations[${API_APPROVED}]`,
			`protected groups must have approval annotation ${JSON.stringify(API_APPROVED)}, see https://github.com/kubernetes/enhancements/pull/1111`,
		),
	];
}

function specErrors(given: CustomResourceDefinitionSpec): FieldError[] {
	// What is required may be missing all the same: that is what is judged here.
	const spec = { ...given, versions: given.versions ?? [] };
	const storage = spec.versions.filter((version) => version.storage);
	const names = new Set(spec.versions.map(({ name }) => name));
	return [
		...groupErrors(spec.group),
		...scopeErrors(spec.scope),
		...(names.size === spec.versions.length
			? []
			: [
					invalidValue(
						"spec.versions",
						spec.versions.map(({ name }) => name),
						"must contain unique version names",
					),
				]),
		...spec.versions.flatMap((version, index) => versionErrors(version, `spec.versions[${index}]`)),
		...(storage.length === 1
			? []
			: [
					invalidValue(
						"spec.versions",
						spec.versions.map(({ name }) => name),
						"must have exactly one version marked as storage version",
					),
				]),
		...nameErrors(spec.names),
		...conversionErrors(spec.conversion),
		...(spec.preserveUnknownFields
			? [
					invalidValue(
						"spec.preserveUnknownFields",
						true,
						"cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
					),
				]
			: []),
	];
}

function groupErrors(group: string): FieldError[] {
	const field = "spec.group";
	if (!group) return [required(field)];
	const errors = dnsSubdomainErrors(group);
	if (errors.length) return [invalidValue(field, group, errors.join(","))];
	return group.includes(".") ? [] : [invalidValue(field, group, "should be a domain with at least one dot")];
}

function scopeErrors(scope: string): FieldError[] {
	if (!scope) return [required("spec.scope")];
	const known = ["Cluster", "Namespaced"];
	return known.includes(scope) ? [] : [notSupported("spec.scope", scope, known)];
}

function nameErrors(names: CustomResourceDefinitionNames): FieldError[] {
	const at = "spec.names";
	const label = (field: string, value: string) => {
		const errors = dns1035LabelErrors(value);
		return errors.length ? [invalidValue(`${at}.${field}`, value, errors.join(","))] : [];
	};
	const mixed = (field: string, value: string) => {
		const errors = dns1035LabelErrors(value.toLowerCase());
		const detail = `may have mixed case, but should otherwise match: ${errors.join(",")}`;
		return errors.length ? [invalidValue(`${at}.${field}`, value, detail)] : [];
	};
	const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
	const missing = (["plural", "singular", "kind", "listKind"] as const).filter((field) => !names[field]);
	return [
		...missing.map((field) => required(`${at}.${field}`)),
		...(plural ? label("plural", plural) : []),
		...(singular ? label("singular", singular) : []),
		...(kind ? mixed("kind", kind) : []),
		...(listKind ? mixed("listKind", listKind) : []),
		...(kind && kind === listKind
			? [invalidValue(`${at}.listKind`, listKind, "kind and listKind may not be the same")]
			: []),
		...shortNames.flatMap((name, index) => label(`shortNames[${index}]`, name)),
		...categories.flatMap((name, index) => label(`categories[${index}]`, name)),
	];
}

function storedVersionErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
	const versions = spec.versions ?? [];
	const field = "status.storedVersions";
	const stored = status?.storedVersions ?? [];
	if (!stored.length) return [invalidValue(field, stored, "must have at least one stored version")];
	const storage = versions.find((version) => version.storage)?.name;
	return [
		...stored.flatMap((name, index) =>
			versions.some((version) => version.name === name)
				? []
				: [invalidValue(`${field}[${index}]`, name, "must appear in spec.versions")],
		),
		...(storage === undefined || stored.includes(storage)
			? []
			: [invalidValue(field, stored, `must have the storage version ${storage}`)]),
	];
}
