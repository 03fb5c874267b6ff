/** Where a kind lives on the server. */
import type { AnyKind } from "@berth/api";
import type { ObjectName } from "./client.ts";

/** `/apis/apps/v1/namespaces/default/deployments`; without a namespace the collection spans all of them. */
export function collectionPath(kind: AnyKind, namespace?: string | undefined): string {
	const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
	const within = kind.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
	return `${root}${within}/${kind.plural}`;
}

/**
 * Path of one object or of its subresource. Throws TypeError when the name cannot address one object: an empty name or a
 * missing namespace would address the whole collection, and turn a delete of one thing into a delete of all.
 */
export function objectPath(kind: AnyKind, { namespace, name }: ObjectName, subresource?: string): string {
	if (!name) throw new TypeError(`${kind.kind} without a name`);
	if (kind.namespaced && !namespace) throw new TypeError(`${kind.kind} ${name} without a namespace`);
	const path = `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
	return subresource ? `${path}/${subresource}` : path;
}
