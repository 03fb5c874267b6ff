/** What Kubernetes fills in for services. Addresses, families and node ports are allocated by the registry. */
import { change, drop, fillAbsent, fillZero, mapSame } from "../fill.ts";
import type { Service, ServicePort, ServiceSpec } from "./service.ts";

/** Seconds that a client stays with the same pod: three hours. */
const AFFINITY_SECONDS = 10800;

export function defaultService(service: Service): Service {
	const whole = change(service, "spec", defaultServiceSpec);
	if (whole.spec?.type !== "LoadBalancer") return whole;
	return change(whole, "status", (status) =>
		change(status, "loadBalancer", (balancer) =>
			change(balancer, "ingress", (ingress) =>
				mapSame(ingress, (entry) => (entry.ip ? fillAbsent(entry, { ipMode: "VIP" }) : entry)),
			),
		),
	);
}

function defaultServiceSpec(spec: ServiceSpec): ServiceSpec {
	let whole = fillZero(spec, { type: "ClusterIP", sessionAffinity: "None" });
	whole = defaultAffinity(whole);
	whole = change(whole, "ports", (ports) => mapSame(ports, defaultPort));
	if (isExternallyReachable(whole)) whole = fillZero(whole, { externalTrafficPolicy: "Cluster" });
	if (whole.type !== "ExternalName") whole = fillAbsent(whole, { internalTrafficPolicy: "Cluster" });
	if (whole.type === "LoadBalancer") whole = fillAbsent(whole, { allocateLoadBalancerNodePorts: true });
	return whole;
}

function defaultAffinity(spec: ServiceSpec): ServiceSpec {
	if (spec.sessionAffinity === "None") return drop(spec, "sessionAffinityConfig");
	const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
	if (spec.sessionAffinity !== "ClientIP" || (timeout !== undefined && timeout !== null)) return spec;
	return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } } };
}

const defaultPort = (port: ServicePort) => fillZero(port, { protocol: "TCP", targetPort: port.port });

/** Traffic may come from outside the cluster: node ports, load balancers, external addresses. */
export const isExternallyReachable = (spec: ServiceSpec): boolean =>
	spec.type === "NodePort" ||
	spec.type === "LoadBalancer" ||
	(spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0);
