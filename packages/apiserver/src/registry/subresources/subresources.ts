/** Every subresource that the registry serves. Logs, exec, attach, port-forward and proxies belong to the front door. */
import type { AnyKind } from "@berth/api";
import { Binding, Eviction, TokenRequest } from "@berth/api";
import { nameOf } from "../context.ts";
import { statusTarget } from "../target.ts";
import { bind } from "./binding.ts";
import { ephemeralContainersTarget } from "./ephemeral-containers.ts";
import { evict } from "./eviction.ts";
import { finalizeTarget } from "./finalize.ts";
import { scaleTarget } from "./scale.ts";
import { part, type Subresource } from "./subresource.ts";
import { issueToken } from "./token.ts";

/** By `resource/subresource` of the core group. */
const OWN: ReadonlyMap<string, Subresource> = new Map<string, Subresource>([
	["pods/binding", { kind: Binding, create: (context, scope) => bind(context, scope, nameOf(scope)) }],
	["pods/eviction", { kind: Eviction, create: evict }],
	["pods/ephemeralcontainers", part(ephemeralContainersTarget)],
	["serviceaccounts/token", { kind: TokenRequest, create: issueToken }],
	["namespaces/finalize", { kind: finalizeTarget.kind, update: part(finalizeTarget).update }],
]);

/** Undefined when there is no such subresource here. */
export function subresourceOf(kind: AnyKind, name: string): Subresource | undefined {
	if (name === "status") return kind.hasStatus ? part(statusTarget(kind)) : undefined;
	if (name === "scale") return kind.scale && part(scaleTarget(kind, kind.scale));
	return kind.group === "" ? OWN.get(`${kind.plural}/${name}`) : undefined;
}
