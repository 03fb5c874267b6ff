/** Keeps one Endpoints object for each service with a selector. */
import { deepEqual, type EndpointSubset, Endpoints, keyOf, Pod, Service, splitKey } from "@berth/api";
import {
	type Controller,
	type ControllerEnvironment,
	created,
	ownWritesSeen,
	updated,
	watch,
} from "@berth/reconcile";
import { inLivingNamespace } from "../namespace/in-living-namespace.ts";
import { deleteObject } from "../ownership/delete-object.ts";
import { candidates, isManaged, labelsForEndpoints } from "./candidates.ts";
import { endpointSubsets, MAX_ADDRESSES, OVER_CAPACITY } from "./plan-endpoints.ts";
import { servicesOf } from "./services-of.ts";

const MANAGED_BY = "endpoints.kubernetes.io/managed-by";

export function createEndpointsController(environment: ControllerEnvironment): Controller {
	const { client, informers, clock } = environment;
	const services = informers.of(Service);
	const pods = informers.of(Pod);
	const endpoints = informers.of(Endpoints);

	async function sync(key: string, signal: AbortSignal): Promise<void> {
		const service = services.get(key);
		const existing = endpoints.get(key);
		const { namespace, name } = splitKey(key);
		if (!service) {
			if (existing?.metadata.labels?.[MANAGED_BY] === "endpoint-controller") {
				await deleteObject(client, Endpoints, existing);
			}
			return;
		}
		if (!isManaged(service)) return;
		const all = candidates(service, pods.list(namespace));
		const wanted = wantedEndpoints({
			service,
			subsets: endpointSubsets(all),
			overCapacity: all.length > MAX_ADDRESSES,
			annotations: existing?.metadata.annotations ?? {},
		});
		if (existing && isSame(existing, wanted)) return;
		const written = existing
			? await client.update(Endpoints, {
					...existing,
					...wanted,
					metadata: { ...existing.metadata, ...wanted.metadata },
				})
			: await client.create(Endpoints, { ...wanted, metadata: { ...wanted.metadata, namespace, name } });
		const seen = existing ? updated(written) : created(written);
		await ownWritesSeen({ informer: endpoints, written: new Map([[key, seen]]), clock, signal });
	}

	return {
		name: "endpoint",
		workers: 5,
		sources: [
			watch(services, (change) => [keyOf(change.object)]),
			watch(pods, servicesOf(services)),
			// Somebody else's hand on our object, or its deletion.
			watch(endpoints, (change) => [keyOf(change.object)]),
		],
		reconcile: inLivingNamespace(sync),
	};
}

function wantedEndpoints(from: {
	readonly service: Service;
	readonly subsets: readonly EndpointSubset[];
	readonly overCapacity: boolean;
	/** Those on the object now: others' stay. */
	readonly annotations: Readonly<Record<string, string>>;
}) {
	const { [OVER_CAPACITY]: _, ...others } = from.annotations;
	return {
		metadata: {
			labels: { ...labelsForEndpoints(from.service), [MANAGED_BY]: "endpoint-controller" },
			annotations: from.overCapacity ? { ...others, [OVER_CAPACITY]: "truncated" } : others,
		},
		subsets: from.subsets,
	};
}

const isSame = (existing: Endpoints, wanted: ReturnType<typeof wantedEndpoints>) =>
	deepEqual(existing.subsets ?? [], wanted.subsets) &&
	deepEqual(existing.metadata.labels ?? {}, wanted.metadata.labels) &&
	deepEqual(existing.metadata.annotations ?? {}, wanted.metadata.annotations);
