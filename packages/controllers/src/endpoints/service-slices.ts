/** What the slices of a service with a selector say, from its candidates. Pure. */
import type { Endpoint, EndpointHints, EndpointSlicePort, Service } from "@berth/api";
import { type Candidate, labelsForEndpoints, type ResolvedPort } from "./candidates.ts";
import { podReference } from "./plan-endpoints.ts";
import { MANAGED_BY, SERVICE_NAME, type WantedSlices } from "./plan-slices.ts";

export const CONTROLLER_NAME = "endpointslice-controller.k8s.io";

/** `zoneOf` a node by its name; undefined where nobody said it. */
export function serviceSlices(
	service: Service,
	all: readonly Candidate[],
	zoneOf: (node: string) => string | undefined,
): WantedSlices {
	const labels = {
		...labelsForEndpoints(service),
		[SERVICE_NAME]: service.metadata.name,
		[MANAGED_BY]: CONTROLLER_NAME,
	};
	const { trafficDistribution } = service.spec;
	const entries = all.map((candidate) => {
		const endpoint = endpointOf(candidate, zoneOf);
		const hints = candidate.ready ? hintsOf(endpoint, trafficDistribution) : undefined;
		return { endpoint: { ...endpoint, ...(hints && { hints }) }, ports: candidate.ports.map(portOf) };
	});
	return { labels, entries, keepsOne: true };
}

function endpointOf(candidate: Candidate, zoneOf: (node: string) => string | undefined): Endpoint {
	const { nodeName } = candidate.pod.spec;
	const zone = nodeName ? zoneOf(nodeName) : undefined;
	const { ready, serving, terminating } = candidate;
	return {
		addresses: [candidate.ip],
		conditions: { ready, serving, terminating },
		...(candidate.hostname ? { hostname: candidate.hostname } : {}),
		...(nodeName ? { nodeName } : {}),
		...(zone ? { zone } : {}),
		targetRef: podReference(candidate),
	};
}

const NEAR = ["PreferClose", "PreferSameZone", "PreferSameNode"];

/** Whose traffic the endpoint is for first; the proxies fall back to all (KEP-4444, KEP-3015). */
function hintsOf({ nodeName, zone }: Endpoint, distribution: string | undefined): EndpointHints | undefined {
	if (!distribution || !NEAR.includes(distribution)) return undefined;
	const forNodes = nodeName && distribution === "PreferSameNode" ? { forNodes: [{ name: nodeName }] } : {};
	const forZones = zone ? { forZones: [{ name: zone }] } : {};
	const hints = { ...forZones, ...forNodes };
	return Object.keys(hints).length > 0 ? hints : undefined;
}

const portOf = (port: ResolvedPort): EndpointSlicePort => ({
	name: port.name,
	port: port.port,
	protocol: port.protocol,
	...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
});
