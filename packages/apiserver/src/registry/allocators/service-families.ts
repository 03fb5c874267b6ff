/** Address families of a service. Pure. */
import {
	type FieldError,
	familyOfAddress,
	type IpFamily,
	invalid,
	invalidValue,
	ipErrors,
	type Service,
	type ServiceSpec,
} from "@berth/api";
import { isHeadless } from "./service-inheritance.ts";

const FIELD = "spec.clusterIPs";

/**
 * The service with its families and policy filled in. `available` are the families that the cluster has addresses of, the
 * preferred one first. Throws 422 when the service asks for what the cluster does not have.
 */
export function withFamilies(service: Service, available: readonly IpFamily[]): Service {
	const { spec } = service;
	if (spec.type === "ExternalName") return service;
	refuse(service, addressErrors(spec, available));
	const isOpen = isHeadless(spec) && !Object.keys(spec.selector ?? {}).length;
	const ipFamilyPolicy = spec.ipFamilyPolicy || (isOpen ? "RequireDualStack" : "SingleStack");
	const said = spec.ipFamilies?.length ? spec.ipFamilies : familiesOf(spec.clusterIPs ?? []);
	if (!isOpen) refuse(service, familyErrors(said, ipFamilyPolicy, available));
	const first = said[0] ?? available[0] ?? "IPv4";
	const other: IpFamily = first === "IPv4" ? "IPv6" : "IPv4";
	// The endpoints of a headless service without a selector are somebody else's business, and so are their families.
	const wantsBoth = ipFamilyPolicy !== "SingleStack" && (isOpen || available.includes(other));
	const ipFamilies = wantsBoth && said.length < 2 ? [first, other] : said.length ? said : [first];
	return { ...service, spec: { ...spec, ipFamilyPolicy, ipFamilies } };
}

/** A service that wants one family from now on lets its second address go. */
export function withoutSecond(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
	if (spec.ipFamilyPolicy !== "SingleStack" || !old || old.ipFamilyPolicy === "SingleStack") return spec;
	const { clusterIPs = [], ipFamilies = [] } = spec;
	const isAsBefore =
		clusterIPs.join() === (old.clusterIPs ?? []).join() &&
		ipFamilies.join() === (old.ipFamilies ?? []).join();
	if (!isAsBefore || ipFamilies.length < 2) return spec;
	return { ...spec, clusterIPs: clusterIPs.slice(0, 1), ipFamilies: ipFamilies.slice(0, 1) };
}

const familiesOf = (addresses: readonly string[]): readonly IpFamily[] =>
	addresses.filter((address) => address !== "None" && address !== "").map(familyOfAddress);

function addressErrors(spec: ServiceSpec, available: readonly IpFamily[]): FieldError[] {
	const { clusterIP = "", clusterIPs = [], ipFamilies = [] } = spec;
	if (clusterIPs.length && clusterIPs[0] !== clusterIP && (clusterIP || !clusterIPs.includes(""))) {
		return [invalidValue(FIELD, clusterIPs, "first value must match `clusterIP`")];
	}
	if (clusterIPs.length > 1 && clusterIPs.includes("None")) {
		return [invalidValue(FIELD, clusterIPs, "'None' must be the first and only value")];
	}
	return clusterIPs.flatMap((address, index) => {
		if (address === "None" || address === "") return [];
		const path = `${FIELD}[${index}]`;
		const malformed = ipErrors(address);
		if (malformed.length) return malformed.map((message) => invalidValue(path, address, message));
		const family = familyOfAddress(address);
		if (!available.includes(family)) {
			return [invalidValue(path, clusterIPs, `${family} is not configured on this cluster`)];
		}
		const wanted = ipFamilies[index];
		if (wanted === undefined || wanted === family) return [];
		return [
			invalidValue(path, address, `expected an ${wanted} value as indicated by \`ipFamilies[${index}]\``),
		];
	});
}

function familyErrors(
	families: readonly string[],
	policy: string,
	available: readonly string[],
): FieldError[] {
	const errors: FieldError[] = [];
	if (policy === "RequireDualStack" && available.length < 2) {
		const detail = "this cluster is not configured for dual-stack services";
		errors.push(invalidValue("spec.ipFamilyPolicy", policy, detail));
	}
	if (policy === "SingleStack" && families.length > 1) {
		const detail = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
		errors.push(invalidValue("spec.ipFamilyPolicy", policy, detail));
	}
	families.forEach((family, index) => {
		if (available.includes(family) && families.indexOf(family) === index) return;
		errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
	});
	return errors;
}

function refuse(service: Service, errors: readonly FieldError[]): void {
	if (errors.length) throw invalid({ resource: "Service" }, service.metadata.name, errors);
}
