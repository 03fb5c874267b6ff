/** What a pod calls itself. Pure. */
import type { Pod } from "@berth/api";

/** The kernel's limit for host names. */
const MOST = 63;

/** The short name; names of pods may be longer than a host name may be. */
export function hostNameOf({ metadata, spec }: Pod): string {
	return spec.hostnameOverride ?? spec.hostname ?? metadata.name.slice(0, MOST).replace(/[.-]+$/, "");
}

/** With a subdomain a pod has a full name; undefined without. */
export function fullNameOf(pod: Pod, clusterDomain: string): string | undefined {
	const { metadata, spec } = pod;
	if (!spec.subdomain || spec.hostnameOverride) return undefined;
	return `${hostNameOf(pod)}.${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}`;
}
