/** What may change in a service: not its first address or family, while it has one. */
import { type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { ipErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import type { Service, ServiceSpec } from "./service.ts";

const ONCE = "may not change once set";

export function validateServiceUpdate({ spec }: Service, { spec: old }: Service): FieldError[] {
	return [
		...(spec.type === "ExternalName" || old.type === "ExternalName"
			? []
			: [...addressErrors(spec, old), ...familyErrors(spec, old)]),
		...classErrors(spec, old),
		...(needsCheck(spec) && needsCheck(old) && spec.healthCheckNodePort !== old.healthCheckNodePort
			? [forbiddenField("spec.healthCheckNodePort", "field is immutable")]
			: []),
	];
}

function addressErrors(
	{ clusterIPs = [] }: ServiceSpec,
	{ clusterIPs: old = [] }: ServiceSpec,
): FieldError[] {
	const field = "spec.clusterIPs[0]";
	if (old.length === 0) return [];
	if (clusterIPs.length === 0) return [invalidValue(field, clusterIPs, "primary clusterIP can not be unset")];
	return [
		...(clusterIPs[0] === old[0] ? [] : [invalidValue(field, clusterIPs, ONCE)]),
		...(clusterIPs.length > 1 && old.length > 1 && clusterIPs[1] !== old[1]
			? [invalidValue("spec.clusterIPs[1]", clusterIPs, ONCE)]
			: []),
	];
}

function familyErrors({ ipFamilies = [] }: ServiceSpec, { ipFamilies: old = [] }: ServiceSpec): FieldError[] {
	if (old.length === 0) return [];
	if (ipFamilies.length === 0)
		return [invalidValue("spec.ipFamilies[0]", ipFamilies, "primary ipFamily can not be unset")];
	return [0, 1].flatMap((index) =>
		ipFamilies[index] && old[index] && ipFamilies[index] !== old[index]
			? [invalidValue(`spec.ipFamilies[${index}]`, ipFamilies, ONCE)]
			: [],
	);
}

function classErrors(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
	if (spec.type !== "LoadBalancer" || old.type !== "LoadBalancer") return [];
	return (spec.loadBalancerClass ?? "") === (old.loadBalancerClass ?? "")
		? []
		: [invalidValue("spec.loadBalancerClass", spec.loadBalancerClass, ONCE)];
}

const needsCheck = (spec: ServiceSpec) =>
	spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";

/** The balancer reports where it is. */
export function validateServiceStatusUpdate({ status }: Service): FieldError[] {
	return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }, index) => {
		const path = `status.loadBalancer.ingress[${index}]`;
		return [
			...(ip ? invalids(`${path}.ip`, ip, ipErrors(ip)) : []),
			...(!ip && ipMode
				? [forbiddenField(`${path}.ipMode`, "may not be specified when `ip` is not set")]
				: []),
		];
	});
}
