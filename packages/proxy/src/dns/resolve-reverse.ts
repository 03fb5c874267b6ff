/** Names of addresses. Pure. */
import type { Answer } from "dns-packet";
import { addressKey, familyOf, isWithin } from "../address.ts";
import { isHeadless } from "../services.ts";
import { isPublished, labelOf } from "./endpoints.ts";
import { TYPE } from "./query.ts";
import { DENIED, type Found, given, NOTHING, TTL, wants } from "./records.ts";
import type { Zone } from "./zone.ts";

/** Undefined for names that are not below `in-addr.arpa` or `ip6.arpa`; `elsewhere` for addresses that are not ours. */
export function resolveReverse(zone: Zone, name: string, type: number): Found | "elsewhere" | undefined {
	if (!name.endsWith(".in-addr.arpa") && !name.endsWith(".ip6.arpa")) return undefined;
	const address = addressOf(name);
	if (!address) return "elsewhere";
	const key = addressKey(address);
	const names = [...new Set([...serviceNames(zone, key), ...endpointNames(zone, key)])];
	if (names.length > 0) {
		const records = names.map((data): Answer => ({ name, type: "PTR", ttl: TTL, data }));
		return wants(type, TYPE.PTR) ? given(records) : NOTHING;
	}
	if (address === zone.serverAddress) {
		return wants(type, TYPE.PTR)
			? given([{ name, type: "PTR", ttl: TTL, data: `ns.dns.${zone.domain}` }])
			: NOTHING;
	}
	return isWithin(address, zone.clusterCidr) ? DENIED : "elsewhere";
}

const serviceNames = (zone: Zone, key: string): readonly string[] =>
	zone.servicesAt(key).map(({ metadata: { name, namespace } }) => `${name}.${namespace}.svc.${zone.domain}`);

function endpointNames(zone: Zone, key: string): readonly string[] {
	return zone.slicesAt(key).flatMap(({ metadata, endpoints = [] }) => {
		const owner = metadata.labels?.["kubernetes.io/service-name"] ?? "";
		const service = zone.service(metadata.namespace ?? "", owner);
		if (!service || !isHeadless(service)) return [];
		return endpoints
			.filter((endpoint) => addressKey(endpoint.addresses[0] ?? "") === key && isPublished(service, endpoint))
			.map((endpoint) => `${labelOf(endpoint)}.${owner}.${metadata.namespace}.svc.${zone.domain}`);
	});
}

/** `4.3.2.1.in-addr.arpa` is 1.2.3.4; IPv6 addresses are written in single hexadecimal digits. */
function addressOf(name: string): string | undefined {
	const labels = name.split(".").slice(0, -2).reverse();
	if (name.endsWith(".in-addr.arpa")) {
		const address = labels.join(".");
		return familyOf(address) === "IPv4" ? address : undefined;
	}
	if (labels.length !== 32 || labels.some((label) => !/^[0-9a-f]$/.test(label))) return undefined;
	return labels.join("").match(/.{4}/g)?.join(":");
}
