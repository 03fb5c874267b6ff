/** What the cluster's own signers sign, and what not. Pure. */
import type { ParsedRequest } from "./parse-request.ts";

export interface SignerRequest {
	readonly signerName: string;
	readonly usages: readonly string[];
	readonly parsed: Omit<ParsedRequest, "publicKey">;
}

const CLIENT = "kubernetes.io/kube-apiserver-client";
export const NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
export const NODE_SERVING = "kubernetes.io/kubelet-serving";
const KEY_USAGES = ["digital signature", "key encipherment"];

/** Those that sign here; requests to others wait for somebody else. */
export const SIGNERS: readonly string[] = [CLIENT, NODE_CLIENT, NODE_SERVING];

/** Why the signer refuses, or undefined. */
export function refusalOf({ signerName, usages, parsed }: SignerRequest): string | undefined {
	switch (signerName) {
		case CLIENT:
			return usageRefusal(usages, "client auth");
		case NODE_CLIENT:
			return nodeRefusal(parsed) ?? namesRefusal(parsed, false) ?? usageRefusal(usages, "client auth");
		case NODE_SERVING:
			return nodeRefusal(parsed) ?? namesRefusal(parsed, true) ?? usageRefusal(usages, "server auth");
		default:
			return "unknown signer";
	}
}

function usageRefusal(usages: readonly string[], purpose: string): string | undefined {
	if (!usages.includes(purpose)) return `usages must include ${JSON.stringify(purpose)}`;
	const other = usages.find((usage) => usage !== purpose && !KEY_USAGES.includes(usage));
	return other === undefined ? undefined : `usage ${JSON.stringify(other)} is not permitted`;
}

function nodeRefusal({ commonName, organizations }: SignerRequest["parsed"]): string | undefined {
	if (organizations.length !== 1 || organizations[0] !== "system:nodes") {
		return "subject organization is not system:nodes";
	}
	return commonName.startsWith("system:node:")
		? undefined
		: "subject common name does not begin with system:node: ";
}

function namesRefusal({ dnsNames, ipAddresses, hasOtherNames }: SignerRequest["parsed"], wanted: boolean) {
	if (hasOtherNames) return "only DNS and IP subjectAltNames are allowed";
	const hasNames = dnsNames.length + ipAddresses.length > 0;
	if (hasNames === wanted) return undefined;
	return wanted ? "DNS or IP subjectAltName is required" : "DNS and IP subjectAltNames are not allowed";
}
