/** A pod's /etc/resolv.conf, as its dnsPolicy and dnsConfig say. Pure. */
import type { Pod } from "@berth/api";

export interface ResolvConf {
	readonly nameservers: readonly string[];
	readonly searches: readonly string[];
	readonly options: readonly string[];
}

export interface DnsOptions {
	readonly clusterDns: string;
	readonly clusterDomain: string;
	/** The host's own. */
	readonly host: ResolvConf;
}

/** What resolvers read, as Kubernetes counts it; the rest would be ignored without a word. */
const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;
/** Of all search domains together, with a space between them. */
const MOST_SEARCH_CHARACTERS = 2_048;

export function resolvConfOf(pod: Pod, options: DnsOptions): ResolvConf {
	const base = baseOf(pod, options);
	const { nameservers = [], searches = [], options: extra = [] } = pod.spec.dnsConfig ?? {};
	const own = extra.map(({ name = "", value }) => (value ? `${name}:${value}` : name));
	const named = new Set(own.map(nameOf));
	return {
		nameservers: unique([...base.nameservers, ...nameservers]),
		searches: unique([...base.searches, ...searches]),
		options: unique([...base.options.filter((option) => !named.has(nameOf(option))), ...own]),
	};
}

/** As much of it as resolvers read; `omissions` tell what was left out, as events of pods do. */
export function withinLimits(wanted: ResolvConf): {
	readonly conf: ResolvConf;
	readonly omissions: readonly string[];
} {
	const nameservers = wanted.nameservers.slice(0, MOST_NAMESERVERS);
	let searches = wanted.searches.slice(0, MOST_SEARCHES);
	while (searches.join(" ").length > MOST_SEARCH_CHARACTERS) searches = searches.slice(0, -1);
	const omissions: string[] = [];
	if (nameservers.length < wanted.nameservers.length) {
		omissions.push(
			`Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${nameservers.join(" ")}`,
		);
	}
	if (searches.length < wanted.searches.length) {
		omissions.push(
			`Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(" ")}`,
		);
	}
	return { conf: { ...wanted, nameservers, searches }, omissions };
}

function baseOf({ metadata, spec }: Pod, { clusterDns, clusterDomain, host }: DnsOptions): ResolvConf {
	const policy = spec.dnsPolicy ?? "ClusterFirst";
	if (policy === "None") return { nameservers: [], searches: [], options: [] };
	// In the host's network the cluster's DNS is used by those who say so.
	if (policy === "Default" || (policy === "ClusterFirst" && spec.hostNetwork)) return host;
	const services = `svc.${clusterDomain}`;
	return {
		nameservers: [clusterDns],
		searches: [`${metadata.namespace}.${services}`, services, clusterDomain, ...host.searches],
		options: ["ndots:5"],
	};
}

export function formatResolvConf({ nameservers, searches, options }: ResolvConf): string {
	const lines = [
		...(searches.length > 0 ? [`search ${searches.join(" ")}`] : []),
		...nameservers.map((address) => `nameserver ${address}`),
		...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
	];
	return `${lines.join("\n")}\n`;
}

/** The last `search` or `domain` line counts, as in resolvers. */
export function parseResolvConf(text: string): ResolvConf {
	const nameservers: string[] = [];
	let searches: readonly string[] = [];
	const options: string[] = [];
	for (const line of text.split("\n")) {
		const [keyword, ...values] = line
			.replace(/[#;].*$/, "")
			.trim()
			.split(/\s+/);
		if (keyword === "nameserver" && values[0]) nameservers.push(values[0]);
		if (keyword === "search" || keyword === "domain") searches = values.filter((value) => value !== ".");
		if (keyword === "options") options.push(...values);
	}
	return { nameservers, searches, options };
}

const nameOf = (option: string) => option.replace(/:.*$/, "");
const unique = (values: readonly string[]) => [...new Set(values)];
