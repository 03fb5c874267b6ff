/**
 * Events go an hour after they were last written. What was written when is known from the store's revisions: once a
 * minute the newest one is noted, so no event carries a lease and no clock of a client matters. Events from before the
 * server's start go by what they say of themselves.
 */
import { type Clock, Event, type Logger, parseTime } from "@berth/api";
import type { Cached, Objects } from "../store/objects.ts";

export interface EventExpiryOptions {
	readonly objects: Objects;
	readonly clock: Clock;
	readonly log: Logger;
}

const TIME_TO_LIVE = 3_600_000;
const PERIOD = 60_000;
/** Removed at a time. */
const BATCH = 200;

interface Mark {
	/** Milliseconds. */
	readonly time: number;
	readonly revision: number;
}

/** Removes expired events until disposed. */
export function expireEvents(options: EventExpiryOptions): AsyncDisposable {
	const stop = new AbortController();
	const loop = run(options, stop.signal);
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await loop;
		},
	};
}

async function run({ objects, clock, log }: EventExpiryOptions, signal: AbortSignal): Promise<void> {
	const start = objects.revision;
	let marks: readonly Mark[] = [];
	while (!signal.aborted) {
		const now = clock.now();
		marks = noted(marks, { time: now, revision: objects.revision });
		const events = objects.of<Event>(Event).list();
		const expired = events.filter((event) => isExpired(event, { marks, start, now }));
		try {
			for (let index = 0; index < expired.length && !signal.aborted; index += BATCH) {
				const batch = expired.slice(index, index + BATCH);
				await Promise.all(batch.map(({ key, revision }) => objects.remove(Event, key, revision)));
			}
		} catch (error) {
			log.warn({ err: error }, "cannot remove old events; trying again");
		}
		await clock.sleep(PERIOD, signal);
	}
}

/** The marks of the last hour, and the youngest of those before. */
export function noted(marks: readonly Mark[], mark: Mark): readonly Mark[] {
	const all = [...marks, mark];
	const last = all.findLastIndex(({ time }) => time <= mark.time - TIME_TO_LIVE);
	return last > 0 ? all.slice(last) : all;
}

export interface Expiry {
	readonly marks: readonly Mark[];
	/** Revision at the server's start. */
	readonly start: number;
	/** Milliseconds. */
	readonly now: number;
}

export function isExpired({ object, revision }: Pick<Cached<Event>, "object" | "revision">, expiry: Expiry) {
	const { marks, start, now } = expiry;
	const [oldest] = marks;
	if (oldest && oldest.time <= now - TIME_TO_LIVE && revision <= oldest.revision) return true;
	return revision <= start && lastWritten(object) <= now - TIME_TO_LIVE;
}

function lastWritten({ metadata, lastTimestamp, series, eventTime }: Event): number {
	const times = [metadata.creationTimestamp, lastTimestamp, series?.lastObservedTime, eventTime];
	return Math.max(...times.flatMap((time) => (time ? parseTime(time) : [])));
}
