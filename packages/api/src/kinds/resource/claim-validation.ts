/** Validation of what claims ask for, of claims, their templates and device classes. */
import { deepEqual } from "../../machinery/deep.ts";
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
	tooLong,
	tooMany,
} from "../../machinery/field-error.ts";
import { dnsLabelErrors, dnsSubdomainErrors } from "../../machinery/names.ts";
import { duplicates, invalids, requiredName } from "../field-checks.ts";
import type {
	DeviceClaim,
	DeviceConstraint,
	DeviceRequest,
	DeviceSubRequest,
	ExactDeviceRequest,
} from "./device-claim.ts";
import type { DeviceClass } from "./device-class.ts";
import type { ResourceClaim } from "./resource-claim.ts";
import type { ResourceClaimTemplate } from "./resource-claim-template.ts";
import type { DeviceSelector, OpaqueDeviceConfiguration } from "./selector.ts";

const MODES = ["All", "ExactCount"];
const MAX_LIST = 32;
const MAX_SUBREQUESTS = 8;
const MAX_DRIVER = 63;
const MAX_RESERVED = 256;
const IMMUTABLE = "field is immutable";

export const validateResourceClaim = ({ spec }: ResourceClaim): FieldError[] =>
	claimErrors(spec.devices ?? {}, "spec.devices");

export const validateResourceClaimUpdate = (next: ResourceClaim, old: ResourceClaim): FieldError[] =>
	deepEqual(next.spec, old.spec) ? [] : [invalidValue("spec", next.spec, IMMUTABLE)];

export function validateResourceClaimStatus(next: ResourceClaim, old: ResourceClaim): FieldError[] {
	const { allocation, reservedFor = [] } = next.status ?? {};
	const before = old.status?.allocation;
	return [
		...(reservedFor.length > MAX_RESERVED
			? [tooMany("status.reservedFor", reservedFor.length, MAX_RESERVED)]
			: []),
		...duplicates(
			reservedFor.map(({ uid }) => uid),
			(index) => `status.reservedFor[${index}].uid`,
		),
		...reservedFor.flatMap(({ resource, name, uid }, index) => [
			...(resource ? [] : [required(`status.reservedFor[${index}].resource`)]),
			...(name ? [] : [required(`status.reservedFor[${index}].name`)]),
			...(uid ? [] : [required(`status.reservedFor[${index}].uid`)]),
		]),
		...(reservedFor.length && !allocation
			? [forbiddenField("status.reservedFor", "may not be specified when `allocated` is not set")]
			: []),
		...(allocation && before && !deepEqual(allocation, before)
			? [invalidValue("status.allocation", allocation, IMMUTABLE)]
			: []),
	];
}

export const validateResourceClaimTemplate = ({ spec }: ResourceClaimTemplate): FieldError[] =>
	claimErrors(spec.spec?.devices ?? {}, "spec.spec.devices");

export const validateResourceClaimTemplateUpdate = (
	next: ResourceClaimTemplate,
	old: ResourceClaimTemplate,
): FieldError[] => (deepEqual(next.spec, old.spec) ? [] : [invalidValue("spec", next.spec, IMMUTABLE)]);

export const validateDeviceClass = ({ spec }: DeviceClass): FieldError[] => [
	...selectorErrors(spec.selectors ?? [], "spec.selectors"),
	...(spec.config ?? []).flatMap(({ opaque }, index) => configErrors(opaque, `spec.config[${index}]`)),
];

function claimErrors(
	{ requests = [], constraints = [], config = [] }: DeviceClaim,
	path: string,
): FieldError[] {
	const names = new Set(
		requests.flatMap(({ name, firstAvailable = [] }) => [
			name,
			...firstAvailable.map((inner) => `${name}/${inner.name}`),
		]),
	);
	const known = (list: readonly string[], field: string) =>
		list.flatMap((name, index) =>
			names.has(name)
				? []
				: [
						invalidValue(
							`${field}[${index}]`,
							name,
							"must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
						),
					],
		);
	return [
		...(requests.length > MAX_LIST ? [tooMany(`${path}.requests`, requests.length, MAX_LIST)] : []),
		...requests.flatMap((request, index) => requestErrors(request, `${path}.requests[${index}]`)),
		...duplicates(
			requests.map(({ name }) => name),
			(index) => `${path}.requests[${index}].name`,
		),
		...constraints.flatMap((constraint, index) => [
			...known(constraint.requests ?? [], `${path}.constraints[${index}].requests`),
			...constraintErrors(constraint, `${path}.constraints[${index}]`),
		]),
		...config.flatMap(({ requests: of = [], opaque }, index) => [
			...known(of, `${path}.config[${index}].requests`),
			...configErrors(opaque, `${path}.config[${index}]`),
		]),
	];
}

