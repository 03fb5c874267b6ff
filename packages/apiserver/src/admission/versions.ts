/** Other kinds that show the very same objects: other versions, or the same resource in another group. */
import type { AnyKind, KubeObject } from "@berth/api";

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
