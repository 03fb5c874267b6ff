/** Writes a status where it differs. Optimistic: one that was found from an old object must not overwrite a newer one. */
import { deepEqual, isNotFound, type Kind, type KubeObject } from "@berth/api";
import type { Client } from "@berth/client";

/** Throws Conflict when somebody has written the object meanwhile; that it is gone is as good as written. */
export async function writeStatus<T extends KubeObject & { readonly status?: unknown }>(
	client: Client,
	kind: Kind<T>,
	object: T,
	status: T["status"],
): Promise<void> {
	if (deepEqual(object.status ?? {}, status)) return;
	try {
		await client.updateStatus(kind, { ...object, status });
	} catch (error) {
		if (!isNotFound(error)) throw error;
	}
}
