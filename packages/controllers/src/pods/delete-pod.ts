/** Asks this very pod to go. */
import { isConflict, isNotFound, Pod } from "@berth/api";
import type { Client } from "@berth/client";

/** False: it is gone, or another pod by now has its name. Throws whatever else was in the way. */
export async function deletePod(client: Client, { metadata }: Pod): Promise<boolean> {
	const { namespace, name, uid } = metadata;
	try {
		await client.delete(Pod, { namespace, name }, { preconditions: { uid } });
		return true;
	} catch (error) {
		if (isNotFound(error) || isConflict(error)) return false;
		throw error;
	}
}
