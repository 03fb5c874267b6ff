/** Validation of EndpointSlices. */
import { type FieldError, invalidValue, required, tooMany } from "../../machinery/field-error.ts";
import {
	dnsLabelErrors,
	dnsSubdomainErrors,
	isIPv4,
	isIPv6,
	qualifiedNameErrors,
} from "../../machinery/names.ts";
import {
	dnsLabel,
	duplicates,
	invalids,
	oneOf,
	optionalName,
	ordinaryAddress,
	requiredText,
} from "../field-checks.ts";
import type { Endpoint, EndpointSlice, EndpointSlicePort } from "./endpoint-slice.ts";

const TYPES = ["FQDN", "IPv4", "IPv6"];
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20000;
const MAX_ZONE_HINTS = 8;

export function validateEndpointSlice({
	addressType,
	endpoints = [],
	ports = [],
}: EndpointSlice): FieldError[] {
	return [
		...oneOf("addressType", addressType, TYPES),
		...(endpoints.length > MAX_ENDPOINTS ? [tooMany("endpoints", endpoints.length, MAX_ENDPOINTS)] : []),
		...endpoints
			.slice(0, MAX_ENDPOINTS)
			.flatMap((endpoint, index) => endpointErrors(endpoint, addressType, `endpoints[${index}]`)),
		...(ports.length > MAX_PORTS ? [tooMany("ports", ports.length, MAX_PORTS)] : []),
		...ports.slice(0, MAX_PORTS).flatMap((port, index) => portErrors(port, `ports[${index}]`)),
		...nameDuplicates(ports),
	];
}

export const validateEndpointSliceUpdate = (slice: EndpointSlice, old: EndpointSlice): FieldError[] =>
	slice.addressType === old.addressType
		? []
		: [invalidValue("addressType", slice.addressType, "field is immutable")];

function endpointErrors(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
	const { addresses = [], nodeName, hostname, hints } = endpoint;
	const zones = hints?.forZones ?? [];
	return [
		...(addresses.length === 0 ? [required(`${path}.addresses`, "must contain at least 1 address")] : []),
		...(addresses.length > MAX_ADDRESSES
			? [tooMany(`${path}.addresses`, addresses.length, MAX_ADDRESSES)]
			: []),
		...addresses
			.slice(0, MAX_ADDRESSES)
			.flatMap((address, index) => addressErrors(address, addressType, `${path}.addresses[${index}]`)),
		...(nodeName === undefined || nodeName === null
			? []
			: invalids(`${path}.nodeName`, nodeName, dnsSubdomainErrors(nodeName))),
		...dnsLabel(`${path}.hostname`, hostname),
		...(zones.length > MAX_ZONE_HINTS
			? [tooMany(`${path}.hints.forZones`, zones.length, MAX_ZONE_HINTS)]
			: []),
		...duplicates(
			zones.map(({ name }) => name),
			(index) => `${path}.hints.forZones[${index}].name`,
		),
	];
}

function addressErrors(address: string, addressType: string, field: string): FieldError[] {
	switch (addressType) {
		case "IPv4":
			return isIPv4(address)
				? ordinaryAddress(field, address)
				: [invalidValue(field, address, "must be a valid IPv4 address")];
		case "IPv6":
			return isIPv6(address)
				? ordinaryAddress(field, address)
				: [invalidValue(field, address, "must be a valid IPv6 address")];
		case "FQDN":
			return invalids(field, address, dnsSubdomainErrors(address));
		default:
			return [];
	}
}

const portErrors = (port: EndpointSlicePort, path: string): FieldError[] => [
	...optionalName(`${path}.name`, port.name, dnsLabelErrors),
	...requiredText(`${path}.protocol`, port.protocol),
	...optionalName(`${path}.appProtocol`, port.appProtocol, qualifiedNameErrors),
];

/** One port may go without a name; two are already the same. */
function nameDuplicates(ports: readonly EndpointSlicePort[]): FieldError[] {
	const unnamed = ports.flatMap(({ name }, index) => (name ? [] : [index]));
	return [
		...duplicates(
			ports.map(({ name }) => name ?? undefined),
			(index) => `ports[${index}].name`,
		),
		...unnamed.slice(1).map(
			(index): FieldError => ({
				type: "FieldValueDuplicate",
				field: `ports[${index}].name`,
				message: 'Duplicate value: ""',
			}),
		),
	];
}
