/**
 * What services mean on this node: for each port of each service the addresses it is entered by and the backends it leads
 * to. Pure; everything that could upset a rule (bad addresses, ports out of range) is left out here.
 */
import type { EndpointSlice, Service } from "@berth/api";
import { type Family, familyOf, familyOfNetwork, isPort } from "./address.ts";

export type Protocol = "TCP" | "UDP" | "SCTP";
export type Policy = "Cluster" | "Local";

export interface Backend {
	readonly address: string;
	readonly port: number;
}

/** One port of a service in one address family. */
export interface ServiceRoute {
	/** `namespace/service:port name`; the same for both families. */
	readonly id: string;
	readonly family: Family;
	readonly protocol: Protocol;
	readonly clusterIP: string;
	readonly port: number;
	readonly nodePort: number | undefined;
	readonly externalIPs: readonly string[];
	readonly loadBalancerIPs: readonly string[];
	/** Networks that may use the load balancer's addresses; empty: everybody. */
	readonly allowedSources: readonly string[];
	/** Seconds a client stays with its backend after its last connection. */
	readonly affinity: number | undefined;
	readonly internalPolicy: Policy;
	readonly externalPolicy: Policy;
	/** All that traffic may go to, sorted: the ready ones or, when there is none, those serving while terminating. */
	readonly backends: readonly Backend[];
	/** The same among the endpoints on this node. */
	readonly localBackends: readonly Backend[];
}

const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
/** Services with one of these labels are the business of another proxy, or of none. */
const LEFT_ALONE = ["service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"];
const DEFAULT_AFFINITY = 10_800;

type Endpoint = NonNullable<EndpointSlice["endpoints"]>[number];
type ServicePort = NonNullable<Service["spec"]["ports"]>[number];

interface Candidate extends Backend {
	readonly state: "ready" | "terminating";
	readonly local: boolean;
	/** Nodes and zones whose traffic it is for first; empty where nothing was said. */
	readonly forNodes: readonly string[];
	readonly forZones: readonly string[];
}

/** The node that the rules are for. */
export interface Here {
	readonly nodeName: string;
	readonly zone?: string | undefined;
}

export function isHeadless({ spec }: Service): boolean {
	return spec.clusterIP === "None" && spec.type !== "ExternalName";
}

/** Addresses of the service within the cluster; none for headless services and external names. */
export function clusterIPsOf({ spec }: Service): readonly string[] {
	if (spec.type === "ExternalName") return [];
	const all = spec.clusterIPs?.length ? spec.clusterIPs : [spec.clusterIP ?? ""];
	return all.filter((address) => familyOf(address) !== undefined);
}

/** Key of the service that the slice belongs to; also the index of that name. */
export const BY_SERVICE = "service";
export const serviceKeyOf = ({ metadata }: EndpointSlice): string =>
	`${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL] ?? ""}`;

/** `slices` are the service's own, of any family. */
export function routesOf(
	service: Service,
	slices: readonly EndpointSlice[],
	here: Here,
): readonly ServiceRoute[] {
	if (LEFT_ALONE.some((label) => service.metadata.labels?.[label] !== undefined)) return [];
	const { spec, status } = service;
	const ingress = (status?.loadBalancer?.ingress ?? [])
		.filter(({ ipMode }) => (ipMode ?? "VIP") === "VIP")
		.map(({ ip = "" }) => ip);
	const routes: ServiceRoute[] = [];
	for (const clusterIP of clusterIPsOf(service)) {
		const family = familyOf(clusterIP);
		if (!family) continue;
		const mine = slices.filter(({ addressType }) => addressType === family);
		for (const port of spec.ports ?? []) {
			if (!isPort(port.port)) continue;
			const protocol = protocolOf(port.protocol);
			const candidates = candidatesOf(mine, {
				name: port.name ?? "",
				protocol,
				family,
				nodeName: here.nodeName,
			});
			routes.push({
				id: `${service.metadata.namespace}/${service.metadata.name}${port.name ? `:${port.name}` : ""}`,
				family,
				protocol,
				clusterIP,
				port: port.port,
				nodePort: nodePortOf(service, port),
				externalIPs: unique(spec.externalIPs ?? [], family),
				loadBalancerIPs: unique(spec.type === "LoadBalancer" ? ingress : [], family),
				allowedSources: (spec.loadBalancerSourceRanges ?? [])
					.map((range) => range.trim())
					.filter((range) => familyOfNetwork(range) === family),
				affinity: affinityOf(service),
				internalPolicy: spec.internalTrafficPolicy === "Local" ? "Local" : "Cluster",
				externalPolicy: spec.externalTrafficPolicy === "Local" ? "Local" : "Cluster",
				backends: usable(nearest(candidates, here)),
				localBackends: usable(candidates.filter(({ local }) => local)),
			});
		}
	}
	return routes;
}

