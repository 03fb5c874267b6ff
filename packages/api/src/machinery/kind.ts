/**
 * A kind is everything the project knows of a resource, in one value. Discovery, OpenAPI, printing, RBAC names,
 * patches, storage and the client's types all derive from it. To add a kind: write its file under `kinds/`, and add
 * one line to `kinds.ts`.
 */
import type { FieldError } from "./field-error.ts";
import type { KubeObject } from "./meta.ts";
import type { ObjectType } from "./schema.ts";

export type Scope = "Namespaced" | "Cluster";

/** A printer column: what `kubectl get` shows (server-side Table). */
export interface Column<T> {
	readonly name: string;
	readonly type?: "string" | "integer" | "number" | "boolean" | "date";
	/** "name" marks the column that identifies the row. */
	readonly format?: string;
	/** 0 is always shown, 1 only with `-o wide`. */
	readonly priority?: number;
	readonly description?: string;
	/** `now` in milliseconds since the epoch, for ages. */
	readonly value: (object: T, now: number) => string | number | boolean | null;
}

/** Paths of the scale subresource, as dotted field paths. */
export interface ScalePaths {
	readonly specReplicas: string;
	readonly statusReplicas: string;
	/** Path of the LabelSelector (or selector map). */
	readonly selector: string;
}

/**
 * How objects of one kind are kept when they share a collection of the store with another kind or version: one object,
 * seen in several forms. A stored object may be older than the present `write`: its apiVersion says what it is.
 */
export interface StoredForm<T extends KubeObject> {
	/** Whose collection it is, and the version it is kept in. */
	readonly kind: Pick<AnyKind, "group" | "version" | "plural">;
	/** Pure; may answer the very object. Metadata, resourceVersion included, passes through. */
	readonly read: (stored: KubeObject) => T;
	/** Where reading asks somebody else (conversion webhooks): all at once, in order, instead of `read`. */
	readonly readAll?: (stored: readonly KubeObject[]) => Promise<readonly T[]>;
	readonly write: (object: T) => KubeObject | Promise<KubeObject>;
	/** True for an object that a write would keep in another form than it has now. */
	readonly isOld?: (stored: KubeObject) => boolean;
}

export interface KindDefinition<T extends KubeObject> {
	/** "" for the core group. */
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly plural: string;
	readonly singular?: string;
	/** Default `${kind}List`. */
	readonly listKind?: string;
	readonly shortNames?: readonly string[];
	readonly categories?: readonly string[];
	readonly scope: Scope;
	/** Fields apart from apiVersion, kind and metadata are the kind's own; the schema includes metadata. */
	readonly schema: ObjectType;
	/** Extra columns after NAME (and NAMESPACE, which kubectl adds); AGE must be listed where wanted. */
	readonly columns: readonly Column<T>[];
	/** Which names are legal. Default: a DNS subdomain. */
	readonly name?: "dnsSubdomain" | "dnsLabel" | "dnsLabelRfc1035" | "pathSegment";
	/** Finalizers may be names without a domain. */
	readonly freeFinalizers?: boolean;
	/** Serve `/status`: main updates cannot touch status, status updates touch nothing else. */
	readonly hasStatus?: boolean;
	readonly scale?: ScalePaths;
	/** `metadata.generation` is kept: 1 at creation, +1 when anything but metadata and status changes. */
	readonly hasGeneration?: boolean;
	/** Verbs served; default all eight. */
	readonly verbs?: readonly Verb[];
	/** Never stored: a create computes an answer (TokenReview, SubjectAccessReview …). */
	readonly virtual?: boolean;
	/** Objects are kept as those of another kind or version; default: as they are, in a collection of their own. */
	readonly stored?: StoredForm<T>;
	/** Field selectors beyond metadata.name and metadata.namespace: path to value. "" when unset. */
	readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
	/** Defaults that the schema cannot say (they look at other fields). Runs after the schema's; returns a new object. */
	readonly defaults?: (object: T) => T;
	/** Before validation of a create: drop what users may not set (status is dropped by itself). */
	readonly prepareCreate?: (object: T) => T;
	/** Before validation of a main-resource update: carry over what users may not change. */
	readonly prepareUpdate?: (object: T, old: T) => T;
	/** Every cause, not the first. Structural checks (types, unknown fields, enums) and metadata are already done. */
	readonly validate?: (object: T) => FieldError[];
	/** What only a new object may not say; `validate` runs as well. */
	readonly validateCreate?: (object: T) => FieldError[];
	/** Immutable fields and transitions; `validate` runs as well. */
	readonly validateUpdate?: (object: T, old: T) => FieldError[];
	/** Validation of a status update; without it only structure is checked. */
	readonly validateStatusUpdate?: (object: T, old: T) => FieldError[];
	/** Sent as a warning with every answer. */
	readonly deprecation?: string;
	/** Warnings sent with a successful create or update. */
	readonly warnings?: (object: T, old?: T) => string[];
	/** Sent with a delete that does not say what becomes of dependents. */
	readonly deleteWarning?: string;
	/** What a delete without propagationPolicy does to dependents. Default "Background". */
	readonly defaultPropagation?: "Background" | "Orphan";
}

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

export const ALL_VERBS: readonly Verb[] = [
	"create",
	"delete",
	"deletecollection",
	"get",
	"list",
	"patch",
	"update",
	"watch",
];

const VIRTUAL_VERBS: readonly Verb[] = ["create"];

export interface Kind<T extends KubeObject = KubeObject> extends Readonly<KindDefinition<T>> {
	/** `v1` or `apps/v1`. */
	readonly apiVersion: string;
	readonly namespaced: boolean;
	readonly singular: string;
	readonly verbs: readonly Verb[];
	/** `PodList`. */
	readonly listKind: string;
	/** Never present at run time: the type of the objects. */
	readonly _object?: T;
}

/** The object type of a kind: `ObjectOf<typeof Pod>`. */
export type ObjectOf<K> = K extends Kind<infer T> ? T : never;

/** Kinds are registered in lists of mixed object types; callbacks make them invariant, so the list forgets the type. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds holds every object type
export type AnyKind = Kind<any>;

export function defineKind<T extends KubeObject>(definition: KindDefinition<T>): Kind<T> {
	return Object.freeze({
		...definition,
		apiVersion: definition.group ? `${definition.group}/${definition.version}` : definition.version,
		namespaced: definition.scope === "Namespaced",
		singular: definition.singular ?? definition.kind.toLowerCase(),
		verbs: definition.verbs ?? (definition.virtual ? VIRTUAL_VERBS : ALL_VERBS),
		listKind: definition.listKind ?? `${definition.kind}List`,
	});
}

/** Key of an object in caches and queues: `namespace/name`, or `name` for cluster-scoped kinds. */
export const keyOf = (object: KubeObject): string =>
	object.metadata.namespace ? `${object.metadata.namespace}/${object.metadata.name}` : object.metadata.name;

/** Inverse of `keyOf`. */
export function splitKey(key: string): { namespace: string | undefined; name: string } {
	const slash = key.indexOf("/");
	return slash < 0
		? { namespace: undefined, name: key }
		: { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
