/** A watch: the present state or a revision to start from, then every change that its selectors see. */
import { type AnyKind, expired } from "@berth/api";
import type { Cached, CacheEvent, ObjectWatch, ResourceCache } from "../store/objects.ts";
import { Overrun } from "../store/objects.ts";
import { Compacted } from "../store/store.ts";
import { cacheOf, type RegistryContext, type Scope } from "./context.ts";
import { waitFor } from "./get.ts";
import { presentItems } from "./list.ts";
import { type WatchOptions, watchOptions } from "./read-options.ts";
import type { Answer, OutgoingEvent, WatchAnswer } from "./request.ts";
import { type Selection, selectionOf } from "./selection.ts";
import { outgoing } from "./watch-filter.ts";
import { createWatchTimes, type WatchTimes } from "./watch-times.ts";

export async function watch(context: RegistryContext, scope: Scope): Promise<Answer> {
	const { query, info } = scope.request;
	const options = watchOptions(query);
	const selection = selectionOf(scope.kind, query, info.name);
	const cache = cacheOf(context, scope.kind);
	const answer = (watch: WatchAnswer): Answer => ({ type: "watch", kind: scope.kind, watch });
	const begin = await start(context, scope, cache, options, selection);
	let source: ObjectWatch;
	try {
		source = cache.watch({ namespace: scope.namespace, after: begin.after });
	} catch (error) {
		if (error instanceof Compacted) return answer(tooOld(begin.after, error.oldest));
		throw error;
	}
	const times = createWatchTimes({ ...context, ...options, signal: scope.signal });
	return answer({
		events: eventsOf(context, { kind: scope.kind, source, begin, selection, times }),
		[Symbol.asyncDispose]: async () => {
			times.close();
			await source[Symbol.asyncDispose]();
		},
	});
}

interface Begin {
	readonly items: readonly Cached[];
	/** Revision of `items`: changes after it are sent. */
	readonly after: number;
	readonly marked: boolean;
}

async function start(
	context: RegistryContext,
	scope: Scope,
	cache: ResourceCache,
	{ revision, initial }: WatchOptions,
	selection: Selection,
): Promise<Begin> {
	if (initial === "none") {
		if (revision) return { items: [], after: revision, marked: false };
		await waitFor(context, scope, revision);
		return { items: [], after: cache.revision, marked: false };
	}
	await waitFor(context, scope, revision);
	const { revision: after } = cache;
	const present = await context.objects.forms.all(scope.kind, presentItems(cache, scope, selection));
	const items = present.filter((cached) => selection.matches(cached.object));
	return { items, after, marked: initial === "marked" };
}

interface Course {
	readonly kind: AnyKind;
	readonly source: ObjectWatch;
	readonly begin: Begin;
	readonly selection: Selection;
	readonly times: WatchTimes;
}

async function* eventsOf(
	context: RegistryContext,
	{ kind, source, begin, selection, times }: Course,
): AsyncGenerator<readonly OutgoingEvent[], void, undefined> {
	try {
		if (begin.items.length) yield begin.items.map((cached) => ({ type: "ADDED", cached }));
		if (begin.marked) yield [{ type: "BOOKMARK", revision: begin.after, initial: true }];
		const batches = source.batches[Symbol.asyncIterator]();
		let batch: Settled | undefined;
		const pull = () =>
			void batches.next().then(
				(result) => {
					batch = result.done ? "end" : result.value;
					times.wake();
				},
				(error: unknown) => {
					batch = { error };
					times.wake();
				},
			);
		pull();
		for (;;) {
			if (batch) {
				if (batch === "end") return;
				if ("error" in batch) {
					// A client that reads too slowly is let go: it lists and watches again.
					if (batch.error instanceof Overrun) return;
					throw batch.error;
				}
				const told = await context.objects.forms.events(kind, batch);
				const events = told.flatMap((event) => outgoing(event, selection, context.leavers) ?? []);
				batch = undefined;
				if (events.length) yield events;
				pull();
			} else if (times.bookmarkDue()) {
				times.bookmarkSent();
				yield [{ type: "BOOKMARK", revision: source.progress() }];
			} else if (times.over()) {
				return;
			} else {
				await times.change();
			}
		}
	} finally {
		times.close();
		await source[Symbol.asyncDispose]();
	}
}

/** What asking the source for a batch came to. */
type Settled = readonly CacheEvent[] | "end" | { readonly error: unknown };

/** History does not reach back: said inside the stream, as clients expect it. */
function tooOld(asked: number, oldest: number): WatchAnswer {
	const { status } = expired(`too old resource version: ${asked} (${oldest})`);
	return {
		events: (async function* () {
			yield [{ type: "ERROR", status }] as const;
		})(),
		[Symbol.asyncDispose]: async () => {},
	};
}
