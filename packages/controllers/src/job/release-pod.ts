/** Lets a pod go that a job has counted, or that is not its own any more. */
import { hasReason, isNotFound, Pod } from "@berth/api";
import type { Client } from "@berth/client";
import { isTracked, TRACKING } from "./job-pods.ts";

/** Takes the job's finalizer, and nothing else, from this very pod; `asSeen`: only if the pod is as it was seen to be. */
export async function releasePod(
	client: Client,
	pod: Pod,
	{ asSeen = false }: { readonly asSeen?: boolean } = {},
): Promise<void> {
	if (!isTracked(pod)) return;
	const { namespace, name, uid, resourceVersion } = pod.metadata;
	const which = asSeen ? { uid, resourceVersion } : { uid };
	try {
		await client.patch(
			Pod,
			{ namespace, name },
			{ metadata: { ...which, "$deleteFromPrimitiveList/finalizers": [TRACKING] } },
			{ type: "strategic" },
		);
	} catch (error) {
		// Gone, or another one by now: ours is let go. What has changed meanwhile is looked at again.
		if (!isNotFound(error) && !hasReason(error, "Conflict")) throw error;
	}
}
