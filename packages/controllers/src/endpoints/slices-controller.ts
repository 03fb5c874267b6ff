/** Keeps the EndpointSlices of each service with a selector: what the proxies and DNS read. */
import { EndpointSlice, keyOf, Node, Pod, Service, splitKey } from "@berth/api";
import type { Change } from "@berth/client";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { inLivingNamespace } from "../namespace/in-living-namespace.ts";
import { candidates, isManaged } from "./candidates.ts";
import { keepSlices, serviceKeyOf } from "./keep-slices.ts";
import { planSlices } from "./plan-slices.ts";
import { CONTROLLER_NAME, serviceSlices } from "./service-slices.ts";
import { servicesOf } from "./services-of.ts";

const ZONE = "topology.kubernetes.io/zone";

export function createEndpointSliceController(environment: ControllerEnvironment): Controller {
	const { informers } = environment;
	const services = informers.of(Service);
	const pods = informers.of(Pod);
	const nodes = informers.of(Node);
	const slices = informers.of(EndpointSlice);
	const ownServiceKey = serviceKeyOf(CONTROLLER_NAME);
	slices.index("service", ownServiceKey);
	const zoneOf = (node: string) => nodes.get(node)?.metadata.labels?.[ZONE];

	async function sync(key: string, signal: AbortSignal): Promise<void> {
		const service = services.get(key);
		// A deleted service's slices go with it, by their owner reference.
		if (!service || !isManaged(service)) return;
		const { namespace } = splitKey(key);
		const addressType = service.spec.ipFamilies?.[0] ?? "IPv4";
		const existing = slices
			.by("service", key)
			.filter((slice) => slice.addressType === addressType && !slice.metadata.deletionTimestamp);
		const wanted = serviceSlices(service, candidates(service, pods.list(namespace)), zoneOf);
		const plan = planSlices(wanted, existing);
		await keepSlices(environment, slices, { owner: service, addressType, plan }, signal);
	}

	/** A node that is in another zone than before moves its endpoints there. */
	const rezoned = ({ object, old }: Change<Node>) =>
		old?.metadata.labels?.[ZONE] === object.metadata.labels?.[ZONE]
			? []
			: services.list().filter(isManaged).map(keyOf);

	return {
		name: "endpointslice",
		workers: 5,
		sources: [
			watch(services, (change) => [keyOf(change.object)]),
			watch(pods, servicesOf(services)),
			watch(nodes, rezoned),
			watch(slices, (change) => ownServiceKey(change.object)),
		],
		reconcile: inLivingNamespace(sync),
	};
}
