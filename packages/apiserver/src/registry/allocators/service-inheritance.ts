/**
 * What an updated service takes over from the stored one before anything is allocated: clients that leave out allocated
 * values keep them, and values that the new type has no use for go, unless the client has said otherwise. Pure.
 */
import { deepEqual, type Service, type ServicePort, type ServiceSpec } from "@berth/api";

const needsClusterIP = ({ type }: ServiceSpec): boolean => type !== "ExternalName";
export const needsNodePort = ({ type }: ServiceSpec): boolean =>
	type === "NodePort" || type === "LoadBalancer";
export const needsHealthPort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
	type === "LoadBalancer" && externalTrafficPolicy === "Local";
export const isHeadless = ({ clusterIP, clusterIPs }: ServiceSpec): boolean =>
	clusterIP === "None" || clusterIPs?.[0] === "None";

/** `old` undefined for a new service. */
export function inherit(service: Service, old: Service | undefined): Service {
	let spec = syncClusterIPs(service.spec, old?.spec);
	if (old) spec = dropUnneeded(keepAllocated(spec, old.spec), old.spec);
	return spec === service.spec ? service : { ...service, spec };
}

/** The single address and the list say the same; a client that knows one of them only changes that one. */
function syncClusterIPs(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
	const { clusterIP = "", clusterIPs = [] } = spec;
	if (!old) return clusterIP && !clusterIPs.length ? { ...spec, clusterIPs: [clusterIP] } : spec;
	const before = old.clusterIP ?? "";
	const sameList = deepEqual(clusterIPs, old.clusterIPs ?? []);
	if (before && !clusterIP && sameList) return without(spec, ["clusterIPs"]);
	if (clusterIP && clusterIP !== before && sameList) return { ...spec, clusterIPs: [clusterIP] };
	return spec;
}

function keepAllocated(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
	let next = spec;
	if (needsClusterIP(old) && needsClusterIP(next)) {
		if (!next.clusterIP && old.clusterIP) next = { ...next, clusterIP: old.clusterIP };
		if (!next.clusterIPs?.length && next.clusterIP === old.clusterIP && old.clusterIPs) {
			next = { ...next, clusterIPs: old.clusterIPs };
		}
		if (!next.ipFamilyPolicy && old.ipFamilyPolicy) next = { ...next, ipFamilyPolicy: old.ipFamilyPolicy };
		if (!next.ipFamilies?.length && old.ipFamilies && deepEqual(next.clusterIPs, old.clusterIPs)) {
			next = { ...next, ipFamilies: old.ipFamilies };
		}
	}
	if (needsNodePort(old) && needsNodePort(next)) next = keepNodePorts(next, old);
	if (needsHealthPort(old) && needsHealthPort(next) && !next.healthCheckNodePort) {
		next = { ...next, healthCheckNodePort: old.healthCheckNodePort };
	}
	return next;
}

/** Ports are recognized by name, so a client may change everything else of them. */
function keepNodePorts(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
	const given = new Set((spec.ports ?? []).map((port) => port.nodePort ?? 0));
	const used = new Set((old.ports ?? []).map((port) => port.nodePort ?? 0).filter((port) => given.has(port)));
	const byName = new Map((old.ports ?? []).map((port) => [port.name ?? "", port.nodePort ?? 0]));
	const ports = (spec.ports ?? []).map((port): ServicePort => {
		const nodePort = byName.get(port.name ?? "");
		if (port.nodePort || !nodePort || used.has(nodePort)) return port;
		used.add(nodePort);
		return { ...port, nodePort };
	});
	return spec.ports ? { ...spec, ports } : spec;
}

function dropUnneeded(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
	let next = spec;
	const same = (field: keyof ServiceSpec) => deepEqual(next[field], old[field]);
	if (needsClusterIP(old) && !needsClusterIP(next) && same("clusterIP") && same("clusterIPs")) {
		next = without(next, ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]);
	}
	if (needsNodePort(old) && !needsNodePort(next) && deepEqual(nodePorts(next), nodePorts(old))) {
		next = { ...next, ports: (next.ports ?? []).map(({ nodePort: _, ...port }) => port) };
	}
	if (needsHealthPort(old) && !needsHealthPort(next) && same("healthCheckNodePort")) {
		next = without(next, ["healthCheckNodePort"]);
	}
	if (
		needsNodePort(old) &&
		!needsNodePort(next) &&
		!next.externalIPs?.length &&
		same("externalTrafficPolicy")
	) {
		next = without(next, ["externalTrafficPolicy"]);
	}
	if (old.type === "LoadBalancer" && next.type !== "LoadBalancer") {
		for (const field of ["allocateLoadBalancerNodePorts", "loadBalancerClass"] as const) {
			if (same(field)) next = without(next, [field]);
		}
	}
	if (old.type === "ExternalName" && next.type !== "ExternalName" && same("externalName")) {
		next = without(next, ["externalName"]);
	}
	return next;
}

const nodePorts = (spec: ServiceSpec): number[] => (spec.ports ?? []).map((port) => port.nodePort ?? 0);

function without(spec: ServiceSpec, fields: readonly (keyof ServiceSpec)[]): ServiceSpec {
	return Object.fromEntries(
		Object.entries(spec).filter(([name]) => !(fields as readonly string[]).includes(name)),
	) as ServiceSpec;
}
