/** A pod's /etc/hosts. Pure. */
import type { Pod } from "@berth/api";
import { fullNameOf, hostNameOf } from "./host-name.ts";

const LOCAL = [
	["127.0.0.1", "localhost"],
	["::1", "localhost ip6-localhost ip6-loopback"],
	["fe00::", "ip6-localnet"],
	["fe00::", "ip6-mcastprefix"],
	["fe00::1", "ip6-allnodes"],
	["fe00::2", "ip6-allrouters"],
];

export function hostsFile(pod: Pod, podIps: readonly string[], clusterDomain: string): string {
	const names = [fullNameOf(pod, clusterDomain), hostNameOf(pod)].filter(Boolean).join("\t");
	const lines = [
		"# Kubernetes-managed hosts file.",
		...LOCAL.map((line) => line.join("\t")),
		...podIps.map((ip) => `${ip}\t${names}`),
	];
	return `${[...lines, ...aliasLines(pod)].join("\n")}\n`;
}

/** For a pod in the host's network: the host's own file, and the pod's aliases. */
export function hostNetworkHostsFile(pod: Pod, own: string): string {
	const head = `# Kubernetes-managed hosts file (host network).\n${own.trimEnd()}`;
	return `${[head, ...aliasLines(pod)].join("\n")}\n`;
}

function aliasLines({ spec }: Pod): readonly string[] {
	const aliases = (spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => [ip, ...hostnames].join("\t"));
	return aliases.length > 0 ? ["", "# Entries added by HostAliases.", ...aliases] : [];
}
