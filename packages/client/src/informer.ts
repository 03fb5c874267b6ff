/**
 * Informers: a local, always fresh copy of a resource. An informer lists by streaming, watches from there, survives
 * anything (410, broken connections, server restarts, silence) and never gives up; its objects are frozen.
 */
import type { AnyKind, Kind, KubeObject } from "@berth/api";

export interface Change<T> {
	readonly type: "added" | "updated" | "deleted";
	readonly object: T;
	/** The object before an update. */
	readonly old?: T | undefined;
}

export interface Informer<T extends KubeObject> {
	readonly kind: Kind<T>;
	/** `key` as made by `keyOf`: `namespace/name` or `name`. */
	get(key: string): T | undefined;
	list(namespace?: string): readonly T[];
	/** Declares an index; must be called before the first `by` of that name. Declaring it again is harmless. */
	index(name: string, values: (object: T) => readonly string[]): void;
	by(index: string, value: string): readonly T[];
	/** Replays what is known as "added" (unless told not to), then every change in order. The answer unsubscribes. */
	subscribe(listener: (change: Change<T>) => void, options?: { replay?: boolean }): () => void;
	/** True once the first full list has arrived and its listeners know; stays true. */
	readonly synced: boolean;
	/** Resolves when `synced` becomes true; never rejects. */
	readonly whenSynced: Promise<void>;
}

export interface InformerScope {
	readonly namespace?: string;
	readonly labelSelector?: string;
	readonly fieldSelector?: string;
}

/** One informer for each kind and scope, shared by all who ask. Starts with `start`; asked for later, it starts at once. */
export interface Informers {
	of<T extends KubeObject>(kind: Kind<T>, scope?: InformerScope): Informer<T>;
	/** Stops an informer whose kind is no longer served; it keeps what it has. Asked for again, a new one starts. */
	drop(kind: AnyKind, scope?: InformerScope): void;
	/** Runs until the signal aborts; resolves when all have stopped. */
	start(signal: AbortSignal): Promise<void>;
	/** Resolves when every informer asked for so far is synced. */
	synced(signal?: AbortSignal): Promise<void>;
}