function requestErrors({ name, exactly, firstAvailable = [] }: DeviceRequest, path: string): FieldError[] {
	const errors = requiredName(`${path}.name`, name, dnsLabelErrors);
	const one = "exactly one of `exactly` or `firstAvailable` is required";
	if (exactly && firstAvailable.length) return [...errors, invalidValue(path, null, one)];
	if (exactly) return [...errors, ...exactErrors(exactly, `${path}.exactly`)];
	if (firstAvailable.length === 0) return [...errors, required(path, one)];
	const at = (index: number) => `${path}.firstAvailable[${index}]`;
	return [
		...errors,
		...(firstAvailable.length > MAX_SUBREQUESTS
			? [tooMany(`${path}.firstAvailable`, firstAvailable.length, MAX_SUBREQUESTS)]
			: []),
		...firstAvailable.flatMap((inner, index) => [
			...requiredName(`${at(index)}.name`, inner.name, dnsLabelErrors),
			...exactErrors(inner, at(index)),
		]),
		...duplicates(
			firstAvailable.map((inner) => inner.name),
			(index) => `${at(index)}.name`,
		),
	];
}

function exactErrors(request: ExactDeviceRequest | DeviceSubRequest, path: string): FieldError[] {
	const { deviceClassName, selectors = [], allocationMode = "", count = 0 } = request;
	return [
		...requiredName(`${path}.deviceClassName`, deviceClassName, dnsSubdomainErrors),
		...selectorErrors(selectors, `${path}.selectors`),
		...(MODES.includes(allocationMode)
			? []
			: [notSupported(`${path}.allocationMode`, allocationMode, MODES)]),
		...(allocationMode === "All" && count !== 0
			? [invalidValue(`${path}.count`, count, 'must not be specified when allocationMode is "All"')]
			: []),
		...(allocationMode === "ExactCount" && count <= 0
			? [invalidValue(`${path}.count`, count, "must be greater than zero")]
			: []),
	];
}

const constraintErrors = (
	{ matchAttribute, distinctAttribute }: DeviceConstraint,
	path: string,
): FieldError[] =>
	matchAttribute || distinctAttribute
		? []
		: [required(path, "exactly one of `matchAttribute` or `distinctAttribute` is required")];

/** Whether the expressions mean anything is for those who run them. */
function selectorErrors(selectors: readonly DeviceSelector[], field: string): FieldError[] {
	return [
		...(selectors.length > MAX_LIST ? [tooMany(field, selectors.length, MAX_LIST)] : []),
		...selectors.flatMap(({ cel }, index) => {
			if (!cel) return [required(`${field}[${index}].cel`)];
			return cel.expression ? [] : [required(`${field}[${index}].cel.expression`)];
		}),
	];
}

function configErrors(opaque: OpaqueDeviceConfiguration | undefined | null, path: string): FieldError[] {
	if (!opaque) return [required(path, "exactly one of the config types is required")];
	return [
		...driverErrors(`${path}.opaque.driver`, opaque.driver),
		...(opaque.parameters === undefined || opaque.parameters === null
			? [required(`${path}.opaque.parameters`)]
			: []),
	];
}

export const driverErrors = (field: string, driver: string | undefined): FieldError[] => {
	if (!driver) return [required(field)];
	return [
		...(driver.length > MAX_DRIVER ? [tooLong(field, MAX_DRIVER)] : []),
		...invalids(field, driver, dnsSubdomainErrors(driver)),
	];
};
