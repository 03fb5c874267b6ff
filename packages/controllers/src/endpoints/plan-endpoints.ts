/** The Endpoints object of a service, from its candidates. Pure. */
import type {
	EndpointAddress,
	EndpointPort,
	EndpointSlicePort,
	EndpointSubset,
	ObjectReference,
} from "@berth/api";
import type { Candidate, ResolvedPort } from "./candidates.ts";

/** More than this is cut off, and said so by an annotation: the API's own bound. */
export const MAX_ADDRESSES = 1000;
export const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** Addresses with the same ports share a subset; subsets and their content are in a fixed order. */
export function endpointSubsets(all: readonly Candidate[]): readonly EndpointSubset[] {
	const byPorts = Map.groupBy(all.slice(0, MAX_ADDRESSES), (candidate) => portsKey(candidate.ports));
	return [...byPorts]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, group]) => {
			const addresses = group.filter((candidate) => candidate.ready).map(addressOf);
			const notReady = group.filter((candidate) => !candidate.ready && !candidate.terminating).map(addressOf);
			return {
				...(addresses.length ? { addresses } : {}),
				...(notReady.length ? { notReadyAddresses: notReady } : {}),
				...(group[0]?.ports.length ? { ports: group[0].ports.map(portOf) } : {}),
			};
		})
		.filter((subset) => subset.addresses || subset.notReadyAddresses);
}

/** The same for ports that are the same, whichever kind says them. */
export const portsKey = (ports: readonly SomePort[]): string =>
	JSON.stringify(ports.map((port) => [port.name ?? "", port.port, port.protocol, port.appProtocol ?? ""]));

type SomePort = Pick<EndpointSlicePort, "name" | "port" | "protocol" | "appProtocol">;

export const podReference = ({ pod }: Candidate): ObjectReference => ({
	kind: "Pod",
	namespace: pod.metadata.namespace,
	name: pod.metadata.name,
	uid: pod.metadata.uid,
});

const addressOf = (candidate: Candidate): EndpointAddress => ({
	ip: candidate.ip,
	...(candidate.hostname ? { hostname: candidate.hostname } : {}),
	...(candidate.pod.spec.nodeName ? { nodeName: candidate.pod.spec.nodeName } : {}),
	targetRef: podReference(candidate),
});

const portOf = (port: ResolvedPort): EndpointPort => ({
	...(port.name ? { name: port.name } : {}),
	port: port.port,
	protocol: port.protocol,
	...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
});
