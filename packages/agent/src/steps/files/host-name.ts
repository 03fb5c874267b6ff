/** What a pod calls itself. Pure. */
import type { Pod } from "@berth/api";

/** A label's limit, and the kernel's for the host name as a whole. */
const MOST = 63;
const MOST_OF_HOST = 64;

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

/** What the pod's host name is set to. Throws when its full name is asked for and is longer than the kernel takes. */
export function kernelNameOf(pod: Pod, clusterDomain: string): string {
	const full = pod.spec.setHostnameAsFQDN ? fullNameOf(pod, clusterDomain) : undefined;
	if (full && full.length > MOST_OF_HOST) {
		throw new Error(
			`failed to construct FQDN from pod hostname and cluster domain, FQDN ${full} is too long (${MOST_OF_HOST} characters is the max, ${full.length} characters requested)`,
		);
	}
	return full ?? hostNameOf(pod);
}
