/** The routes of all services, kept up to date from informers: only services that were touched are looked at again. */
import { deepEqual, EndpointSlice, keyOf, Node, Service } from "@berth/api";
import type { Informers } from "@berth/client";
import { BY_SERVICE, routesOf, type ServiceRoute, serviceKeyOf } from "./services.ts";

export interface RouteTable {
	/** Routes that have not changed are the same objects as before. */
	current(): readonly ServiceRoute[];
	readonly synced: Promise<unknown>;
	close(): void;
}

export interface RouteTableOptions {
	readonly informers: Informers;
	readonly nodeName: string;
	/** Something may have changed. */
	readonly onChange: () => void;
}

const ZONE = "topology.kubernetes.io/zone";

export function createRouteTable({ informers, nodeName, onChange }: RouteTableOptions): RouteTable {
	const services = informers.of(Service);
	const slices = informers.of(EndpointSlice);
	const nodes = informers.of(Node);
	slices.index(BY_SERVICE, (slice) => [serviceKeyOf(slice)]);
	const known = new Map<string, readonly ServiceRoute[]>();
	const touched = new Set<string>();
	const touch = (key: string) => {
		touched.add(key);
		onChange();
	};
	let zone: string | undefined;
	const unsubscribe = [
		nodes.subscribe(({ object }) => {
			if (object.metadata.name !== nodeName || object.metadata.labels?.[ZONE] === zone) return;
			zone = object.metadata.labels?.[ZONE];
			for (const service of services.list()) touch(keyOf(service));
		}),
		services.subscribe(({ object }) => touch(keyOf(object))),
		slices.subscribe(({ object, old }) => {
			touch(serviceKeyOf(object));
			if (old) touch(serviceKeyOf(old));
		}),
	];

	function look(key: string) {
		const service = services.get(key);
		if (!service) {
			known.delete(key);
			return;
		}
		const before = known.get(key) ?? [];
		const routes = routesOf(service, slices.by(BY_SERVICE, key), { nodeName, zone });
		known.set(
			key,
			routes.map((route) => before.find((each) => deepEqual(each, route)) ?? route),
		);
	}

	return {
		current: () => {
			for (const key of touched) look(key);
			touched.clear();
			return [...known.values()].flat();
		},
		synced: Promise.all([services.whenSynced, slices.whenSynced, nodes.whenSynced]),
		close: () => {
			for (const each of unsubscribe) each();
		},
	};
}
