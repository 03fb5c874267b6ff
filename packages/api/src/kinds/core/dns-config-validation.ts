/** Validation of `dnsConfig`: what a pod's resolv.conf will hold. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { invalids, ipAddress } from "../field-checks.ts";
import type { PodDNSConfig, PodSpec } from "./pod-spec.ts";

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LENGTH = 2048;

/** A pod's own resolver settings, needed when its policy is None. */
export function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, path: string): FieldError[] {
	if (dnsPolicy === "None" && !dnsConfig)
		return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
	if (dnsPolicy === "None" && !dnsConfig?.nameservers?.length)
		return [
			required(`${path}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None"),
		];
	return dnsConfig ? [...serverErrors(dnsConfig, path), ...searchErrors(dnsConfig, path)] : [];
}

const serverErrors = ({ nameservers = [], options = [] }: PodDNSConfig, path: string): FieldError[] => [
	...(nameservers.length > MAX_NAMESERVERS
		? [
				invalidValue(
					`${path}.nameservers`,
					nameservers,
					`must not have more than ${MAX_NAMESERVERS} nameservers`,
				),
			]
		: []),
	...nameservers.flatMap((server, index) => ipAddress(`${path}.nameservers[${index}]`, server)),
	...options.flatMap(({ name }, index) =>
		name ? [] : [required(`${path}.options[${index}]`, "must not be empty")],
	),
];

function searchErrors({ searches = [] }: PodDNSConfig, path: string): FieldError[] {
	const field = `${path}.searches`;
	return [
		...(searches.length > MAX_SEARCHES
			? [invalidValue(field, searches, `must not have more than ${MAX_SEARCHES} search paths`)]
			: []),
		...(searches.join(" ").length > MAX_SEARCH_LENGTH
			? [
					invalidValue(
						field,
						searches,
						`must not have more than ${MAX_SEARCH_LENGTH} characters (including spaces) in the search list`,
					),
				]
			: []),
		...searches.flatMap((search, index) => searchPathErrors(search, `${field}[${index}]`)),
	];
}

/** A trailing dot is fine, and so is the root alone; underscores have always been used. */
function searchPathErrors(search: string, field: string): FieldError[] {
	if (search === ".") return [];
	const domain = search.endsWith(".") ? search.slice(0, -1) : search;
	const judged = domain.replace(/(^|\.)_/g, "$1").replaceAll("_", "-");
	return invalids(field, domain, dnsSubdomainErrors(judged));
}
