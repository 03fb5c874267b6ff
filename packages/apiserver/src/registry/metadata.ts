/** What the server itself says in metadata: identity at creation, and what no update may change. */
import {
	type AnyKind,
	badRequest,
	type Draft,
	deepEqual,
	formatTime,
	type KubeObject,
	type ObjectMeta,
	SAFE_ALPHABET,
} from "@berth/api";

const SUFFIX_LENGTH = 5;
/** Generated names are legal labels. */
const GENERATED_NAME_LIMIT = 63;

/** `web-` to `web-x7k2p`; a long prefix is cut so that the name stays a label. */
export function generateName(prefix: string, random: () => number): string {
	let suffix = "";
	for (let i = 0; i < SUFFIX_LENGTH; i += 1) {
		suffix += SAFE_ALPHABET[Math.floor(random() * SAFE_ALPHABET.length)];
	}
	return prefix.slice(0, GENERATED_NAME_LIMIT - SUFFIX_LENGTH) + suffix;
}

/** The namespace of the body must be the path's; cluster-scoped kinds have none. Throws 400. */
export function checkNamespace(draft: Draft<KubeObject>, namespace: string | undefined): void {
	const given = draft.metadata?.namespace;
	if (namespace !== undefined && given && given !== namespace) {
		throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
	}
}

export interface Stamp {
	readonly kind: AnyKind;
	readonly namespace: string | undefined;
	readonly name: string;
	readonly uid: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/** A draft as a new object: identity and times are the server's, whatever the draft said. */
export function stamp(draft: Draft<KubeObject>, { kind, namespace, name, uid, now }: Stamp): KubeObject {
	const {
		namespace: _namespace,
		selfLink: _selfLink,
		deletionTimestamp: _deletionTimestamp,
		deletionGracePeriodSeconds: _gracePeriod,
		generation: _generation,
		managedFields: _managedFields,
		resourceVersion: _resourceVersion,
		...metadata
	} = draft.metadata ?? {};
	return {
		...draft,
		apiVersion: kind.apiVersion,
		kind: kind.kind,
		metadata: {
			...metadata,
			name,
			...(namespace === undefined ? {} : { namespace }),
			uid,
			// Set when the object is stored.
			resourceVersion: "",
			...(kind.hasGeneration ? { generation: 1 } : {}),
			creationTimestamp: formatTime(now),
		},
	};
}

/** Metadata of an update: what the client may say, over what only the server says. */
export function carryOver(next: Partial<ObjectMeta>, old: ObjectMeta): ObjectMeta {
	const { selfLink: _selfLink, managedFields: _managedFields, generation: _generation, ...said } = next;
	return {
		...said,
		name: said.name ?? old.name,
		...(old.namespace === undefined ? {} : { namespace: old.namespace }),
		uid: said.uid || old.uid,
		resourceVersion: old.resourceVersion,
		...(old.generation === undefined ? {} : { generation: old.generation }),
		creationTimestamp: old.creationTimestamp,
		...(old.deletionTimestamp ? { deletionTimestamp: old.deletionTimestamp } : {}),
		...(old.deletionGracePeriodSeconds === undefined
			? {}
			: { deletionGracePeriodSeconds: old.deletionGracePeriodSeconds }),
	};
}

/** The next generation when anything but metadata and status differs. */
export function withGeneration(kind: AnyKind, next: KubeObject, old: KubeObject): KubeObject {
	if (!kind.hasGeneration || deepEqual(desired(kind, next), desired(kind, old))) return next;
	return bumpGeneration(next, old.metadata.generation ?? 0);
}

export const bumpGeneration = (object: KubeObject, generation: number): KubeObject => ({
	...object,
	metadata: { ...object.metadata, generation: generation + 1 },
});

/** Where a kind has no status of its own, a field of that name is like any other. */
function desired(kind: AnyKind, object: KubeObject): object {
	const { metadata: _metadata, status, ...rest } = object as KubeObject & { status?: unknown };
	return kind.hasStatus ? rest : { ...rest, status };
}
