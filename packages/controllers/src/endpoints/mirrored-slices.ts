/** What the slices say that mirror an Endpoints object which a user keeps. Pure. */
import type { Endpoint, EndpointAddress, EndpointPort, EndpointSlicePort, Endpoints } from "@berth/api";
import { MAX_ADDRESSES } from "./plan-endpoints.ts";
import { MANAGED_BY, SERVICE_NAME, type SliceEntry, type WantedSlices } from "./plan-slices.ts";

export const MIRROR_NAME = "endpointslicemirroring-controller.k8s.io";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";
/** Left by old leader elections, which kept their lease in Endpoints. */
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const NOT_COPIED = [
	"kubectl.kubernetes.io/last-applied-configuration",
	"endpoints.kubernetes.io/last-change-trigger-time",
];
const TRUE = ["1", "t", "T", "TRUE", "true", "True"];

export type AddressType = "IPv4" | "IPv6";

export const isMirrored = ({ metadata }: Endpoints): boolean =>
	!TRUE.includes(metadata.labels?.[SKIP] ?? "") && metadata.annotations?.[LEADER] === undefined;

/** The addresses of one type. */
export function mirroredSlices({ metadata, subsets }: Endpoints, type: AddressType): WantedSlices {
	const copied = Object.entries(metadata.annotations ?? {}).filter(([name]) => !NOT_COPIED.includes(name));
	const entries = (subsets ?? []).flatMap((subset): SliceEntry[] => {
		const ports = (subset.ports ?? []).map(portOf);
		const all = [
			...(subset.addresses ?? []).map((address) => endpointOf(address, true)),
			...(subset.notReadyAddresses ?? []).map((address) => endpointOf(address, false)),
		];
		return all
			.slice(0, MAX_ADDRESSES)
			.filter(({ addresses }) => addresses[0]?.includes(":") === (type === "IPv6"))
			.map((endpoint) => ({ endpoint, ports }));
	});
	return {
		labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name, [MANAGED_BY]: MIRROR_NAME },
		annotations: Object.fromEntries(copied),
		entries,
		keepsOne: false,
	};
}

const endpointOf = (address: EndpointAddress, ready: boolean): Endpoint => ({
	addresses: [address.ip],
	conditions: { ready },
	...(address.hostname ? { hostname: address.hostname } : {}),
	...(address.nodeName ? { nodeName: address.nodeName } : {}),
	...(address.targetRef ? { targetRef: address.targetRef } : {}),
});

const portOf = ({ name = "", port, protocol = "TCP", appProtocol }: EndpointPort): EndpointSlicePort => ({
	name,
	port,
	protocol,
	...(appProtocol === undefined ? {} : { appProtocol }),
});
