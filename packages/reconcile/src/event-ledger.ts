/** What has been said about what, and how often: which occurrence is a repeat, which is noise. Touches nothing outside. */
import type { Clock, KubeObject } from "@berth/api";

export interface Occurrence {
	readonly type: "Normal" | "Warning";
	readonly about: KubeObject;
	readonly reason: string;
	readonly message: string;
	/** The part of the object that it is about. */
	readonly fieldPath?: string | undefined;
}

/** One Event object, and how often it has happened. */
export interface LedgerEntry {
	readonly type: "Normal" | "Warning";
	readonly reason: string;
	readonly fieldPath: string | undefined;
	about: KubeObject;
	message: string;
	count: number;
	/** Milliseconds since the epoch. */
	readonly first: number;
	last: number;
	/** Of the Event on the server, once it is there. */
	name: string | undefined;
}

export interface EventLedger {
	/** Counts one occurrence; undefined when its object has spent its allowance. */
	note(occurrence: Occurrence): LedgerEntry | undefined;
}

/** Objects and events remembered; the least recently mentioned is forgotten first. */
const REMEMBERED = 4_096;
/** Occurrences an object may have at once, and milliseconds until it may have one more. */
const BURST = 25;
const REFILL = 300_000;
/** So many different messages for one reason within the window, and further ones share one Event. */
const SIMILAR = 10;
const WINDOW = 600_000;
/** The API's limit for a message, in characters. */
const MESSAGE = 1_024;

export function createEventLedger(clock: Clock): EventLedger {
	const entries = new Remembered<LedgerEntry>();
	const allowances = new Remembered<{ left: number; at: number }>();
	const families = new Remembered<{ since: number; messages: Set<string> }>();

	function allowed(id: string, now: number): boolean {
		const known = allowances.get(id) ?? { left: BURST, at: now };
		const left = Math.min(BURST, known.left + (now - known.at) / REFILL);
		allowances.set(id, { left: left >= 1 ? left - 1 : left, at: now });
		return left >= 1;
	}

	function isOneOfTooMany(family: string, message: string, now: number): boolean {
		let known = families.get(family);
		if (!known || now - known.since > WINDOW) known = { since: now, messages: new Set() };
		families.set(family, known);
		if (known.messages.has(message)) return false;
		if (known.messages.size >= SIMILAR) return true;
		known.messages.add(message);
		return false;
	}

	return {
		note: ({ type, about, reason, message, fieldPath }) => {
			const now = clock.now();
			const id = `${about.kind}/${about.metadata.namespace ?? ""}/${about.metadata.name}/${about.metadata.uid}`;
			if (!allowed(id, now)) return undefined;
			const family = JSON.stringify([id, type, reason, fieldPath]);
			const folded = isOneOfTooMany(family, message, now);
			const text = (folded ? `(combined from similar events): ${message}` : message).slice(0, MESSAGE);
			const key = folded ? family : JSON.stringify([family, text]);
			const known = entries.get(key);
			const entry = known ?? {
				type,
				reason,
				fieldPath,
				about,
				message: text,
				count: 0,
				first: now,
				last: now,
				name: undefined,
			};
			entry.about = about;
			entry.message = text;
			entry.count += 1;
			entry.last = now;
			entries.set(key, entry);
			return entry;
		},
	};
}

/** A map that forgets what has not been set for longest. */
class Remembered<V> {
	readonly #values = new Map<string, V>();

	get(key: string): V | undefined {
		return this.#values.get(key);
	}

	set(key: string, value: V) {
		this.#values.delete(key);
		this.#values.set(key, value);
		if (this.#values.size <= REMEMBERED) return;
		for (const [oldest] of this.#values) {
			this.#values.delete(oldest);
			return;
		}
	}
}
