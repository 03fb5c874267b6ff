/** A request as webhooks and expressions are told of it: AdmissionRequest of admission.k8s.io, without the objects. */
import { type AnyKind, Namespace } from "@berth/api";
import type { AdmissionRequest, GroupVersionKind } from "./admission.ts";

/** `kind`: in whose group and version a rule has named the resource; the request's own when absent. */
export function requestAttributes(request: AdmissionRequest, kind: AnyKind = request.kind): object {
	const { operation, subresource, user, dryRun, outside } = request;
	const name = request.name || request.object?.metadata?.name || "";
	// A namespace counts as inside itself.
	const namespace = request.kind === Namespace ? name : request.namespace;
	const body = outside?.kind ?? request.kind;
	const isOwn = body.kind === request.kind.kind && body.group === request.kind.group;
	return {
		kind: kindOf(isOwn ? kind : body),
		resource: resourceOf(kind),
		...(subresource ? { subResource: subresource } : {}),
		requestKind: kindOf(body),
		requestResource: resourceOf(request.kind),
		...(subresource ? { requestSubResource: subresource } : {}),
		...(name ? { name } : {}),
		...(namespace ? { namespace } : {}),
		operation,
		userInfo: user,
		dryRun,
		options: request.options?.() ?? null,
	};
}

const kindOf = ({ group, version, kind }: GroupVersionKind) => ({ group, version, kind });
const resourceOf = ({ group, version, plural }: AnyKind) => ({ group, version, resource: plural });
