/** Other kinds that show the very same objects: other versions, or the same resource in another group. */
import type { AnyKind, KubeObject } from "@berth/api";
import type { AdmissionRequest } from "./admission.ts";

const placeOf = ({ group, plural, stored }: AnyKind): string =>
	stored ? `${stored.kind.group}/${stored.kind.plural}` : `${group}/${plural}`;

/** Without `kind` itself. */
export function equivalentsOf(kinds: readonly AnyKind[], kind: AnyKind): readonly AnyKind[] {
	const place = placeOf(kind);
	return kinds.filter((other) => other !== kind && placeOf(other) === place);
}

/** An object of one kind as another one shows it. Rejects with a StatusError where a conversion webhook fails. */
export async function convert(from: AnyKind, to: AnyKind, object: KubeObject): Promise<KubeObject> {
	if (from === to) return object;
	const kept = from.stored ? await from.stored.write(object) : object;
	if (!to.stored) return kept;
	if (!to.stored.readAll) return to.stored.read(kept);
	const [converted] = await to.stored.readAll([kept]);
	return converted ?? kept;
}

/** The objects of a request as webhooks and policies are shown them. */
export interface Shown {
	/** In whose version they are. */
	readonly kind: AnyKind;
	readonly object: KubeObject | undefined;
	readonly old: KubeObject | undefined;
}

/** Rejects with a StatusError where a conversion webhook fails. */
export async function shownIn(request: AdmissionRequest, kind: AnyKind): Promise<Shown> {
	const [object, old] = await Promise.all([
		shownAs(request, kind, request.object),
		shownAs(request, kind, request.old),
	]);
	return { kind, object, old };
}

/** Bodies of subresources (Scale) have one form; the objects themselves are shown in the version that was asked for. */
async function shownAs(
	request: AdmissionRequest,
	kind: AnyKind,
	object: KubeObject | undefined,
): Promise<KubeObject | undefined> {
	if (!object) return undefined;
	const view = request.outside?.view(object) ?? object;
	return isOwnForm(request) ? convert(request.kind, kind, view) : view;
}

/** Whether what is shown is the resource itself, not a body of another kind. */
export const isOwnForm = ({ kind, outside }: AdmissionRequest): boolean =>
	outside === undefined || (outside.kind.kind === kind.kind && outside.kind.group === kind.group);
