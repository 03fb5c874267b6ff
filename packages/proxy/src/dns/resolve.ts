/**
 * The cluster's names, as the Kubernetes DNS specification lays them out. Pure: a question and what is known give the
 * answer. Names that exist with other types only are answered with nothing; names that do not exist are denied.
 */
import type { Answer } from "dns-packet";
import { familyOf } from "../address.ts";
import { RCODE, TYPE } from "./query.ts";
import {
	addressRecords,
	authorityRecord,
	DENIED,
	type Found,
	given,
	NOTHING,
	TTL,
	wants,
} from "./records.ts";
import { resolveReverse } from "./resolve-reverse.ts";
import { resolveService } from "./resolve-service.ts";
import type { Reply } from "./response.ts";
import type { Zone } from "./zone.ts";

export type Resolution =
	/** Not for us to answer. */
	| { readonly kind: "elsewhere" }
	| { readonly kind: "reply"; readonly reply: Reply }
	/** These records, and then those of `target`, a name elsewhere. */
	| { readonly kind: "continue"; readonly records: readonly Answer[]; readonly target: string };

/** External names that lead to external names: more steps than this lead in a circle. */
const LONGEST_CHAIN = 8;

/** `name` in lower case without the last dot; `now` in milliseconds since the epoch. */
export function resolve(zone: Zone, name: string, type: number, now: number): Resolution {
	const reverse = resolveReverse(zone, name, type);
	if (reverse) return reverse === "elsewhere" ? { kind: "elsewhere" } : finished(zone, [], reverse, now);
	if (!isInside(zone, name)) return { kind: "elsewhere" };

	const chain: Answer[] = [];
	let owner = name;
	for (let step = 0; step < LONGEST_CHAIN; step++) {
		const found = lookUp(zone, owner, type, now);
		if (!found.alias) return finished(zone, chain, found, now);
		chain.push({ name: owner, type: "CNAME", ttl: TTL, data: found.alias });
		if (type === TYPE.CNAME) return { kind: "reply", reply: given(chain) };
		owner = found.alias.toLowerCase();
		if (!isInside(zone, owner)) return { kind: "continue", records: chain, target: owner };
	}
	return { kind: "reply", reply: { code: RCODE.SERVFAIL } };
}

/** A negative answer carries the zone's authority, also at the end of a chain of aliases. */
function finished(zone: Zone, chain: readonly Answer[], found: Found, now: number): Resolution {
	const { code, answers = [], additionals } = found;
	const all = [...chain, ...answers];
	const reply =
		answers.length > 0
			? { code, answers: all, additionals }
			: { code, answers: all, authorities: [authorityRecord(zone.domain, now)] };
	return { kind: "reply", reply };
}

function lookUp(zone: Zone, name: string, type: number, now: number): Found {
	const labels = name === zone.domain ? [] : name.slice(0, -zone.domain.length - 1).split(".");
	const [last, ...rest] = labels.reverse();
	switch (last) {
		case undefined:
			return apex(zone, type, now);
		case "svc":
			return inNamespace(zone, rest, (namespace, inner) => resolveService(zone, namespace, inner, type));
		case "pod":
			return inNamespace(zone, rest, (_, inner) => resolvePod(name, inner, type));
		case "dns":
			return server(zone, name, rest, type);
		case "dns-version":
			if (rest.length > 0) return DENIED;
			return wants(type, TYPE.TXT) ? given([{ name, type: "TXT", ttl: TTL, data: ["1.1.0"] }]) : NOTHING;
		default:
			return DENIED;
	}
}

/** `rest` from the right: the namespace, and what is inside of it. */
function inNamespace(
	zone: Zone,
	[namespace, ...inner]: readonly string[],
	within: (namespace: string, inner: readonly string[]) => Found,
): Found {
	if (namespace === undefined) return NOTHING;
	if (!zone.hasNamespace(namespace)) return DENIED;
	return inner.length > 0 ? within(namespace, inner) : NOTHING;
}

/** An address with dashes, whether a pod has it or not: certificates for such names need no registration. */
function resolvePod(name: string, [label = "", ...more]: readonly string[], type: number): Found {
	if (more.length > 0) return DENIED;
	const dotted = label.replaceAll("-", ".");
	const address = familyOf(dotted) ? dotted : label.replaceAll("-", ":");
	const family = familyOf(address);
	return family ? given(addressRecords(name, [{ address, family }], type)) : DENIED;
}

/** The zone itself. */
function apex(zone: Zone, type: number, now: number): Found {
	if (type === TYPE.SOA) return given([authorityRecord(zone.domain, now)]);
	if (type !== TYPE.NS) return NOTHING;
	const data = `ns.dns.${zone.domain}`;
	const address: Answer = { name: data, type: "A", ttl: TTL, data: zone.serverAddress };
	return given([{ name: zone.domain, type: "NS", ttl: TTL, data }], [address]);
}

/** `ns.dns` names this server. */
function server(zone: Zone, name: string, rest: readonly string[], type: number): Found {
	if (rest.length === 0) return NOTHING;
	if (rest.length > 1 || rest[0] !== "ns") return DENIED;
	return given(addressRecords(name, [{ address: zone.serverAddress, family: "IPv4" }], type));
}

const isInside = ({ domain }: Zone, name: string) => name === domain || name.endsWith(`.${domain}`);
