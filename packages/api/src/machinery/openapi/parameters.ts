/** The parameters that operations take. */

export interface Parameter {
	readonly name: string;
	readonly in: "query" | "path";
	readonly type: "string" | "integer" | "boolean";
	readonly description: string;
}

const query = (name: string, type: Parameter["type"], description: string): Parameter => ({
	name,
	in: "query",
	type,
	description,
});

const path = (name: string, description: string): Parameter => ({
	name,
	in: "path",
	type: "string",
	description,
});

const PRETTY = query("pretty", "string", "Any value but false: indent the answer.");
const NAME = path("name", "Name of the object.");
const NAMESPACE = path("namespace", "Namespace of the object.");

/** What stands in the paths themselves, and `pretty`, which every operation takes. */
export const PATH_PARAMETERS = {
	namespaced: { collection: [NAMESPACE, PRETTY], object: [NAME, NAMESPACE, PRETTY] },
	cluster: { collection: [PRETTY], object: [NAME, PRETTY] },
} as const;

const DRY_RUN = query("dryRun", "string", "All: do everything but store the result.");

export const LIST_PARAMETERS: readonly Parameter[] = [
	query("allowWatchBookmarks", "boolean", "Whether a watch may be sent bookmarks."),
	query("continue", "string", "Token of the previous page."),
	query("fieldSelector", "string", "Fields that objects must match."),
	query("labelSelector", "string", "Labels that objects must match."),
	query("limit", "integer", "Most objects to answer at once."),
	query("resourceVersion", "string", "Revision to read or to watch from."),
	query("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
	query("sendInitialEvents", "boolean", "Whether a watch begins with the objects there are."),
	query("timeoutSeconds", "integer", "Seconds after which a list or watch ends."),
	query("watch", "boolean", "Stream changes instead of listing."),
];

export const WRITE_PARAMETERS: readonly Parameter[] = [
	DRY_RUN,
	query("fieldManager", "string", "Who makes the change."),
	query("fieldValidation", "string", "What unknown or duplicate fields lead to: Ignore, Warn or Strict."),
];

export const PATCH_PARAMETERS: readonly Parameter[] = [
	...WRITE_PARAMETERS,
	query("force", "boolean", "Take over fields that others manage."),
];

export const DELETE_PARAMETERS: readonly Parameter[] = [
	DRY_RUN,
	query("gracePeriodSeconds", "integer", "Seconds until the object is removed."),
	query("orphanDependents", "boolean", "Whether dependents stay; propagationPolicy says more."),
	query("propagationPolicy", "string", "What becomes of dependents: Orphan, Background or Foreground."),
];
