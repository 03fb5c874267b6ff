/** Somebody inside the server who wants to know when anything of a kind changes. */
import type { Logger } from "@berth/api";
import type { ResourceCache } from "./objects.ts";

/**
 * Calls `changed` after every batch, and once more when a watch broke: what it would have said is unknown then. Resolves
 * when `signal` aborts or the cache closes.
 */
export async function follow(
	cache: ResourceCache,
	signal: AbortSignal,
	log: Logger,
	changed: () => void,
): Promise<void> {
	while (!signal.aborted) {
		const watch = cache.watch({ after: cache.revision });
		const end = () => void watch[Symbol.asyncDispose]();
		signal.addEventListener("abort", end);
		try {
			for await (const _ of watch.batches) changed();
			// The cache itself has closed.
			return;
		} catch (error) {
			log.warn({ err: error }, "lost sight of objects; reading them again");
			changed();
		} finally {
			signal.removeEventListener("abort", end);
		}
	}
}
