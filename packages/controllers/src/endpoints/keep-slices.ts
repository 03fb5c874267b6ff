/** Carries out a plan for slices, and waits until the informer shows it. */
import { controllerReference, EndpointSlice, type KubeObject, keyOf } from "@berth/api";
import type { Informer } from "@berth/client";
import { type ControllerEnvironment, created, deleted, ownWritesSeen, updated } from "@berth/reconcile";
import { deleteObject } from "../ownership/delete-object.ts";
import { MANAGED_BY, SERVICE_NAME, type SliceContent, type SlicePlan } from "./plan-slices.ts";

export interface KeptSlices {
	/** Whose slices they are: they go with it. */
	readonly owner: KubeObject;
	readonly addressType: string;
	readonly plan: SlicePlan;
}

export async function keepSlices(
	{ client, clock }: ControllerEnvironment,
	informer: Informer<EndpointSlice>,
	{ owner, addressType, plan }: KeptSlices,
	signal: AbortSignal,
): Promise<void> {
	const { name, namespace } = owner.metadata;
	const written = new Map<string, (slice: EndpointSlice | undefined) => boolean>();
	for (const content of plan.create) {
		const { endpoints, ports } = content;
		const metadata = {
			generateName: `${name}-`,
			...{ namespace, ...marksOf(content) },
			ownerReferences: [controllerReference(owner)],
		};
		const slice = await client.create(EndpointSlice, { metadata, addressType, endpoints, ports });
		written.set(keyOf(slice), created(slice));
	}
	for (const { slice, content } of plan.update) {
		const { endpoints, ports } = content;
		const metadata = { ...slice.metadata, ...marksOf(content) };
		const next = await client.update(EndpointSlice, { ...slice, metadata, endpoints, ports });
		written.set(keyOf(next), updated(next));
	}
	for (const slice of plan.remove) {
		await deleteObject(client, EndpointSlice, slice);
		written.set(keyOf(slice), deleted(slice));
	}
	await ownWritesSeen({ informer, written, clock, signal });
}

const marksOf = ({ labels, annotations }: SliceContent) => ({ labels, ...(annotations && { annotations }) });

/** Keys of the service that a slice is for, when that manager keeps it. */
export const serviceKeyOf = (manager: string) => (slice: EndpointSlice) => {
	const { [MANAGED_BY]: keptBy, [SERVICE_NAME]: service } = slice.metadata.labels ?? {};
	return keptBy === manager && service ? [`${slice.metadata.namespace}/${service}`] : [];
};
