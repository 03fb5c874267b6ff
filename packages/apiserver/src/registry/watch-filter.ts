/** From what happened to what a watcher with selectors sees of it. Pure; a watcher costs a comparison for each change. */
import { cachedAt } from "../store/codec.ts";
import type { Cached, CacheEvent } from "../store/objects.ts";
import type { OutgoingEvent } from "./request.ts";
import type { Selection } from "./selection.ts";

/** Bodies made for objects that leave a selector: one for all watchers that they leave. */
export type Leavers = WeakMap<CacheEvent, Cached>;

/** Undefined when the watcher sees nothing of it. */
export function outgoing(
	event: CacheEvent,
	selection: Selection,
	leavers: Leavers,
): OutgoingEvent | undefined {
	const { previous, current } = event;
	if (event.type === "delete") {
		return selection.matches((previous ?? current).object) ? { type: "DELETED", cached: current } : undefined;
	}
	const is = selection.matches(current.object);
	const was = previous !== undefined && selection.matches(previous.object);
	if (is) return { type: was ? "MODIFIED" : "ADDED", cached: current };
	return was ? { type: "DELETED", cached: leaver(event, previous, leavers) } : undefined;
}

/** The last body that matched, at the revision at which it left. */
function leaver(event: CacheEvent, previous: Cached, leavers: Leavers): Cached {
	let cached = leavers.get(event);
	if (!cached) {
		cached = cachedAt(previous.object, event.revision);
		leavers.set(event, cached);
	}
	return cached;
}
