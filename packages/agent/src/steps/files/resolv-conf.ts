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

/** What resolvers read of each; the rest would be ignored without a word. */
const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;

export function resolvConfOf(pod: Pod, options: DnsOptions): ResolvConf {
	const base = baseOf(pod, options);
	const { nameservers = [], searches = [], options: extra = [] } = pod.spec.dnsConfig ?? {};
	const own = extra.map(({ name = "", value }) => (value ? `${name}:${value}` : name));
	const named = new Set(own.map(nameOf));
	return {
		nameservers: unique([...base.nameservers, ...nameservers]).slice(0, MOST_NAMESERVERS),
		searches: unique([...base.searches, ...searches]).slice(0, MOST_SEARCHES),
		options: unique([...base.options.filter((option) => !named.has(nameOf(option))), ...own]),
	};
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
