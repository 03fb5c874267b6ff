/** Validation of resource quotas. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { canonicalQuantity, parseQuantity } from "../../machinery/quantity.ts";
import { nonNegativeQuantity } from "../field-checks.ts";
import { isCounted, isQuotaResource, resourceNameErrors } from "./quota-resources.ts";
import type {
	ResourceQuota,
	ResourceQuotaSpec,
	ScopedResourceSelectorRequirement,
} from "./resource-quota.ts";

type Quantities = Readonly<Record<string, string>>;

export const validateResourceQuota = ({ spec }: ResourceQuota): FieldError[] => [
	...amountErrors(spec.hard ?? {}, "spec.hard"),
	...scopeErrors(spec, "spec"),
	...selectorErrors(spec, "spec"),
];

/** A quota that counted other objects than before would be another quota. */
export function validateResourceQuotaUpdate(
	{ spec }: ResourceQuota,
	{ spec: old }: ResourceQuota,
): FieldError[] {
	const [now, before] = [new Set(spec.scopes), new Set(old.scopes)];
	const isSame = now.size === before.size && [...now].every((scope) => before.has(scope));
	return isSame ? [] : [invalidValue("spec.scopes", spec.scopes, "field is immutable")];
}

export const validateResourceQuotaStatus = ({ status }: ResourceQuota): FieldError[] => [
	...amountErrors(status?.hard ?? {}, "status.hard"),
	...amountErrors(status?.used ?? {}, "status.used"),
];

const amountErrors = (amounts: Quantities, path: string): FieldError[] =>
	Object.entries(amounts).flatMap(([name, amount]) => {
		const field = `${path}[${name}]`;
		const isPart = isCounted(name) && parseQuantity(amount) % 1_000_000_000n !== 0n;
		return [
			...resourceNameErrors(field, name, isQuotaResource, "must be a standard resource for quota"),
			...nonNegativeQuantity(field, amount),
			...(isPart ? [invalidValue(field, canonicalQuantity(amount), "must be an integer")] : []),
		];
	});

const POD_SCOPES = ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort"];
const SCOPES = [...POD_SCOPES, "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];
const POD_RESOURCES = [
	"pods",
	"cpu",
	"memory",
	"ephemeral-storage",
	"requests.cpu",
	"requests.memory",
	"requests.ephemeral-storage",
	"limits.cpu",
	"limits.memory",
	"limits.ephemeral-storage",
];

/** Whether objects of the scope use the resource. */
function isScoped(scope: string, resource: string): boolean {
	if (!isQuotaResource(resource)) return true;
	switch (scope) {
		case "BestEffort":
			return resource === "pods";
		case "VolumeAttributesClass":
			return resource === "persistentvolumeclaims" || resource === "requests.storage";
		case "Terminating":
		case "NotTerminating":
		case "NotBestEffort":
		case "PriorityClass":
		case "CrossNamespacePodAffinity":
			return POD_RESOURCES.includes(resource);
		default:
			return true;
	}
}

function scopeErrors({ scopes = [], hard = {} }: ResourceQuotaSpec, path: string): FieldError[] {
	const field = `${path}.scopes`;
	return [
		...scopes.flatMap((scope) => [
			...(SCOPES.includes(scope) ? [] : [invalidValue(field, scopes, "unsupported scope")]),
			...Object.keys(hard)
				.filter((resource) => !isScoped(scope, resource))
				.map(() => invalidValue(field, scopes, "unsupported scope applied to resource")),
		]),
		...conflicts(scopes, field, scopes),
	];
}

/** No object is both. */
const conflicts = (scopes: readonly string[], field: string, shown: unknown): FieldError[] =>
	[
		["BestEffort", "NotBestEffort"],
		["Terminating", "NotTerminating"],
	]
		.filter((pair) => pair.every((scope) => scopes.includes(scope)))
		.map(() => invalidValue(field, shown, "conflicting scopes"));

function selectorErrors({ scopeSelector, hard = {}, scopes }: ResourceQuotaSpec, path: string): FieldError[] {
	const field = `${path}.scopeSelector.matchExpressions`;
	const requirements = scopeSelector?.matchExpressions ?? [];
	return [
		...requirements.flatMap((requirement) => [
			...(SCOPES.includes(requirement.scopeName)
				? []
				: [invalidValue(`${field}.scopeName`, requirement.scopeName, "unsupported scope")]),
			...Object.keys(hard)
				.filter((resource) => !isScoped(requirement.scopeName, resource))
				.map(() => invalidValue(field, scopeSelector, "unsupported scope applied to resource")),
			...requirementErrors(requirement, field),
		]),
		...conflicts(
			requirements.map(({ scopeName }) => scopeName),
			field,
			scopes ?? [],
		),
	];
}

function requirementErrors(
	{ scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
	path: string,
): FieldError[] {
	const field = `${path}.values`;
	const isPresenceOnly = POD_SCOPES.includes(scopeName) || scopeName === "CrossNamespacePodAffinity";
	return [
		...(isPresenceOnly && operator !== "Exists"
			? [
					invalidValue(
						`${path}.operator`,
						operator ?? "",
						"must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
					),
				]
			: []),
		...(() => {
			switch (operator) {
				case "In":
				case "NotIn":
					return values.length > 0
						? []
						: [
								required(
									field,
									"must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
								),
							];
				case "Exists":
				case "DoesNotExist":
					return values.length === 0
						? []
						: [
								invalidValue(
									field,
									values,
									"must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector",
								),
							];
				default:
					return [invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator")];
			}
		})(),
	];
}
