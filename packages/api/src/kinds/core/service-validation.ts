/** Validation of services. That addresses and ports are free and within their ranges is the allocators' concern. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { validateLabels } from "../../machinery/metadata.ts";
import {
	dnsLabelErrors,
	dnsSubdomainErrors,
	ipErrors,
	isIPv4,
	qualifiedNameErrors,
} from "../../machinery/names.ts";
import {
	cidrErrors,
	duplicates,
	invalids,
	ipAddress,
	optionalName,
	ordinaryAddress,
	portNumber,
	portNumberOrName,
	requiredText,
} from "../field-checks.ts";
import type { Service, ServicePort, ServiceSpec } from "./service.ts";
import { isExternallyReachable } from "./service-defaults.ts";

const AGENT_PORT = 10250;

export function validateService({ spec }: Service): FieldError[] {
	return [
		...typeErrors(spec),
		...portErrors(spec),
		...validateLabels(spec.selector, "spec.selector"),
		...affinityErrors(spec),
		...addressErrors(spec),
		...(spec.externalIPs ?? []).flatMap((ip, index) =>
			externalAddressErrors(`spec.externalIPs[${index}]`, ip),
		),
		...balancerErrors(spec),
		...trafficErrors(spec),
	];
}

const isHeadless = (spec: ServiceSpec) => spec.clusterIP === "None" || spec.clusterIPs?.[0] === "None";

function typeErrors(spec: ServiceSpec): FieldError[] {
	const { type = "", ports = [] } = spec;
	const headless =
		isHeadless(spec) && (type === "LoadBalancer" || type === "NodePort")
			? [invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`)]
			: [];
	return [
		...(ports.length === 0 && !isHeadless(spec) && type !== "ExternalName" ? [required("spec.ports")] : []),
		...(type === "LoadBalancer" ? ports.flatMap(agentPortErrors) : []),
		...headless,
		...(type === "ExternalName" ? externalNameErrors(spec) : []),
		...requiredText("spec.type", type),
	];
}

const agentPortErrors = ({ port }: ServicePort, index: number): FieldError[] =>
	port === AGENT_PORT
		? [
				invalidValue(
					`spec.ports[${index}]`,
					port,
					`may not expose port ${AGENT_PORT} externally since it is used by kubelet`,
				),
			]
		: [];

function externalNameErrors(spec: ServiceSpec): FieldError[] {
	const name = (spec.externalName ?? "").replace(/\.$/, "");
	const refused = (field: string) =>
		forbiddenField(`spec.${field}`, "may not be set for ExternalName services");
	return [
		...(spec.clusterIPs?.length ? [refused("clusterIPs")] : []),
		...(spec.ipFamilies?.length ? [refused("ipFamilies")] : []),
		...(spec.ipFamilyPolicy ? [refused("ipFamilyPolicy")] : []),
		...(name
			? invalids("spec.externalName", name, dnsSubdomainErrors(name))
			: [required("spec.externalName")]),
	];
}

function portErrors({ ports = [], type }: ServiceSpec): FieldError[] {
	const at = (index: number) => `spec.ports[${index}]`;
	return [
		...ports.flatMap((port, index) => [
			...(ports.length > 1 ? requiredText(`${at(index)}.name`, port.name) : []),
			...optionalName(`${at(index)}.name`, port.name, dnsLabelErrors),
			...portNumber(`${at(index)}.port`, port.port),
			...requiredText(`${at(index)}.protocol`, port.protocol),
			...portNumberOrName(`${at(index)}.targetPort`, port.targetPort),
			...optionalName(`${at(index)}.appProtocol`, port.appProtocol, qualifiedNameErrors),
			...(type === "ClusterIP" && port.nodePort
				? [forbiddenField(`${at(index)}.nodePort`, "may not be used when `type` is 'ClusterIP'")]
				: []),
		]),
		...duplicates(
			ports.map(({ name }) => name),
			(index) => `${at(index)}.name`,
		),
		...repeated(
			ports.map(({ protocol, nodePort }) => (nodePort ? `${protocol}/${nodePort}` : undefined)),
			(index) => duplicate(`${at(index)}.nodePort`, ports[index]?.nodePort),
		),
		...repeated(
			ports.map(({ protocol, port }) => `${protocol}/${port}`),
			(index) => duplicate(at(index), shownPort(ports[index])),
		),
	];
}

/** The reference API shows what makes the port a duplicate in the manner of its own structs. */
const shownPort = (port: ServicePort | undefined) => ({
	Name: "",
	Protocol: port?.protocol,
	AppProtocol: null,
	Port: port?.port,
	TargetPort: 0,
	NodePort: 0,
});

function repeated(
	keys: readonly (string | undefined)[],
	errorAt: (index: number) => FieldError,
): FieldError[] {
	const seen = new Set<string>();
	return keys.flatMap((key, index) => {
		if (key === undefined) return [];
		if (seen.has(key)) return [errorAt(index)];
		seen.add(key);
		return [];
	});
}

const MAX_AFFINITY_SECONDS = 86400;

