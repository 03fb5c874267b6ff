/** How many copies whoever controls a pod wants: known kinds from the cache, any other from its scale subresource. */
import {
	type AnyKind,
	controllerOf,
	Deployment,
	isNotFound,
	type KubeObject,
	type OwnerReference,
	type Pod,
	ReplicaSet,
	ReplicationController,
	StatefulSet,
} from "@berth/api";
import { type Client, type Informers, objectPath } from "@berth/client";
import type { ServedKinds } from "../served-kinds/served-kinds.ts";
import type { Expected } from "./plan.ts";

export interface ScalesOptions {
	readonly client: Client;
	readonly informers: Informers;
	readonly served: ServedKinds;
}

/** Kinds whose wishes are watched. */
export const SCALED: readonly AnyKind[] = [Deployment, ReplicaSet, StatefulSet, ReplicationController];

type Scaled = KubeObject & { readonly spec: { readonly replicas?: number | undefined } };

/** The sum over all controllers of these pods; pods that nobody controls are not counted. */
export async function expectedPods(options: ScalesOptions, pods: readonly Pod[]): Promise<Expected> {
	const owners = new Map<string, number>();
	for (const pod of pods) {
		const reference = controllerOf(pod);
		if (!reference) continue;
		const { namespace } = pod.metadata;
		const owner = owningDeployment(options, namespace, reference) ?? reference;
		if (owners.has(owner.uid)) continue;
		const scale = await scaleOf(options, namespace, owner);
		if (scale === undefined) {
			return { failure: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` };
		}
		owners.set(owner.uid, scale);
	}
	return { pods: [...owners.values()].reduce((sum, scale) => sum + scale, 0) };
}

/** While a deployment rolls out, its sets together are what it wants. */
function owningDeployment(
	{ informers }: ScalesOptions,
	namespace: string | undefined,
	{ kind, name, uid }: OwnerReference,
): OwnerReference | undefined {
	if (kind !== ReplicaSet.kind) return undefined;
	const set = informers.of(ReplicaSet).get(`${namespace}/${name}`);
	return set?.metadata.uid === uid ? controllerOf(set) : undefined;
}

async function scaleOf(
	{ client, informers, served }: ScalesOptions,
	namespace: string | undefined,
	{ apiVersion, kind: kindName, name, uid }: OwnerReference,
): Promise<number | undefined> {
	const known = SCALED.find((kind) => kind.kind === kindName && kind.apiVersion === apiVersion);
	if (known) {
		const object = informers.of<Scaled>(known).get(`${namespace}/${name}`);
		return object?.metadata.uid === uid ? (object.spec.replicas ?? 1) : undefined;
	}
	const kind = served.find(
		apiVersion.split("/").length > 1 ? (apiVersion.split("/")[0] ?? "") : "",
		kindName,
	);
	if (!kind) return undefined;
	try {
		const path = objectPath(kind, { namespace, name }, "scale");
		const scale = (await client.transport.call({ method: "GET", path })) as Scaled;
		return scale.metadata.uid === uid ? (scale.spec.replicas ?? 0) : undefined;
	} catch (error) {
		// It is gone, or cannot be scaled.
		if (isNotFound(error)) return undefined;
		throw error;
	}
}
