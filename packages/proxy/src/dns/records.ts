/** The records that answers are made of. Pure. */
import type { Service } from "@berth/api";
import type { Answer } from "dns-packet";
import { type Family, familyOf } from "../address.ts";
import { clusterIPsOf } from "../services.ts";
import { RCODE, TYPE } from "./query.ts";
import type { Reply } from "./response.ts";

/** Seconds that clients may keep a record: endpoints change at any time. */
export const TTL = 5;
/** Seconds that others may remember that a name does not exist. */
const NEGATIVE_TTL = 30;

/** What a name has: records of the type asked for, or an alias for another name. */
export interface Found extends Reply {
	readonly alias?: string | undefined;
}

/** The name exists, the type does not. */
export const NOTHING: Found = { code: RCODE.NOERROR };
export const DENIED: Found = { code: RCODE.NXDOMAIN };

export const given = (answers: readonly Answer[], additionals?: readonly Answer[]): Found => ({
	code: RCODE.NOERROR,
	answers,
	additionals,
});

export const wants = (type: number, offered: number): boolean => type === offered || type === TYPE.ANY;

export interface Addressed {
	readonly address: string;
	readonly family: Family;
}

/** A and AAAA records, each address once. */
export function addressRecords(name: string, all: readonly Addressed[], type: number): readonly Answer[] {
	const addresses = new Map(all.map(({ address, family }) => [address, family]));
	return [...addresses]
		.filter(([, family]) => wants(type, family === "IPv4" ? TYPE.A : TYPE.AAAA))
		.map(([data, family]) => ({ name, type: family === "IPv4" ? "A" : "AAAA", ttl: TTL, data }));
}

/** The service's own addresses. */
export function clusterIPRecords(name: string, service: Service, type: number): readonly Answer[] {
	const all = clusterIPsOf(service).map((address) => ({ address, family: familyOf(address) ?? "IPv4" }));
	return addressRecords(name, all, type);
}

export interface ServiceTarget {
	readonly target: string;
	readonly port: number;
	readonly weight: number;
}

export const serviceRecord = (name: string, { target, port, weight }: ServiceTarget): Answer => ({
	name,
	type: "SRV",
	ttl: TTL,
	data: { priority: 0, weight, port, target },
});

/** The zone's SOA record: in negative answers it says how long they may be remembered. `now` in milliseconds. */
export const authorityRecord = (domain: string, now: number): Answer => ({
	name: domain,
	type: "SOA",
	ttl: NEGATIVE_TTL,
	data: {
		mname: `ns.dns.${domain}`,
		rname: `hostmaster.${domain}`,
		serial: Math.floor(now / 1_000) >>> 0,
		refresh: 7_200,
		retry: 1_800,
		expire: 86_400,
		minimum: NEGATIVE_TTL,
	},
});
