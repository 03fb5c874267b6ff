/** Acting as somebody else, for those who may: the Impersonate-* headers. */
import { badRequest, type UserInfo } from "@berth/api";
import type { Attributes, Authorizer } from "./auth.ts";
import { ANONYMOUS } from "./authenticate.ts";
import { requireAllowed } from "./require-allowed.ts";
import { parseServiceAccount, serviceAccountGroups } from "./tokens.ts";

const EXTRA_PREFIX = "impersonate-extra-";
const AUTHENTICATED = "system:authenticated";

interface Wanted {
	readonly user: string;
	readonly groups: readonly string[];
	readonly uid: string | undefined;
	readonly extra: ReadonlyMap<string, readonly string[]>;
}

/**
 * The user to act as: `user` itself without the headers. `rawHeaders` alternates names and values, as repeated headers
 * are groups of their own. Throws Forbidden when any part of the identity may not be taken on.
 */
export function impersonate(authorizer: Authorizer, user: UserInfo, rawHeaders: readonly string[]): UserInfo {
	const wanted = readHeaders(rawHeaders);
	if (!wanted) return user;
	for (const attributes of permissionsFor(wanted)) requireAllowed(authorizer, user, attributes);
	const account = parseServiceAccount(wanted.user);
	const given = wanted.groups.length ? wanted.groups : account ? serviceAccountGroups(account.namespace) : [];
	const nobody = wanted.user === ANONYMOUS.username;
	const implied = nobody ? ANONYMOUS.groups : [AUTHENTICATED];
	return {
		username: wanted.user,
		groups: [...new Set([...given, ...(implied ?? [])])],
		...(wanted.uid ? { uid: wanted.uid } : {}),
		...(wanted.extra.size ? { extra: Object.fromEntries(wanted.extra) } : {}),
	};
}

function readHeaders(rawHeaders: readonly string[]): Wanted | undefined {
	let user: string | undefined;
	let uid: string | undefined;
	const groups: string[] = [];
	const extra = new Map<string, string[]>();
	for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
		const name = rawHeaders[i]?.toLowerCase() ?? "";
		const value = rawHeaders[i + 1] ?? "";
		if (!name.startsWith("impersonate-")) continue;
		if (name === "impersonate-user") user = value;
		else if (name === "impersonate-group") groups.push(value);
		else if (name === "impersonate-uid") uid = value;
		else if (name.startsWith(EXTRA_PREFIX)) {
			const key = decodeKey(name.slice(EXTRA_PREFIX.length));
			extra.set(key, [...(extra.get(key) ?? []), value]);
		}
	}
	if (user) return { user, groups, uid, extra };
	if (groups.length || uid || extra.size)
		throw badRequest("requested impersonation without impersonating a user");
	return undefined;
}

function decodeKey(text: string): string {
	try {
		return decodeURIComponent(text).toLowerCase();
	} catch {
		return text;
	}
}

function* permissionsFor({ user, groups, uid, extra }: Wanted): Iterable<Attributes> {
	const verb = "impersonate";
	const account = parseServiceAccount(user);
	yield account
		? { verb, group: "", resource: "serviceaccounts", ...account }
		: { verb, group: "", resource: "users", name: user };
	for (const name of groups) yield { verb, group: "", resource: "groups", name };
	const group = "authentication.k8s.io";
	if (uid) yield { verb, group, resource: "uids", name: uid };
	for (const [key, values] of extra) {
		for (const name of values) yield { verb, group, resource: "userextras", subresource: key, name };
	}
}
