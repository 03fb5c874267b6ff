/** Validation of ServiceCIDRs and IPAddresses. */
import { deepEqual } from "../../machinery/deep.ts";
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { canonicalIp, formatNetwork, parseNetwork } from "../../machinery/ip.ts";
import { dnsSubdomainErrors, ipErrors, pathSegmentErrors } from "../../machinery/names.ts";
import { cidrErrors, invalids, optionalName } from "../field-checks.ts";
import type { IPAddress } from "./ip-address.ts";
import { segment } from "./reference-validation.ts";
import type { ServiceCIDR } from "./service-cidr.ts";

const IMMUTABLE = "field is immutable";
const FIELD = "spec.cidrs";

export function validateServiceCIDR({ spec }: ServiceCIDR): FieldError[] {
	const { cidrs = [] } = spec;
	if (cidrs.length === 0) return [required(FIELD, "at least one CIDR required")];
	if (cidrs.length > 2) return [invalidValue("spec", spec, "may only hold up to 2 values")];
	const errors = cidrs.flatMap((cidr, index) => networkErrors(cidr, `${FIELD}[${index}]`));
	if (errors.length) return errors;
	const families = new Set(cidrs.map((cidr) => parseNetwork(cidr)?.family));
	if (families.size === cidrs.length) return [];
	const detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96";
	return [invalidValue("spec", spec, detail)];
}

/** A second family may be added; nothing else changes. */
export function validateServiceCIDRUpdate({ spec }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
	const { cidrs = [] } = spec;
	const { cidrs: before = [] } = old.spec;
	if (cidrs.length !== before.length && !(before.length === 1 && cidrs.length === 2)) {
		return [invalidValue(FIELD, cidrs, IMMUTABLE)];
	}
	return before.flatMap((cidr, index) =>
		cidr === cidrs[index] ? [] : [invalidValue(`${FIELD}[${index}]`, cidrs[index], IMMUTABLE)],
	);
}

export function validateIPAddress({ metadata, spec }: IPAddress): FieldError[] {
	const { name } = metadata;
	const { parentRef } = spec;
	const malformed = ipErrors(name);
	const canonical = canonicalIp(name);
	return [
		...invalids("metadata.name", name, malformed),
		...(canonical !== undefined && canonical !== name
			? [invalidValue("metadata.name", name, `must be in canonical form (${JSON.stringify(canonical)})`)]
			: []),
		...(parentRef
			? [
					...optionalName("spec.parentRef.group", parentRef.group, dnsSubdomainErrors),
					...segment("spec.parentRef.resource", parentRef.resource),
					...segment("spec.parentRef.name", parentRef.name),
					...optionalName("spec.parentRef.namespace", parentRef.namespace, pathSegmentErrors),
				]
			: [required("spec.parentRef")]),
	];
}

export const validateIPAddressUpdate = ({ spec }: IPAddress, old: IPAddress): FieldError[] =>
	deepEqual(spec, old.spec) ? [] : [invalidValue("spec", spec, IMMUTABLE)];

/** Written the one way, so that two texts never mean the same range. */
function networkErrors(cidr: string, field: string): FieldError[] {
	const network = parseNetwork(cidr);
	if (!network) return invalids(field, cidr, cidrErrors(cidr));
	if (network.hasHostBits) {
		return [invalidValue(field, cidr, "must not have bits set beyond the prefix length")];
	}
	const canonical = formatNetwork(network);
	return canonical === cidr
		? []
		: [invalidValue(field, cidr, `must be in canonical form (${JSON.stringify(canonical)})`)];
}
