/** Services and endpoint slices for tests, written short. */
import { EndpointSlice, Service } from "@berth/api";

type Spec = Service["spec"];
type Endpoint = NonNullable<EndpointSlice["endpoints"]>[number];

const metadata = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
	name,
	namespace,
	uid: `uid-${namespace}-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	labels,
});

/** A service of one TCP port named http unless the spec says otherwise. */
export const service = (name: string, spec: Spec, status: Service["status"] = undefined): Service => ({
	apiVersion: Service.apiVersion,
	kind: Service.kind,
	metadata: metadata("default", name),
	spec: { type: "ClusterIP", ports: [{ name: "http", port: 80, protocol: "TCP" }], ...spec },
	...(status && { status }),
});

export interface EndpointText {
	readonly address: string;
	readonly node?: string;
	readonly ready?: boolean;
	readonly serving?: boolean;
	readonly terminating?: boolean;
	readonly hostname?: string;
	readonly hints?: Endpoint["hints"];
}

/** A slice of one TCP port named http, 8080, unless told otherwise. */
export const slice = (
	serviceName: string,
	endpoints: readonly EndpointText[],
	options: { name?: string; ports?: EndpointSlice["ports"]; addressType?: string } = {},
): EndpointSlice => ({
	apiVersion: EndpointSlice.apiVersion,
	kind: EndpointSlice.kind,
	metadata: metadata("default", options.name ?? `${serviceName}-1`, {
		"kubernetes.io/service-name": serviceName,
	}),
	addressType: options.addressType ?? "IPv4",
	ports: options.ports ?? [{ name: "http", port: 8080, protocol: "TCP" }],
	endpoints: endpoints.map(endpoint),
});

const endpoint = ({ address, node, ready = true, hostname, hints, ...rest }: EndpointText): Endpoint => ({
	addresses: [address],
	conditions: { ready, serving: rest.serving ?? ready, terminating: rest.terminating ?? false },
	...(node && { nodeName: node }),
	...(hostname && { hostname }),
	...(hints && { hints }),
});
