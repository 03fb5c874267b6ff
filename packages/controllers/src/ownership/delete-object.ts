/** Deletes this very object, not a namesake that came after it. That it is gone already is as good. */
import { type DeleteOptions, isNotFound, type Kind, type KubeObject } from "@berth/api";
import type { Client } from "@berth/client";

export async function deleteObject<T extends KubeObject>(
	client: Client,
	kind: Kind<T>,
	object: T,
	how: Pick<DeleteOptions, "propagationPolicy"> = {},
): Promise<void> {
	const { namespace, name, uid } = object.metadata;
	try {
		await client.delete(kind, { namespace, name }, { ...how, preconditions: { uid } });
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}
