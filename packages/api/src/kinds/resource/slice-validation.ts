/** Validation of resource slices: what drivers say of their devices. */
import { type FieldError, invalidValue, required, tooMany } from "../../machinery/field-error.ts";
import { dnsLabelErrors, dnsSubdomainErrors } from "../../machinery/names.ts";
import { duplicates, invalids, requiredName } from "../field-checks.ts";
import { driverErrors } from "./claim-validation.ts";
import type { Device, DeviceAttribute } from "./device.ts";
import type { ResourceSlice, ResourceSliceSpec } from "./resource-slice.ts";

const MAX_DEVICES = 128;
const MAX_ATTRIBUTES = 32;
const MAX_POOL_NAME = 253;
const IMMUTABLE = "field is immutable";
const VALUES = ["int", "bool", "string", "version", "ints", "bools", "strings", "versions"] as const;

export function validateResourceSlice({ spec }: ResourceSlice): FieldError[] {
	const { driver, pool, devices = [] } = spec;
	return [
		...driverErrors("spec.driver", driver),
		...poolNameErrors("spec.pool.name", pool?.name),
		...((pool?.resourceSliceCount ?? 0) <= 0
			? [
					invalidValue(
						"spec.pool.resourceSliceCount",
						pool?.resourceSliceCount ?? 0,
						"must be greater than zero",
					),
				]
			: []),
		...((pool?.generation ?? 0) < 0
			? [invalidValue("spec.pool.generation", pool?.generation, "must be greater than or equal to zero")]
			: []),
		...placeErrors(spec),
		...(devices.length > MAX_DEVICES ? [tooMany("spec.devices", devices.length, MAX_DEVICES)] : []),
		...devices
			.slice(0, MAX_DEVICES)
			.flatMap((device, index) => deviceErrors(device, `spec.devices[${index}]`)),
		...duplicates(
			devices.map(({ name }) => name),
			(index) => `spec.devices[${index}].name`,
		),
	];
}

/** A slice belongs to one driver, pool and node for good. */
export const validateResourceSliceUpdate = ({ spec }: ResourceSlice, old: ResourceSlice): FieldError[] => [
	...(spec.nodeName === old.spec.nodeName ? [] : [invalidValue("spec.nodeName", spec.nodeName, IMMUTABLE)]),
	...(spec.driver === old.spec.driver ? [] : [invalidValue("spec.driver", spec.driver, IMMUTABLE)]),
	...(spec.pool?.name === old.spec.pool?.name
		? []
		: [invalidValue("spec.pool.name", spec.pool?.name, IMMUTABLE)]),
];

function poolNameErrors(field: string, name: string | undefined): FieldError[] {
	if (!name) return [required(field)];
	if (name.length > MAX_POOL_NAME)
		return [invalidValue(field, name, `must be no more than ${MAX_POOL_NAME} characters`)];
	return name.split("/").flatMap((part) => invalids(field, part, dnsSubdomainErrors(part)));
}

function placeErrors(spec: ResourceSliceSpec): FieldError[] {
	const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
	const said = [
		nodeName ? "`nodeName`" : "",
		nodeSelector ? "`nodeSelector`" : "",
		allNodes ? "`allNodes`" : "",
		perDeviceNodeSelection ? "`perDeviceNodeSelection`" : "",
	].filter(Boolean);
	const one = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
	if (said.length === 0) return [required("spec", one)];
	if (said.length > 1)
		return [invalidValue("spec", `{${said.join(", ")}}`, `${one}, but multiple fields are set`)];
	return nodeName ? invalids("spec.nodeName", nodeName, dnsSubdomainErrors(nodeName)) : [];
}

function deviceErrors({ name, attributes = {}, capacity = {} }: Device, path: string): FieldError[] {
	const count = Object.keys(attributes).length + Object.keys(capacity).length;
	return [
		...requiredName(`${path}.name`, name, dnsLabelErrors),
		...(count > MAX_ATTRIBUTES
			? [
					invalidValue(
						path,
						count,
						`the total number of attributes and capacities must not exceed ${MAX_ATTRIBUTES}`,
					),
				]
			: []),
		...Object.entries(attributes).flatMap(([key, attribute]) =>
			attributeErrors(attribute, `${path}.attributes[${key}]`),
		),
	];
}

function attributeErrors(attribute: DeviceAttribute, path: string): FieldError[] {
	const said = VALUES.filter((name) => attribute[name] !== undefined && attribute[name] !== null);
	if (said.length === 1) return [];
	return said.length === 0
		? [required(path, "exactly one value must be specified")]
		: [invalidValue(path, attribute, "exactly one value must be specified")];
}
