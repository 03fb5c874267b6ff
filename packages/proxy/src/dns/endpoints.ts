/** Endpoints of one service as the DNS names them. Pure. */
import type { EndpointSlice, Service } from "@berth/api";
import type { Zone } from "./zone.ts";

export interface NamedEndpoint {
	readonly address: string;
	readonly family: "IPv4" | "IPv6";
	/** Its host name, or its address with dashes. */
	readonly label: string;
	readonly ports: NonNullable<EndpointSlice["ports"]>;
}

/** The ready ones, or all where the service says so; each address once. */
export function endpointsOf(zone: Zone, service: Service): readonly NamedEndpoint[] {
	const { namespace = "", name } = service.metadata;
	const found = new Map<string, NamedEndpoint>();
	for (const slice of zone.slices(namespace, name)) {
		const { addressType, ports = [] } = slice;
		if (addressType !== "IPv4" && addressType !== "IPv6") continue;
		for (const endpoint of slice.endpoints ?? []) {
			const [address] = endpoint.addresses;
			if (!address || !isPublished(service, endpoint)) continue;
			const label = labelOf(endpoint);
			const key = `${address} ${label}`;
			const known = found.get(key);
			found.set(key, { address, family: addressType, label, ports: [...(known?.ports ?? []), ...ports] });
		}
	}
	return [...found.values()];
}

type Endpoint = NonNullable<EndpointSlice["endpoints"]>[number];

export const isPublished = ({ spec }: Service, { conditions }: Endpoint): boolean =>
	spec.publishNotReadyAddresses === true || (conditions?.ready ?? true);

export const labelOf = ({ hostname, addresses }: Endpoint): string =>
	hostname ? hostname.toLowerCase() : (addresses[0] ?? "").replace(/[.:]/g, "-").toLowerCase();
