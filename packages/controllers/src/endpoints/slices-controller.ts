/** Keeps the EndpointSlices of each service with a selector: what the proxies and DNS read. */
import { controllerReference, EndpointSlice, keyOf, Pod, Service, splitKey } from "@berth/api";
import {
	type Controller,
	type ControllerEnvironment,
	created,
	deleted,
	ownWritesSeen,
	updated,
	watch,
} from "@berth/reconcile";
import { deleteObject } from "../ownership/delete-object.ts";
import { candidates, isManaged } from "./candidates.ts";
import { inLivingNamespace } from "./in-living-namespace.ts";
import { CONTROLLER_NAME, MANAGED_BY, planSlices, SERVICE_NAME } from "./plan-slices.ts";
import { servicesOf } from "./services-of.ts";

export function createEndpointSliceController(environment: ControllerEnvironment): Controller {
	const { client, informers, clock } = environment;
	const services = informers.of(Service);
	const pods = informers.of(Pod);
	const slices = informers.of(EndpointSlice);
	slices.index("service", (slice) => ownServiceKey(slice));

	async function sync(key: string, signal: AbortSignal): Promise<void> {
		const service = services.get(key);
		// A deleted service's slices go with it, by their owner reference.
		if (!service || !isManaged(service)) return;
		const { namespace } = splitKey(key);
		const addressType = service.spec.ipFamilies?.[0] ?? "IPv4";
		const existing = slices
			.by("service", key)
			.filter((slice) => slice.addressType === addressType && !slice.metadata.deletionTimestamp);
		const plan = planSlices(service, candidates(service, pods.list(namespace)), existing);
		const written = new Map<string, (slice: EndpointSlice | undefined) => boolean>();
		for (const { labels, endpoints, ports } of plan.create) {
			const slice = await client.create(EndpointSlice, {
				metadata: {
					generateName: `${service.metadata.name}-`,
					namespace,
					labels,
					ownerReferences: [controllerReference(service)],
				},
				addressType,
				endpoints,
				ports,
			});
			written.set(keyOf(slice), created(slice));
		}
		for (const { slice, content } of plan.update) {
			const { labels, endpoints, ports } = content;
			const metadata = { ...slice.metadata, labels };
			const next = await client.update(EndpointSlice, { ...slice, metadata, endpoints, ports });
			written.set(keyOf(next), updated(next));
		}
		for (const slice of plan.remove) {
			await deleteObject(client, EndpointSlice, slice);
			written.set(keyOf(slice), deleted(slice));
		}
		await ownWritesSeen({ informer: slices, written, clock, signal });
	}

	return {
		name: "endpointslice",
		workers: 5,
		sources: [
			watch(services, (change) => [keyOf(change.object)]),
			watch(pods, servicesOf(services)),
			watch(slices, (change) => ownServiceKey(change.object)),
		],
		reconcile: inLivingNamespace(sync),
	};
}

/** Key of the service a slice of ours belongs to. */
function ownServiceKey(slice: EndpointSlice): readonly string[] {
	const labels = slice.metadata.labels;
	if (labels?.[MANAGED_BY] !== CONTROLLER_NAME || !labels[SERVICE_NAME]) return [];
	return [`${slice.metadata.namespace}/${labels[SERVICE_NAME]}`];
}