interface Wanted {
	readonly name: string;
	readonly protocol: Protocol;
	readonly family: Family;
	readonly nodeName: string;
}

/** Each address and port once: an endpoint on its way from one slice to another is in both for a moment. */
function candidatesOf(slices: readonly EndpointSlice[], wanted: Wanted): readonly Candidate[] {
	const found = new Map<string, Candidate>();
	for (const slice of slices) {
		for (const { name, protocol, port } of slice.ports ?? []) {
			if ((name ?? "") !== wanted.name || protocolOf(protocol) !== wanted.protocol || !isPort(port)) continue;
			for (const endpoint of slice.endpoints ?? []) {
				const [address = ""] = endpoint.addresses;
				const state = stateOf(endpoint);
				if (!state || familyOf(address) !== wanted.family) continue;
				const key = `${address} ${port}`;
				if (found.get(key)?.state === "ready") continue;
				found.set(key, {
					...{ address, port, state, local: endpoint.nodeName === wanted.nodeName },
					forNodes: (endpoint.hints?.forNodes ?? []).map(({ name }) => name),
					forZones: (endpoint.hints?.forZones ?? []).map(({ name }) => name),
				});
			}
		}
	}
	return [...found.values()];
}

/** Unknown readiness counts as ready, as the API says; unknown serving means what ready means. */
function stateOf({ conditions }: Endpoint): Candidate["state"] | undefined {
	if (conditions?.ready ?? true) return "ready";
	const serving = conditions?.serving ?? conditions?.ready ?? true;
	return serving && conditions?.terminating ? "terminating" : undefined;
}

/**
 * Those meant for this node or, failing that, for its zone. Hints count only when every ready endpoint has them and one is
 * meant for here: else some endpoint might be nobody's, or this node without any (KEP-2433, KEP-3015).
 */
function nearest(candidates: readonly Candidate[], { nodeName, zone }: Here): readonly Candidate[] {
	const ready = candidates.filter(({ state }) => state === "ready");
	if (ready.every(({ forNodes }) => forNodes.length > 0)) {
		const mine = ready.filter(({ forNodes }) => forNodes.includes(nodeName));
		if (mine.length > 0) return mine;
	}
	if (zone === undefined || !ready.every(({ forZones }) => forZones.length > 0)) return candidates;
	const mine = ready.filter(({ forZones }) => forZones.includes(zone));
	return mine.length > 0 ? mine : candidates;
}

function usable(candidates: readonly Candidate[]): readonly Backend[] {
	const ready = candidates.filter(({ state }) => state === "ready");
	return (ready.length > 0 ? ready : candidates)
		.map(({ address, port }) => ({ address, port }))
		.sort((a, b) => compare(a.address, b.address) || a.port - b.port);
}

/** How many ready endpoints a service has on the node, whatever their ports. `slices` are the service's own. */
export function readyHere(slices: readonly EndpointSlice[], nodeName: string): number {
	const here = slices
		.flatMap(({ endpoints }) => endpoints ?? [])
		.filter((endpoint) => endpoint.nodeName === nodeName && stateOf(endpoint) === "ready");
	return new Set(here.map(({ addresses }) => addresses[0])).size;
}

function affinityOf({ spec }: Service): number | undefined {
	if (spec.sessionAffinity !== "ClientIP") return undefined;
	const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY;
	return Math.min(Math.max(1, Math.trunc(seconds)), 86_400);
}

function nodePortOf({ spec }: Service, { nodePort }: ServicePort): number | undefined {
	const has = spec.type === "NodePort" || spec.type === "LoadBalancer";
	return has && isPort(nodePort) ? nodePort : undefined;
}

const protocolOf = (text: string | undefined | null): Protocol =>
	text === "UDP" || text === "SCTP" ? text : "TCP";

const unique = (addresses: readonly string[], family: Family): readonly string[] =>
	[...new Set(addresses)].filter((address) => familyOf(address) === family).sort(compare);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
