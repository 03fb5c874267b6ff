/** Kinds that are known by name only: for programs that care for objects whatever is in them. */
import { type AnyKind, defineKind } from "./kind.ts";
import { type KubeObject, ObjectMetaSchema } from "./meta.ts";
import { object, ref } from "./schema.ts";

export interface KindName {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly plural: string;
	readonly namespaced: boolean;
}

/** To read and write with as it came; nothing of its own fields is checked, defaulted or merged by key. */
export const untypedKind = ({ group, version, kind, plural, namespaced }: KindName): AnyKind =>
	defineKind<KubeObject>({
		group,
		version,
		kind,
		plural,
		scope: namespaced ? "Namespaced" : "Cluster",
		schema: object(`${group}.${version}.${kind}`, { metadata: ref(ObjectMetaSchema) }),
		columns: [],
	});
