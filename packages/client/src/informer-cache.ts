/** What an informer knows: objects by key, indexes kept with every change, and the listeners told of it. */
import { type AnyKind, type KubeObject, keyOf, type Logger } from "@berth/api";
import type { Change, Informer } from "./informer.ts";

export interface InformerCache<T extends KubeObject> extends Informer<T> {
	/** The server's whole truth; what differs from it becomes changes. The first call makes the informer synced. */
	replace(objects: ReadonlyMap<string, T>): void;
	put(object: T): void;
	/** `object` is the last state of the deleted object. */
	remove(object: T): void;
}

/** Objects that share an index value. The array is made when asked for, and kept until something changes. */
interface Bucket<T> {
	readonly objects: Map<string, T>;
	list?: readonly T[] | undefined;
}

interface Index<T> {
	readonly values: (object: T) => readonly string[];
	readonly buckets: Map<string, Bucket<T>>;
}

const NAMESPACE = Symbol("namespace");

export function createInformerCache<T extends KubeObject>(kind: AnyKind, log: Logger): InformerCache<T> {
	const all: Bucket<T> = { objects: new Map() };
	const indexes = new Map<string | symbol, Index<T>>();
	const listeners = new Set<(change: Change<T>) => void>();
	const { promise: whenSynced, resolve: resolveSynced } = Promise.withResolvers<void>();
	let synced = false;

	addIndex(NAMESPACE, (object) => (object.metadata.namespace ? [object.metadata.namespace] : []));

	function addIndex(name: string | symbol, values: (object: T) => readonly string[]) {
		const index: Index<T> = { values: guarded(values, log), buckets: new Map() };
		indexes.set(name, index);
		for (const [key, object] of all.objects) enter(index, key, object);
	}

	function tell(change: Change<T>) {
		// A copy: who subscribes while this change is told has already been told of it by the replay.
		for (const listener of [...listeners]) if (listeners.has(listener)) tellOne(listener, change);
	}

	function tellOne(listener: (change: Change<T>) => void, change: Change<T>) {
		try {
			listener(change);
		} catch (error) {
			log.error({ err: error, kind: kind.kind, key: keyOf(change.object) }, "an informer's listener failed");
		}
	}

	function store(key: string, object: T, old: T | undefined) {
		all.objects.set(key, object);
		all.list = undefined;
		for (const index of indexes.values()) {
			if (old) leave(index, key, old);
			enter(index, key, object);
		}
	}

	function put(object: T) {
		const key = keyOf(object);
		const old = all.objects.get(key);
		if (!old) {
			store(key, object, undefined);
			tell({ type: "added", object });
		} else if (old.metadata.uid !== object.metadata.uid) {
			// Deleted and made again while nobody was looking: two objects that happen to share a name.
			remove(old);
			put(object);
		} else if (old.metadata.resourceVersion !== object.metadata.resourceVersion) {
			store(key, object, old);
			tell({ type: "updated", object, old });
		}
	}

	function remove(object: T) {
		const key = keyOf(object);
		const old = all.objects.get(key);
		if (!old) return;
		all.objects.delete(key);
		all.list = undefined;
		for (const index of indexes.values()) leave(index, key, old);
		tell({ type: "deleted", object });
	}

	return {
		kind,
		get: (key) => all.objects.get(key),
		list: (namespace) => {
			if (namespace === undefined) return listed(all);
			return listed(indexes.get(NAMESPACE)?.buckets.get(namespace));
		},
		index: (name, values) => {
			if (!indexes.has(name)) addIndex(name, values);
		},
		by: (name, value) => {
			const index = indexes.get(name);
			if (!index) throw new Error(`no index ${name} was declared for ${kind.kind}`);
			return listed(index.buckets.get(value));
		},
		subscribe: (listener, { replay = true } = {}) => {
			// Each subscription is its own, even of a function that is subscribed twice.
			const own = (change: Change<T>) => listener(change);
			if (replay) for (const object of listed(all)) tellOne(own, { type: "added", object });
			listeners.add(own);
			return () => {
				listeners.delete(own);
			};
		},
		get synced() {
			return synced;
		},
		whenSynced,
		replace: (objects) => {
			for (const [key, old] of [...all.objects]) if (!objects.has(key)) remove(old);
			for (const object of objects.values()) put(object);
			synced = true;
			resolveSynced();
		},
		put,
		remove,
	};
}

/** An index function that throws on an odd object must not stop the informer: the object is then not in the index. */
function guarded<T extends KubeObject>(values: (object: T) => readonly string[], log: Logger) {
	return (object: T): readonly string[] => {
		try {
			return values(object);
		} catch (error) {
			log.error({ err: error, key: keyOf(object) }, "an informer's index function failed");
			return [];
		}
	};
}

function enter<T>(index: Index<T>, key: string, object: T) {
	for (const value of index.values(object)) {
		const bucket = index.buckets.get(value);
		if (bucket) {
			bucket.objects.set(key, object);
			bucket.list = undefined;
		} else {
			index.buckets.set(value, { objects: new Map([[key, object]]) });
		}
	}
}

function leave<T>(index: Index<T>, key: string, object: T) {
	for (const value of index.values(object)) {
		const bucket = index.buckets.get(value);
		bucket?.objects.delete(key);
		if (bucket?.objects.size === 0) index.buckets.delete(value);
		else if (bucket) bucket.list = undefined;
	}
}

function listed<T>(bucket: Bucket<T> | undefined): readonly T[] {
	if (!bucket) return [];
	bucket.list ??= Object.freeze([...bucket.objects.values()]);
	return bucket.list;
}
