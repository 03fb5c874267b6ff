/**
 * A small API server in memory, for unit tests of everything that speaks to one: objects by path with revisions, patches,
 * the status subresource, finalizers, selectors, watches and streaming lists, and faults on demand. It has no
 * authorization, no defaulting, no validation and no garbage collection. The suite in transport.conformance.ts keeps it
 * true to the real one.
 */
import {
	type AnyKind,
	alreadyExists,
	type Call,
	conflict,
	deepFreeze,
	expired,
	KINDS,
	type KubeObject,
	methodNotAllowed,
	modified,
	noSuchResource,
	notFound,
	type Transport,
} from "@berth/api";
import { applyPatch, bound, marked, writable } from "./fake-objects.ts";
import { createFakeWatches, type FakeWatches, selectorOfCall } from "./fake-watches.ts";

export interface FakeServer extends Transport {
	/** Every call and watch so far, oldest first. */
	readonly calls: readonly (Call & { readonly watch: boolean })[];
	/** Revision of the newest write. */
	readonly revision: number;
	/** All objects of a kind, in order of their keys. */
	objects<T extends KubeObject>(kind: AnyKind): readonly T[];
	/** The next `times` matching calls fail with this error. Default: once, any call or watch. */
	failNext(error: Error, options?: { times?: number; match?: (call: Call) => boolean }): void;
	/** Ends every open watch; with an error the iteration throws it. Answers how many there were. */
	dropWatches(error?: Error): number;
	/** Open watches tell their readers that the revision expired, and end. */
	expireWatches(): void;
	/** Forgets history: watches from before now answer 410 Expired. */
	compact(): void;
	readonly openWatches: number;
	/** Sends the newest revision as a bookmark to every open watch. */
	bookmark(): void;
	/** Delivers an event of every open watch once more: the last, or one of those before it. */
	repeat(back?: number): void;
}

export interface FakeServerOptions {
	readonly kinds?: readonly AnyKind[];
	/** Milliseconds since the epoch, for creationTimestamp. Default: a fixed day in 2026. */
	readonly now?: () => number;
	/** Answer 400 to `sendInitialEvents`, as servers that do not stream lists do. */
	readonly withoutStreamingLists?: boolean;
}

interface Place {
	readonly kind: AnyKind;
	readonly namespace: string | undefined;
	readonly name: string | undefined;
	readonly subresource: string | undefined;
}

/** A node reports itself: its status is taken as it is made. */
const KEEPS_STATUS = new Set(["nodes"]);

