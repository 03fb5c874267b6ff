/** DELETE of a collection: every object that the selectors choose, each as if deleted alone. */
import { isNotFound } from "@berth/api";
import type { RegistryContext, Scope } from "./context.ts";
import { deleteObject, warnOfDependents } from "./delete.ts";
import { deleteOptions } from "./delete-options.ts";
import { listObjects } from "./list.ts";
import type { Answer } from "./request.ts";

/** Deleted at the same time: their writes share the store's group commits. */
const AT_ONCE = 32;

export async function deleteCollection(context: RegistryContext, scope: Scope): Promise<Answer> {
	const options = deleteOptions(scope.request);
	const list = await listObjects(context, scope);
	for (let i = 0; i < list.items.length; i += AT_ONCE) {
		scope.signal.throwIfAborted();
		await Promise.all(
			list.items.slice(i, i + AT_ONCE).map(async ({ object }) => {
				try {
					await deleteObject(context, scope, object.metadata.name, options);
				} catch (error) {
					// Somebody else deleted it meanwhile: that is what was asked for.
					if (!isNotFound(error)) throw error;
				}
			}),
		);
	}
	warnOfDependents(scope, options);
	return { type: "list", kind: scope.kind, list };
}
