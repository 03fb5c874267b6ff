/** What the DNS knows: services, endpoints and namespaces, looked up in informers. */
import { EndpointSlice, Namespace, Service } from "@berth/api";
import type { Informers } from "@berth/client";
import { addressKey } from "../address.ts";
import { BY_SERVICE, clusterIPsOf, serviceKeyOf } from "../services.ts";

export interface Zone {
	/** Such as `cluster.local`, lower case. */
	readonly domain: string;
	/** Where this zone is answered for. */
	readonly serverAddress: string;
	/** Addresses of pods: nobody else knows names for them. */
	readonly clusterCidr: string;
	service(namespace: string, name: string): Service | undefined;
	slices(namespace: string, name: string): readonly EndpointSlice[];
	hasNamespace(name: string): boolean;
	/** Services that have the cluster address. `address` is a key made by `addressKey`. */
	servicesAt(address: string): readonly Service[];
	/** Slices with an endpoint of the address. */
	slicesAt(address: string): readonly EndpointSlice[];
	/** False before the first lists: what is not known yet must not be denied. */
	readonly ready: boolean;
}

const BY_ADDRESS = "address";

export interface ZoneOptions {
	readonly informers: Informers;
	readonly domain: string;
	readonly serverAddress: string;
	readonly clusterCidr: string;
}

export function createZone({ informers, domain, serverAddress, clusterCidr }: ZoneOptions): Zone {
	const services = informers.of(Service);
	const slices = informers.of(EndpointSlice);
	const namespaces = informers.of(Namespace);
	services.index(BY_ADDRESS, (service) => clusterIPsOf(service).map(addressKey));
	slices.index(BY_SERVICE, (slice) => [serviceKeyOf(slice)]);
	slices.index(BY_ADDRESS, ({ endpoints, addressType }) =>
		addressType === "FQDN"
			? []
			: (endpoints ?? []).flatMap(({ addresses }) => addresses.slice(0, 1).map(addressKey)),
	);
	return {
		domain: domain.toLowerCase().replace(/^\.+|\.+$/g, ""),
		serverAddress,
		clusterCidr,
		service: (namespace, name) => services.get(`${namespace}/${name}`),
		slices: (namespace, name) => slices.by(BY_SERVICE, `${namespace}/${name}`),
		hasNamespace: (name) => namespaces.get(name) !== undefined,
		servicesAt: (address) => services.by(BY_ADDRESS, address),
		slicesAt: (address) => slices.by(BY_ADDRESS, address),
		get ready() {
			return services.synced && slices.synced && namespaces.synced;
		},
	};
}