const PATH =
	/^\/(?:api\/([^/]+)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/[^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

export function createFakeServer(options: FakeServerOptions = {}): FakeServer {
	const { kinds = KINDS, now = () => Date.UTC(2026, 0, 1) } = options;
	const watches: FakeWatches = createFakeWatches();
	const stored = new Map<AnyKind, Map<string, KubeObject>>();
	const calls: (Call & { watch: boolean })[] = [];
	const failures: { error: Error; times: number; match: (call: Call) => boolean }[] = [];
	let uids = 0;
	let names = 0;

	const timestamp = () => new Date(now()).toISOString().replace(/\.\d+Z$/, "Z");
	const objectsOf = (kind: AnyKind) => {
		const known = stored.get(kind) ?? new Map<string, KubeObject>();
		stored.set(kind, known);
		return known;
	};

	function record(call: Call, watch: boolean) {
		calls.push({ ...call, watch });
		call.signal?.throwIfAborted();
		const failure = failures.find((each) => each.times > 0 && each.match(call));
		if (!failure) return;
		failure.times -= 1;
		throw failure.error;
	}

	function placeOf(path: string): Place {
		const [, core, group = "", version, namespace, plural, name, subresource] = PATH.exec(path) ?? [];
		const apiVersion = core ?? version;
		const kind = kinds.find(
			(each) => each.plural === plural && each.version === apiVersion && each.group === (core ? "" : group),
		);
		if (!kind) throw noSuchResource();
		const decode = (text: string | undefined) => (text === undefined ? undefined : decodeURIComponent(text));
		return { kind, namespace: decode(namespace), name: decode(name), subresource };
	}

	/** Writes, with the next revision; undefined removes. */
	function commit(kind: AnyKind, key: string, object: KubeObject | undefined): KubeObject {
		const objects = objectsOf(kind);
		const previous = objects.get(key);
		const revision = watches.revision + 1;
		const body = object ?? previous;
		if (!body) throw new Error(`nothing to remove at ${key}`);
		const current = deepFreeze({ ...body, metadata: { ...body.metadata, resourceVersion: `${revision}` } });
		if (object) objects.set(key, current);
		else objects.delete(key);
		watches.publish({ kind, revision, current, previous, deleted: !object });
		return current;
	}

	function existing({ kind, namespace, name = "" }: Place) {
		const key = namespace ? `${namespace}/${name}` : name;
		const object = objectsOf(kind).get(key);
		if (!object) throw notFound({ group: kind.group, resource: kind.plural }, name);
		return { key, object };
	}

	function create({ kind, namespace }: Place, draft: KubeObject): KubeObject {
		const generated = draft.metadata.generateName;
		const name =
			draft.metadata.name || (generated ? `${generated}${(++names).toString(36).padStart(5, "0")}` : "");
		const key = namespace ? `${namespace}/${name}` : name;
		if (objectsOf(kind).has(key)) throw alreadyExists({ group: kind.group, resource: kind.plural }, name);
		const metadata = {
			...draft.metadata,
			name,
			...(namespace && { namespace }),
			uid: `uid-${++uids}`,
			creationTimestamp: timestamp(),
			...(kind.hasGeneration && { generation: 1 }),
		};
		const { status: _ignored, ...rest } = draft as KubeObject & { status?: unknown };
		return commit(kind, key, {
			...(kind.hasStatus && !KEEPS_STATUS.has(kind.plural) ? rest : draft),
			metadata,
		});
	}

	function update(place: Place, proposed: KubeObject): KubeObject {
		const { key, object } = existing(place);
		const { resourceVersion: expected, uid } = proposed.metadata;
		if (uid && uid !== object.metadata.uid)
			throw conflict(
				{ group: place.kind.group, resource: place.kind.plural },
				object.metadata.name,
				`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`,
			);
		if (expected && expected !== object.metadata.resourceVersion)
			throw modified({ group: place.kind.group, resource: place.kind.plural }, object.metadata.name);
		const next = writable(place.kind, object, proposed, place.subresource);
		if (next === object) return object;
		const finished = next.metadata.deletionTimestamp && !next.metadata.finalizers?.length;
		return commit(place.kind, key, finished ? undefined : next);
	}

	function remove(place: Place, body: unknown): KubeObject {
		const { key, object } = existing(place);
		const { preconditions } = (body ?? {}) as { preconditions?: { uid?: string; resourceVersion?: string } };
		for (const field of ["uid", "resourceVersion"] as const) {
			const wanted = preconditions?.[field];
			if (wanted && wanted !== object.metadata[field])
				throw conflict(
					{ group: place.kind.group, resource: place.kind.plural },
					object.metadata.name,
					`the ${field} in the precondition (${wanted}) does not match the ${field} in record (${object.metadata[field]}). The object might have been deleted and then recreated`,
				);
		}
		if (!object.metadata.finalizers?.length) return commit(place.kind, key, undefined);
		return object.metadata.deletionTimestamp ? object : commit(place.kind, key, marked(object, timestamp()));
	}

	function list({ kind, namespace }: Place, call: Call): KubeObject[] {
		const selected = selectorOfCall(kind, call, namespace);
		return [...objectsOf(kind)]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([, object]) => object)
			.filter(selected);
	}

	function answer(call: Call): unknown {
		const place = placeOf(call.path);
		const { kind, name, subresource } = place;
		const body = structuredClone(call.body) as KubeObject;
		switch (call.method) {
			case "GET":
				if (name) return existing(place).object;
				return {
					apiVersion: kind.apiVersion,
					kind: kind.listKind,
					metadata: { resourceVersion: `${watches.revision}` },
					items: list(place, call),
				};
			case "POST":
				if (!name) return create(place, body);
				if (subresource === "binding")
					return update({ ...place, subresource: "*" }, bound(existing(place).object, body));
				if (subresource === "eviction") return remove(place, body);
				break;
			case "PUT":
				if (name) return update(place, body);
				break;
			case "PATCH":
				if (name) return patch(place, call, body);
				break;
			case "DELETE":
				if (name) return remove(place, body);
				for (const object of list(place, call)) {
					remove({ ...place, namespace: object.metadata.namespace, name: object.metadata.name }, body);
				}
				return { apiVersion: "v1", kind: "Status", metadata: {}, status: "Success" };
		}
		throw methodNotAllowed({ group: kind.group, resource: kind.plural }, call.method.toLowerCase());
	}

	function patch(place: Place, call: Call, body: unknown): KubeObject {
		const { kind, name = "", namespace = "" } = place;
		const apply = call.contentType === "application/apply-patch+yaml";
		const known = objectsOf(kind).get(namespace ? `${namespace}/${name}` : name);
		if (apply && !known) return create(place, body as KubeObject);
		const { object } = existing(place);
		return update(place, applyPatch(kind, object, body, call.contentType ?? ""));
	}

	return {
		calls,
		get revision() {
			return watches.revision;
		},
		get openWatches() {
			return watches.open;
		},
		objects: <T extends KubeObject>(kind: AnyKind) =>
			[...objectsOf(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object as T),
		failNext: (error, { times = 1, match = () => true } = {}) => {
			failures.push({ error, times, match });
		},
		dropWatches: (error) => watches.drop(error),
		expireWatches: () => watches.fail(expired("too old resource version")),
		compact: () => watches.compact(),
		bookmark: () => watches.bookmark(),
		repeat: (back = 0) => watches.repeat(back),

		async call(call) {
			record(call, false);
			return answer(call);
		},
		async watch(call) {
			record(call, true);
			const place = placeOf(call.path);
			return watches.watch(place.kind, place.namespace, call, {
				present: () => list(place, call),
				streaming: !options.withoutStreamingLists,
			});
		},
		async close() {
			watches.drop();
		},
	};
}
