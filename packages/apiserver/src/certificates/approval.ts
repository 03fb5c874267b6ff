/**
 * Which certificate requests need no person to approve them: a node that renews its own certificates. Pure.
 * Source: Kubelet TLS bootstrapping; Certificates and Certificate Signing Requests, kubelet-serving.
 */
import { isIP } from "node:net";
import type { CertificateSigningRequest, Node } from "@berth/api";
import type { ParsedRequest } from "./parse-request.ts";
import { NODE_CLIENT, NODE_SERVING, refusalOf } from "./signers.ts";

const NODES = "system:nodes";
const PREFIX = "system:node:";

/** What its approval says, or undefined when somebody has to decide. `nodeOf` answers with the node of this name. */
export function approvalOf(
	{ spec }: CertificateSigningRequest,
	parsed: Omit<ParsedRequest, "publicKey">,
	nodeOf: (name: string) => Node | undefined,
): string | undefined {
	const { signerName, username = "", groups = [], usages = [] } = spec;
	if (signerName !== NODE_CLIENT && signerName !== NODE_SERVING) return undefined;
	const isItself = groups.includes(NODES) && username.startsWith(PREFIX) && username === parsed.commonName;
	if (!isItself || refusalOf({ signerName, usages, parsed }) !== undefined) return undefined;
	const node = nodeOf(username.slice(PREFIX.length));
	if (!node) return undefined;
	if (signerName === NODE_CLIENT)
		return "Auto approving self kubelet client certificate: the node asks for its own.";
	const known = new Set([
		node.metadata.name,
		...(node.status?.addresses ?? []).map(({ address }) => plain(address)),
	]);
	const isOwn = [...parsed.dnsNames, ...parsed.ipAddresses].every((name) => known.has(plain(name)));
	return isOwn ? "Auto approving kubelet serving certificate: all names are the node's own." : undefined;
}

/** One spelling of each address. */
const plain = (name: string): string =>
	isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