function affinityErrors({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
	const path = "spec.sessionAffinityConfig";
	if (sessionAffinity === "None")
		return sessionAffinityConfig
			? [forbiddenField(path, "must not be set when session affinity is None")]
			: [];
	if (sessionAffinity !== "ClientIP") return requiredText("spec.sessionAffinity", sessionAffinity);
	const field = `${path}.clientIP.timeoutSeconds`;
	const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
	if (seconds === undefined || seconds === null)
		return [required(field, "when session affinity type is ClientIP")];
	return seconds <= 0 || seconds > MAX_AFFINITY_SECONDS
		? [invalidValue(field, seconds, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`)]
		: [];
}

const FAMILIES = ["IPv4", "IPv6"];
const familyOf = (ip: string) => (isIPv4(ip) ? "IPv4" : "IPv6");

function addressErrors(spec: ServiceSpec): FieldError[] {
	const { clusterIP = "", clusterIPs = [], ipFamilies = [] } = spec;
	if (spec.type === "ExternalName") return [];
	return [
		...mirrorErrors(clusterIP, clusterIPs),
		...ipFamilies.flatMap((family, index) =>
			FAMILIES.includes(family) ? [] : [notSupported(`spec.ipFamilies[${index}]`, family, FAMILIES)],
		),
		...duplicates(ipFamilies, (index) => `spec.ipFamilies[${index}]`),
		...(clusterIPs.length > 2
			? [invalidValue("spec.clusterIPs", clusterIPs, "may only hold up to 2 values")]
			: []),
		...clusterIPs.flatMap((ip, index) => clusterAddressErrors(spec, ip, index)),
		...duplicates(clusterIPs, (index) => `spec.clusterIPs[${index}]`),
		...(clusterIPs.length === 2 && familyOf(clusterIPs[0] ?? "") === familyOf(clusterIPs[1] ?? "")
			? [invalidValue("spec.clusterIPs", clusterIPs, "may specify no more than one IP for each IP family")]
			: []),
	];
}

function mirrorErrors(clusterIP: string, clusterIPs: readonly string[]): FieldError[] {
	const field = "spec.clusterIPs";
	if (clusterIP && clusterIPs.length === 0)
		return [required(field, "must be set when `clusterIP` is also set")];
	if (!clusterIP && clusterIPs.length > 0)
		return [forbiddenField(field, "may not be set when `clusterIP` is not set")];
	return clusterIPs.length > 0 && clusterIPs[0] !== clusterIP
		? [invalidValue(field, clusterIPs, "first value must match `clusterIP`")]
		: [];
}

function clusterAddressErrors(
	{ clusterIPs = [], ipFamilies }: ServiceSpec,
	ip: string,
	index: number,
): FieldError[] {
	const field = `spec.clusterIPs[${index}]`;
	if (ip === "None")
		return clusterIPs.length > 1 || index > 0
			? [invalidValue("spec.clusterIPs", clusterIPs, "'None' must be the first and only value")]
			: [];
	const malformed = ipErrors(ip);
	if (malformed.length > 0) return invalids(field, ip, malformed);
	const family = ipFamilies?.[index];
	return family && FAMILIES.includes(family) && family !== familyOf(ip)
		? [invalidValue(field, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)]
		: [];
}

function externalAddressErrors(field: string, ip: string): FieldError[] {
	const malformed = ipAddress(field, ip);
	return malformed.length > 0 ? malformed : ordinaryAddress(field, ip);
}

function balancerErrors(spec: ServiceSpec): FieldError[] {
	const only = "may only be used when `type` is 'LoadBalancer'";
	const isBalancer = spec.type === "LoadBalancer";
	const ranges = spec.loadBalancerSourceRanges ?? [];
	const path = "spec.LoadBalancerSourceRanges";
	return [
		...(ranges.length > 0 && !isBalancer ? [forbiddenField(path, only)] : []),
		...ranges.flatMap((range, index) =>
			invalids(`${path}[${index}]`, range.trim(), cidrErrors(range.trim())),
		),
		...(isSet(spec.allocateLoadBalancerNodePorts) && !isBalancer
			? [forbiddenField("spec.allocateLoadBalancerNodePorts", only)]
			: []),
		...(spec.loadBalancerClass && !isBalancer ? [forbiddenField("spec.loadBalancerClass", only)] : []),
		...(isBalancer
			? optionalName("spec.loadBalancerClass", spec.loadBalancerClass, qualifiedNameErrors)
			: []),
	];
}

const isSet = (value: unknown) => value !== undefined && value !== null;

const DISTRIBUTIONS = ["PreferClose", "PreferSameNode", "PreferSameZone"];

function trafficErrors(spec: ServiceSpec): FieldError[] {
	const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort, trafficDistribution } = spec;
	const isReachable = isExternallyReachable(spec);
	const needsCheck = spec.type === "LoadBalancer" && externalTrafficPolicy === "Local";
	const healthField = "spec.healthCheckNodePort";
	return [
		...(externalTrafficPolicy && !isReachable
			? [
					invalidValue(
						"spec.externalTrafficPolicy",
						externalTrafficPolicy,
						"may only be set for externally-accessible services",
					),
				]
			: []),
		...(isReachable ? requiredText("spec.externalTrafficPolicy", externalTrafficPolicy) : []),
		...(healthCheckNodePort && !needsCheck
			? [
					invalidValue(
						healthField,
						healthCheckNodePort,
						"may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
					),
				]
			: []),
		...(needsCheck && !healthCheckNodePort ? [required(healthField)] : []),
		...(needsCheck && healthCheckNodePort ? portNumber(healthField, healthCheckNodePort) : []),
		...(spec.type === "ExternalName"
			? []
			: requiredText("spec.internalTrafficPolicy", internalTrafficPolicy)),
		...(isSet(trafficDistribution) && !DISTRIBUTIONS.includes(trafficDistribution ?? "")
			? [notSupported("spec.trafficDistribution", trafficDistribution, DISTRIBUTIONS)]
			: []),
	];
}
