/** Every subresource that the registry serves. Logs, exec, attach, port-forward and proxies belong to the front door. */
import type { AnyKind } from "@berth/api";
import { Binding, Eviction, TokenRequest } from "@berth/api";
import { nameOf } from "../context.ts";
import { statusTarget } from "../target.ts";
import { bind } from "./binding.ts";
import { approval, requestStatus } from "./certificate-requests.ts";
import { ephemeralContainersTarget } from "./ephemeral-containers.ts";
import { evict } from "./eviction.ts";
import { finalizeTarget } from "./finalize.ts";
import { resizeTarget } from "./resize.ts";
import { scaleTarget } from "./scale.ts";
import { part, type Subresource } from "./subresource.ts";
import { issueToken } from "./token.ts";

/** By `resource.group/subresource`. */
const OWN: ReadonlyMap<string, Subresource> = new Map<string, Subresource>([
	["pods/binding", { kind: Binding, create: (context, scope) => bind(context, scope, nameOf(scope)) }],
	["pods/eviction", { kind: Eviction, create: evict }],
	["pods/ephemeralcontainers", part(ephemeralContainersTarget)],
	["pods/resize", part(resizeTarget)],
	["serviceaccounts/token", { kind: TokenRequest, create: issueToken }],
	["certificatesigningrequests.certificates.k8s.io/approval", approval],
	["certificatesigningrequests.certificates.k8s.io/status", requestStatus],
	["namespaces/finalize", { kind: finalizeTarget.kind, update: part(finalizeTarget).update }],
]);

/** Undefined when there is no such subresource here. */
export function subresourceOf(kind: AnyKind, name: string): Subresource | undefined {
	const own = OWN.get(`${kind.plural}${kind.group && `.${kind.group}`}/${name}`);
	if (own) return own;
	if (name === "status") return kind.hasStatus ? part(statusTarget(kind)) : undefined;
	if (name === "scale") return kind.scale && part(scaleTarget(kind, kind.scale));
	return undefined;
}
