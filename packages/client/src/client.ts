/** Typed CRUD, patch and watch over any transport. Paths come from the kind; errors are StatusErrors. */
import type {
	AnyKind,
	DeleteOptions,
	Draft,
	Kind,
	KubeList,
	KubeObject,
	Transport,
	WatchEvent,
} from "@berth/api";

/** Names one object. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectName {
	readonly namespace?: string | undefined;
	readonly name: string;
}

export interface ListOptions {
	/** Absent: all namespaces. */
	readonly namespace?: string | undefined;
	readonly labelSelector?: string | undefined;
	readonly fieldSelector?: string | undefined;
	readonly limit?: number | undefined;
	readonly continue?: string | undefined;
	readonly resourceVersion?: string | undefined;
	readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions extends ListOptions {
	/** Streaming list: ADDED for everything, then a bookmark annotated `k8s.io/initial-events-end`. */
	readonly sendInitialEvents?: boolean | undefined;
	readonly timeoutSeconds?: number | undefined;
}

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface PatchOptions {
	readonly type: PatchType;
	readonly subresource?: string | undefined;
	readonly fieldManager?: string | undefined;
	readonly force?: boolean | undefined;
}

export interface Client {
	get<T extends KubeObject>(kind: Kind<T>, name: ObjectName, signal?: AbortSignal): Promise<T>;
	list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<KubeList<T>>;
	create<T extends KubeObject>(kind: Kind<T>, object: Draft<T>): Promise<T>;
	/** Optimistic: fails with Conflict when `metadata.resourceVersion` is stale. */
	update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
	updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
	patch<T extends KubeObject>(
		kind: Kind<T>,
		name: ObjectName,
		body: unknown,
		options: PatchOptions,
	): Promise<T>;
	delete<T extends KubeObject>(kind: Kind<T>, name: ObjectName, options?: DeleteOptions): Promise<void>;
	deleteCollection(kind: AnyKind, options: ListOptions, how?: DeleteOptions): Promise<void>;
	watch<T extends KubeObject>(kind: Kind<T>, options?: WatchOptions): Promise<AsyncIterable<WatchEvent<T>>>;
	/** POST to a subresource: `binding`, `eviction`, `token`. Answers with the server's body. */
	post(kind: AnyKind, name: ObjectName, subresource: string, body: unknown): Promise<unknown>;
	readonly transport: Transport;
}
