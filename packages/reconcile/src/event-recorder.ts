/**
 * Writes core/v1 Events. What is repeated is counted on one Event; what varies without end is folded into one; an
 * object that has too much to say is cut off. The recorder remembers a bounded number of events and waits for nobody.
 */
import { type Clock, Event, formatTime, isNotFound, type Logger, StatusError } from "@berth/api";
import type { Client } from "@berth/client";
import { createEventLedger, type LedgerEntry, type Occurrence } from "./event-ledger.ts";
import type { EventRecorder } from "./events.ts";

export interface EventRecorderOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
	/** `source.component`: who speaks, such as `default-scheduler`. */
	readonly component: string;
	/** `source.host`, for what runs on a node. */
	readonly host?: string | undefined;
	/** Ends retries; events not yet written are dropped. */
	readonly signal?: AbortSignal | undefined;
}

/** Writes at the same time: enough to keep up with a scheduler, too few to crowd out its bindings. */
const WRITERS = 4;
/** Events waiting to be written; more than that are dropped, oldest kept. */
const WAITING = 2_000;
const ATTEMPTS = 5;

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
	const { client, clock, log, component, host = "", signal } = options;
	const ledger = createEventLedger(clock);
	/** Entries whose count the server does not know yet. */
	const waiting = new Set<LedgerEntry>();
	const writing = new Set<LedgerEntry>();
	let sequence = Math.floor(Math.random() * 1_000_000);

	function record(occurrence: Occurrence) {
		const { about, reason } = occurrence;
		try {
			const entry = ledger.note(occurrence);
			if (!entry || signal?.aborted) return;
			if (waiting.size >= WAITING && !waiting.has(entry)) {
				log.warn({ reason, about: about.metadata.name }, "too many events are waiting; one is dropped");
				return;
			}
			waiting.add(entry);
			pump();
		} catch (error) {
			log.error({ err: error, reason }, "an event could not be recorded");
		}
	}

	function pump() {
		for (const entry of waiting) {
			if (writing.size >= WRITERS) return;
			// Its write in flight carries an older count: it comes again when that is done.
			if (writing.has(entry)) continue;
			waiting.delete(entry);
			writing.add(entry);
			void write(entry).finally(() => {
				writing.delete(entry);
				pump();
			});
		}
	}

	async function write(entry: LedgerEntry): Promise<void> {
		for (let attempt = 0; attempt < ATTEMPTS && !signal?.aborted; attempt++) {
			try {
				if (entry.name) await count(entry);
				else await create(entry);
				return;
			} catch (error) {
				if (isNotFound(error) && entry.name) {
					// The server lets events expire; the next occurrence starts a new one.
					entry.name = undefined;
				} else if (error instanceof StatusError && error.code < 500 && error.code !== 429) {
					log.debug({ err: error, reason: entry.reason }, "an event was refused");
					return;
				} else {
					await clock.sleep(500 * 2 ** attempt, signal);
				}
			}
		}
		log.warn({ reason: entry.reason, about: entry.about.metadata.name }, "an event could not be written");
	}

	async function create(entry: LedgerEntry): Promise<void> {
		const { about } = entry;
		const namespace = about.metadata.namespace ?? "default";
		const name = `${about.metadata.name.slice(0, 230)}.${suffix(clock.now(), sequence++)}`;
		await client.create(Event, {
			metadata: { name, namespace },
			involvedObject: {
				apiVersion: about.apiVersion,
				kind: about.kind,
				...(about.metadata.namespace && { namespace: about.metadata.namespace }),
				name: about.metadata.name,
				uid: about.metadata.uid,
				resourceVersion: about.metadata.resourceVersion,
				...(entry.fieldPath && { fieldPath: entry.fieldPath }),
			},
			type: entry.type,
			reason: entry.reason,
			message: entry.message,
			source: { component, ...(host && { host }) },
			firstTimestamp: formatTime(entry.first),
			lastTimestamp: formatTime(entry.last),
			count: entry.count,
			reportingComponent: component,
			reportingInstance: host,
		});
		entry.name = name;
	}

	async function count(entry: LedgerEntry): Promise<void> {
		await client.patch(
			Event,
			{ namespace: entry.about.metadata.namespace ?? "default", name: entry.name ?? "" },
			{ count: entry.count, lastTimestamp: formatTime(entry.last), message: entry.message },
			{ type: "merge" },
		);
	}

	return {
		normal: (about, reason, message, fieldPath) =>
			record({ type: "Normal", about, reason, message, fieldPath }),
		warning: (about, reason, message, fieldPath) =>
			record({ type: "Warning", about, reason, message, fieldPath }),
	};
}

/** Unlike any other of this object: the time in nanoseconds, as Kubernetes names events, the last digits counted. */
const suffix = (now: number, sequence: number) =>
	(BigInt(Math.floor(now)) * 1_000_000n + BigInt(sequence % 1_000_000)).toString(16);
