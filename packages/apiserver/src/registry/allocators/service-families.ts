/** Address families of a service on a cluster that has IPv4 only. Pure. */
import { type FieldError, invalid, invalidValue, ipErrors, type Service } from "@berth/api";
import { isHeadless } from "./service-inheritance.ts";

const IPV4 = "IPv4";
const IPV6 = "IPv6";

/** The service with its families and policy filled in. Throws 422 when it asks for what the cluster does not have. */
export function withFamilies(service: Service): Service {
	const { spec } = service;
	if (spec.type === "ExternalName") return service;
	const selectorless = isHeadless(spec) && !Object.keys(spec.selector ?? {}).length;
	const ipFamilyPolicy = spec.ipFamilyPolicy || (selectorless ? "RequireDualStack" : "SingleStack");
	refuse(service, addressErrors(service));
	let ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : familiesOf(spec.clusterIPs ?? []);
	if (selectorless) {
		// Its endpoints are somebody else's business, and so are their families.
		if (!ipFamilies.length) ipFamilies = [IPV4];
		if (ipFamilies.length < 2 && ipFamilyPolicy !== "SingleStack") {
			ipFamilies = [...ipFamilies, ipFamilies[0] === IPV4 ? IPV6 : IPV4];
		}
		return { ...service, spec: { ...spec, ipFamilyPolicy, ipFamilies } };
	}
	refuse(service, familyErrors(ipFamilies, ipFamilyPolicy));
	if (!ipFamilies.length) ipFamilies = [IPV4];
	return { ...service, spec: { ...spec, ipFamilyPolicy, ipFamilies } };
}

const familiesOf = (addresses: readonly string[]): readonly string[] =>
	addresses.filter((address) => address !== "None" && address !== "").map(familyOf);

const familyOf = (address: string): string => (address.includes(":") ? IPV6 : IPV4);

function addressErrors({ spec }: Service): FieldError[] {
	const { clusterIP = "", clusterIPs = [] } = spec;
	const field = "spec.clusterIPs";
	if (clusterIPs.length && clusterIPs[0] !== clusterIP && (clusterIP || !clusterIPs.includes(""))) {
		return [invalidValue(field, clusterIPs, "first value must match `clusterIP`")];
	}
	if (clusterIPs.length > 1 && clusterIPs.includes("None")) {
		return [invalidValue(field, clusterIPs, "'None' must be the first and only value")];
	}
	return clusterIPs.flatMap((address, index) => {
		if (address === "None" || address === "") return [];
		const path = `${field}[${index}]`;
		const malformed = ipErrors(address);
		if (malformed.length) return malformed.map((message) => invalidValue(path, address, message));
		return familyOf(address) === IPV4
			? []
			: [invalidValue(path, clusterIPs, `${IPV6} is not configured on this cluster`)];
	});
}

function familyErrors(families: readonly string[], policy: string): FieldError[] {
	const errors: FieldError[] = [];
	if (policy === "RequireDualStack") {
		const detail = "this cluster is not configured for dual-stack services";
		errors.push(invalidValue("spec.ipFamilyPolicy", policy, detail));
	}
	if (policy === "SingleStack" && families.length > 1) {
		const detail = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
		errors.push(invalidValue("spec.ipFamilyPolicy", policy, detail));
	}
	families.forEach((family, index) => {
		if (family === IPV4 && families.indexOf(family) === index) return;
		errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
	});
	return errors;
}

function refuse(service: Service, errors: readonly FieldError[]): void {
	if (errors.length) throw invalid({ resource: "Service" }, service.metadata.name, errors);
}
