import type { AnyKind, Call, KubeList, KubeObject, Transport, WatchEvent } from "@berth/api";
import type { Client, ListOptions, PatchType, WatchOptions } from "./client.ts";
import { collectionPath, objectPath } from "./paths.ts";

export interface ClientOptions {
	/** Owner of the fields this client writes (server-side apply, managedFields). */
	readonly fieldManager?: string | undefined;
}

const CONTENT_TYPES: Record<PatchType, string> = {
	json: "application/json-patch+json",
	merge: "application/merge-patch+json",
	strategic: "application/strategic-merge-patch+json",
	// JSON is YAML: the media type is the only one server-side apply has.
	apply: "application/apply-patch+yaml",
};

/** A client over any transport. Errors named by the server are StatusErrors; it neither retries nor caches. */
export function createClient(transport: Transport, { fieldManager }: ClientOptions = {}): Client {
	// The transport answers with plain JSON; the path says of which kind. This is the one place that believes it.
	const send = async <T extends KubeObject>(call: Call) => (await transport.call(call)) as T;
	const written = { fieldManager };

	return {
		transport,
		get: async (kind, name, signal) =>
			send({ method: "GET", path: objectPath(kind, name), ...(signal && { signal }) }),

		list: async <T extends KubeObject>(kind: AnyKind, options: ListOptions = {}) => {
			const list = (await transport.call({
				method: "GET",
				path: collectionPath(kind, options.namespace),
				query: listQuery(options),
				...(options.signal && { signal: options.signal }),
			})) as KubeList<T>;
			return { ...list, items: (list.items ?? []).map((item) => typed(kind, item)) };
		},

		create: async (kind, object) =>
			send({
				method: "POST",
				path: creationPath(kind, object.metadata.namespace),
				query: written,
				body: typed(kind, object),
			}),

		update: async (kind, object) =>
			send({
				method: "PUT",
				path: objectPath(kind, object.metadata),
				query: written,
				body: typed(kind, object),
			}),

		updateStatus: async (kind, object) =>
			send({
				method: "PUT",
				path: objectPath(kind, object.metadata, "status"),
				query: written,
				body: typed(kind, object),
			}),

		patch: async (kind, name, body, options) =>
			send({
				method: "PATCH",
				path: objectPath(kind, name, options.subresource),
				query: {
					fieldManager: options.fieldManager ?? fieldManager,
					...(options.force && { force: "true" }),
				},
				body,
				contentType: CONTENT_TYPES[options.type],
			}),

		delete: async (kind, name, options) => {
			await transport.call({
				method: "DELETE",
				path: objectPath(kind, name),
				body: deleteOptions(options),
			});
		},

		deleteCollection: async (kind, options, how) => {
			await transport.call({
				method: "DELETE",
				path: collectionPath(kind, options.namespace),
				query: listQuery(options),
				body: deleteOptions(how),
				...(options.signal && { signal: options.signal }),
			});
		},

		watch: async <T extends KubeObject>(kind: AnyKind, options: WatchOptions = {}) => {
			const events = await transport.watch({
				method: "GET",
				path: collectionPath(kind, options.namespace),
				query: watchQuery(options),
				...(options.signal && { signal: options.signal }),
			});
			return events as AsyncIterable<WatchEvent<T>>;
		},

		post: async (kind, name, subresource, body) =>
			transport.call({
				method: "POST",
				path: objectPath(kind, name, subresource),
				query: written,
				body,
			}),
	};
}

/** Items of a list, and drafts, may leave out what their place already says. */
const typed = <T extends object>(kind: AnyKind, object: T): T => ({
	apiVersion: kind.apiVersion,
	kind: kind.kind,
	...object,
});

function creationPath(kind: AnyKind, namespace: string | undefined): string {
	if (kind.namespaced && !namespace) throw new TypeError(`${kind.kind} without a namespace`);
	return collectionPath(kind, namespace);
}

const deleteOptions = (options: object | undefined) => ({
	kind: "DeleteOptions",
	apiVersion: "v1",
	...options,
});

const listQuery = (options: ListOptions) => ({
	labelSelector: options.labelSelector || undefined,
	fieldSelector: options.fieldSelector || undefined,
	limit: options.limit?.toString(),
	continue: options.continue || undefined,
	resourceVersion: options.resourceVersion,
});

const watchQuery = (options: WatchOptions) => ({
	...listQuery(options),
	// Without bookmarks a quiet resource would fall out of the server's history and need a new list.
	allowWatchBookmarks: "true",
	...(options.sendInitialEvents && {
		sendInitialEvents: "true",
		resourceVersionMatch: "NotOlderThan",
	}),
	timeoutSeconds: options.timeoutSeconds?.toString(),
});
