/**
 * Server-side apply: what an object becomes when somebody applies a configuration to it. What others own is told apart
 * afterwards (`conflictsOf`), since only the complete object shows what has changed.
 * https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/555-server-side-apply
 */
import type { JsonObject } from "../deep.ts";
import type { ObjectType } from "../schema.ts";
import type { Unowned } from "./compare.ts";
import { type FieldSet, union } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { type FieldManager, isBy, type Ownership, ownedByAny } from "./managed-fields.ts";
import { mergeConfiguration } from "./merge-configuration.ts";
import { prune } from "./prune.ts";

export interface Application {
	readonly configuration: JsonObject;
	readonly manager: FieldManager;
	readonly unowned: Unowned;
}

export interface Applied {
	/** Not defaulted yet. */
	readonly object: JsonObject;
	/** What the manager owns from now on. */
	readonly fields: FieldSet | undefined;
}

/** `live` with the configuration, and without what the manager gave before, gives no more and nobody else owns. */
export function applyConfiguration(
	type: ObjectType,
	live: object,
	owned: readonly Ownership[],
	{ configuration, manager, unowned }: Application,
): Applied {
	const fields = fieldSetOf(type, configuration, unowned);
	const merged = mergeConfiguration(type, live, configuration);
	const last = owned.find((entry) => isBy(entry, manager))?.fieldsV1;
	if (!last) return { object: merged, fields };
	const others = owned.filter((entry) => !isBy(entry, manager));
	const claimed = union(ownedByAny(others), fieldSetOf(type, configuration));
	return { object: prune(type, merged, { last, owned: claimed }), fields };
}
