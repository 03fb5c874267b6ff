/** Kinds that nobody writes and no store keeps: what they say is found out when somebody reads them. */
import { type AnyKind, type KubeObject, noSuchResource, notFound } from "@berth/api";
import { cachedAt } from "../store/codec.ts";
import type { RegistryContext, Scope } from "./context.ts";
import type { Answer } from "./request.ts";
import { selectionOf } from "./selection.ts";

export interface ComputedKind {
	readonly kind: AnyKind;
	/** Those within `namespace`, and of `name` alone, where given; more are no harm. */
	readonly read: (wanted: {
		readonly namespace: string | undefined;
		readonly name: string | undefined;
		readonly signal: AbortSignal;
	}) => Promise<readonly KubeObject[]>;
}

/** GET of one or of all. */
export async function readComputed(context: RegistryContext, scope: Scope): Promise<Answer> {
	const { kind, namespace, signal } = scope;
	const { query, info } = scope.request;
	const computed = context.computed.find((each) => each.kind === kind);
	if (!computed) throw noSuchResource();
	const selection = selectionOf(kind, query, info.name);
	const { revision } = context.objects;
	const found = await computed.read({ namespace, name: selection.name, signal });
	const items = found
		.filter((object) => namespace === undefined || object.metadata.namespace === namespace)
		.filter(selection.matches)
		.map((object) => cachedAt(object, revision))
		.sort((a, b) => (a.key < b.key ? -1 : 1));
	if (info.verb === "list") return { type: "list", kind, list: { items, revision } };
	const [only] = items;
	if (!only) throw notFound(scope.about, info.name ?? "");
	return { type: "object", code: 200, kind, cached: only };
}
