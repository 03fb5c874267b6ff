/** Mirrors Endpoints that users keep for services without a selector into EndpointSlices, which proxies and DNS read. */
import { EndpointSlice, Endpoints, keyOf, Service } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { inLivingNamespace } from "../namespace/in-living-namespace.ts";
import { deleteObject } from "../ownership/delete-object.ts";
import { keepSlices, serviceKeyOf } from "./keep-slices.ts";
import { type AddressType, isMirrored, MIRROR_NAME, mirroredSlices } from "./mirrored-slices.ts";
import { planSlices } from "./plan-slices.ts";

const TYPES: readonly AddressType[] = ["IPv4", "IPv6"];

export function createEndpointSliceMirroringController(environment: ControllerEnvironment): Controller {
	const { client, informers } = environment;
	const services = informers.of(Service);
	const endpoints = informers.of(Endpoints);
	const slices = informers.of(EndpointSlice);
	const ownServiceKey = serviceKeyOf(MIRROR_NAME);
	slices.index("mirrored", ownServiceKey);

	async function sync(key: string, signal: AbortSignal): Promise<void> {
		const service = services.get(key);
		const owner = endpoints.get(key);
		const existing = slices.by("mirrored", key).filter(({ metadata }) => !metadata.deletionTimestamp);
		if (!owner || !isMirrored(owner) || !service || service.spec.selector) {
			for (const slice of existing) await deleteObject(client, EndpointSlice, slice);
			return;
		}
		for (const addressType of TYPES) {
			const ofType = existing.filter((slice) => slice.addressType === addressType);
			const plan = planSlices(mirroredSlices(owner, addressType), ofType);
			await keepSlices(environment, slices, { owner, addressType, plan }, signal);
		}
	}

	return {
		name: "endpointslicemirroring",
		workers: 5,
		sources: [
			watch(endpoints, (change) => [keyOf(change.object)]),
			watch(services, (change) => [keyOf(change.object)]),
			watch(slices, (change) => ownServiceKey(change.object)),
		],
		reconcile: inLivingNamespace(sync),
	};
}
