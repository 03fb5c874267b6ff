/**
 * What a node's credentials open beyond its role: the secrets and config maps that pods bound to it name, one by one.
 * A host that is taken over gives away its own pods' secrets, not the cluster's.
 */
import { Pod, podReferences, type UserInfo } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import type { Attributes, Authorizer } from "./auth.ts";

const USER_PREFIX = "system:node:";
const GROUP = "system:nodes";
const READING = new Set(["get", "list", "watch"]);

/** Asks `behind` first; adds to its yes, never to its no of anybody else. */
export function nodeAuthorizer({ objects, behind }: { objects: Objects; behind: Authorizer }): Authorizer {
	return {
		rules: (user, namespace) => behind.rules(user, namespace),
		authorize: (user, attributes) => {
			const decision = behind.authorize(user, attributes);
			const node = decision.allowed ? undefined : nodeOf(user);
			const wanted = node && wantedObject(attributes);
			if (!wanted) return decision;
			const { kind, namespace, name } = wanted;
			const named = objects
				.of<Pod>(Pod)
				.list(namespace)
				.some(({ object }) => object.spec.nodeName === node && podReferences(object)[kind].has(name));
			if (named) return { allowed: true };
			return { allowed: false, reason: `no relationship found between node '${node}' and this object` };
		},
	};
}

function nodeOf({ username = "", groups = [] }: UserInfo): string | undefined {
	if (!groups.includes(GROUP) || !username.startsWith(USER_PREFIX)) return undefined;
	return username.slice(USER_PREFIX.length) || undefined;
}

/** Lists and watches count when they are for one name. */
function wantedObject(attributes: Attributes) {
	if ("path" in attributes || attributes.group !== "" || attributes.subresource) return undefined;
	const { verb, resource, namespace, name } = attributes;
	if (!READING.has(verb) || !namespace || !name) return undefined;
	if (resource === "secrets") return { kind: "secrets", namespace, name } as const;
	if (resource === "configmaps") return { kind: "configMaps", namespace, name } as const;
	return undefined;
}
