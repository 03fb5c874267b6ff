/** A zone of given services and slices, for tests. */
import type { EndpointSlice, Service } from "@berth/api";
import { addressKey } from "../address.ts";
import { service, slice } from "../objects.fixture.ts";
import { clusterIPsOf, serviceKeyOf } from "../services.ts";
import type { Zone } from "./zone.ts";

export const zoneOf = (services: readonly Service[], slices: readonly EndpointSlice[]): Zone => ({
	domain: "cluster.local",
	serverAddress: "10.96.0.10",
	clusterCidr: "10.244.0.0/16",
	ready: true,
	service: (namespace, name) =>
		services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
	slices: (namespace, name) => slices.filter((each) => serviceKeyOf(each) === `${namespace}/${name}`),
	hasNamespace: (name) => name === "default",
	servicesAt: (address) =>
		services.filter((each) => clusterIPsOf(each).some((one) => addressKey(one) === address)),
	slicesAt: (address) =>
		slices.filter(({ endpoints = [] }) =>
			endpoints.some(({ addresses }) => addressKey(addresses[0] ?? "") === address),
		),
});

/** web: a cluster address; db: headless, with host names; six: both families; aliases of several kinds. */
export const ZONE: Zone = zoneOf(
	[
		service("web", {
			clusterIP: "10.96.0.20",
			ports: [
				{ name: "http", port: 80, protocol: "TCP" },
				{ name: "dns", port: 53, protocol: "UDP" },
			],
		}),
		service("db", { clusterIP: "None" }),
		service("slow", { clusterIP: "None", publishNotReadyAddresses: true }),
		service("empty", { clusterIP: "None" }),
		service("six", { clusterIP: "10.96.0.21", clusterIPs: ["10.96.0.21", "fd00:96::21"] }),
		service("alias", { type: "ExternalName", externalName: "web.default.svc.cluster.local." }),
		service("outside", { type: "ExternalName", externalName: "www.Example.com" }),
		service("dead", { type: "ExternalName", externalName: "nothing.default.svc.cluster.local" }),
		service("ring", { type: "ExternalName", externalName: "ring2.default.svc.cluster.local" }),
		service("ring2", { type: "ExternalName", externalName: "ring.default.svc.cluster.local" }),
	],
	[
		slice("web", [{ address: "10.244.1.9" }]),
		slice("db", [
			{ address: "10.244.1.2", hostname: "db-0" },
			{ address: "10.244.1.3", hostname: "db-1" },
			{ address: "10.244.1.4", hostname: "db-2", ready: false },
			{ address: "10.244.1.5" },
		]),
		slice("db", [{ address: "fd00:244::2", hostname: "db-0" }], { name: "db-6", addressType: "IPv6" }),
		slice("slow", [{ address: "10.244.1.6", hostname: "slow-0", ready: false }]),
	],
);
