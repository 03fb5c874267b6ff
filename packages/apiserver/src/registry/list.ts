/** GET of a collection: selectors, revisions, pages. */
import { expired } from "@berth/api";
import type { Cached, ResourceCache } from "../store/objects.ts";
import { Compacted } from "../store/store.ts";
import { cacheOf, keyAt, type RegistryContext, type Scope } from "./context.ts";
import { decodeContinue, encodeContinue, expiredContinue, NEWEST } from "./continue-token.ts";
import { waitFor } from "./get.ts";
import { type ListOptions, listOptions } from "./read-options.ts";
import type { Answer, ListAnswer } from "./request.ts";
import { type Selection, selectionOf } from "./selection.ts";

export async function list(context: RegistryContext, scope: Scope): Promise<Answer> {
	return { type: "list", kind: scope.kind, list: await listObjects(context, scope) };
}

export async function listObjects(context: RegistryContext, scope: Scope): Promise<ListAnswer> {
	const { query, info } = scope.request;
	const options = listOptions(query);
	const selection = selectionOf(scope.kind, query, info.name);
	const cache = cacheOf(context, scope.kind);
	const found = await snapshot(context, scope, cache, options, selection);
	const { revision, start } = found;
	const items = await context.objects.forms.all(scope.kind, found.items);
	return page(items, { revision, start, limit: options.limit, selection });
}

interface Snapshot {
	/** In key order. */
	readonly items: readonly Cached[];
	readonly revision: number;
	/** First key of this page; "" for the first page. */
	readonly start: string;
}

/** All objects of the list at the revision that the options ask for. */
async function snapshot(
	context: RegistryContext,
	scope: Scope,
	cache: ResourceCache,
	options: ListOptions,
	selection: Selection,
): Promise<Snapshot> {
	if (options.continue) {
		const { revision, start } = decodeContinue(options.continue);
		if (revision !== NEWEST) {
			await waitFor(context, scope, revision);
			return { items: pastItems(cache, revision, scope, () => expiredContinue(start)), revision, start };
		}
		await waitFor(context, scope, undefined);
		return { items: cache.list(scope.namespace), revision: cache.revision, start };
	}
	const { at } = options;
	if (at.kind === "exact") {
		await waitFor(context, scope, at.revision);
		const tooOld = () => expired("The resourceVersion for the provided list is too old.");
		return { items: pastItems(cache, at.revision, scope, tooOld), revision: at.revision, start: "" };
	}
	await waitFor(context, scope, at.kind === "newest" ? undefined : at.kind === "any" ? 0 : at.revision);
	return { items: presentItems(cache, scope, selection), revision: cache.revision, start: "" };
}

export function presentItems(cache: ResourceCache, scope: Scope, selection: Selection): readonly Cached[] {
	const { name } = selection;
	if (name === undefined || (scope.kind.namespaced && scope.namespace === undefined)) {
		return cache.list(scope.namespace);
	}
	const only = cache.get(keyAt(scope, name));
	return only ? [only] : [];
}

function pastItems(
	cache: ResourceCache,
	revision: number,
	scope: Scope,
	tooOld: () => Error,
): readonly Cached[] {
	try {
		return cache.listAt(revision, scope.namespace);
	} catch (error) {
		if (error instanceof Compacted) throw tooOld();
		throw error;
	}
}

/** One page of the items that match, and where the next one starts. */
function page(
	all: readonly Cached[],
	{
		revision,
		start,
		limit,
		selection,
	}: { revision: number; start: string; limit: number; selection: Selection },
): ListAnswer {
	const items: Cached[] = [];
	let i = start ? firstFrom(all, start) : 0;
	for (; i < all.length && (limit === 0 || items.length < limit); i += 1) {
		if (selection.matches(all[i]!.object)) items.push(all[i]!);
	}
	const remaining = all.length - i;
	if (remaining === 0) return { items, revision };
	return {
		items,
		revision,
		// The smallest key after the last one looked at.
		continue: encodeContinue({ revision, start: `${all[i - 1]!.key}\u0000` }),
		...(selection.everything ? { remaining } : {}),
	};
}

/** Index of the first item whose key is not before `start`. */
function firstFrom(items: readonly Cached[], start: string): number {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (items[middle]!.key < start) low = middle + 1;
		else high = middle;
	}
	return low;
}
