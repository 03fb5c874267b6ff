/** Values of a pod's own fields, as variables and files show them. Pure. */
import type { Pod } from "@berth/api";

/** What is not in the object yet when the agent needs it. */
export interface Addresses {
	readonly podIps: readonly string[];
	readonly hostIps: readonly string[];
}

/** Undefined for a path that is not supported. */
export function fieldValue(path: string, { metadata, spec }: Pod, addresses: Addresses): string | undefined {
	const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
	if (map === "labels" || map === "annotations") {
		const entries = metadata[map] ?? {};
		return Object.hasOwn(entries, key ?? "") ? entries[key ?? ""] : "";
	}
	switch (path) {
		case "metadata.name":
			return metadata.name;
		case "metadata.namespace":
			return metadata.namespace ?? "";
		case "metadata.uid":
			return metadata.uid;
		case "metadata.labels":
			return formatMap(metadata.labels);
		case "metadata.annotations":
			return formatMap(metadata.annotations);
		case "spec.nodeName":
			return spec.nodeName ?? "";
		case "spec.serviceAccountName":
			return spec.serviceAccountName ?? "";
		case "status.hostIP":
			return addresses.hostIps[0] ?? "";
		case "status.hostIPs":
			return addresses.hostIps.join(",");
		case "status.podIP":
			return addresses.podIps[0] ?? "";
		case "status.podIPs":
			return addresses.podIps.join(",");
		default:
			return undefined;
	}
}

/** One `key="value"` a line, by key; values quoted as in Go. */
function formatMap(map: Readonly<Record<string, string>> = {}): string {
	return Object.keys(map)
		.sort()
		.map((key) => `${key}=${JSON.stringify(map[key])}`)
		.join("\n");
}
