/**
 * Mutators (webhooks, policies) of one plugin, one after the other, each seeing what those before it have made of the
 * object. In a second round only those run that ask for it, and for which something has changed since they ran.
 */
import { deepEqual, type KubeObject } from "@berth/api";
import type { AdmissionRequest } from "./admission.ts";

export interface Mutator {
	/** Wants to see what others change after it (reinvocationPolicy IfNeeded). */
	readonly again: boolean;
}

export interface Turn {
	/** False: the request is not its business. */
	readonly ran: boolean;
	/** Undefined for no change. */
	readonly object?: KubeObject | undefined;
}

/** Between the rounds of one request. */
interface Notes {
	/** Those that want to see later changes, and have run. */
	readonly seen: Set<Mutator>;
	/** Those of them that something has changed for. */
	readonly outdated: Set<Mutator>;
	/** What the last mutator left behind. */
	last: KubeObject | undefined;
}

/** `key` is the plugin's own: its notes are found by it. */
export async function mutateInTurn<M extends Mutator>(
	mutators: readonly M[],
	request: AdmissionRequest,
	key: object,
	run: (mutator: M, request: AdmissionRequest) => Promise<Turn>,
): Promise<KubeObject | undefined> {
	const { round } = request;
	const notes = notesOf(request, key);
	const changed = () => {
		for (const mutator of notes.seen) notes.outdated.add(mutator);
	};
	if (round?.again && !deepEqual(request.object, notes.last)) changed();
	let { object } = request;
	for (const mutator of mutators) {
		if (round?.again && !notes.outdated.has(mutator)) continue;
		const turn = await run(mutator, { ...request, object });
		if (turn.object) {
			object = turn.object;
			changed();
			round?.repeat();
		}
		if (turn.ran && mutator.again) notes.seen.add(mutator);
	}
	notes.last = object;
	return object;
}

function notesOf({ round }: AdmissionRequest, key: object): Notes {
	const known = round?.notes.get(key) as Notes | undefined;
	const notes = known ?? { seen: new Set(), outdated: new Set(), last: undefined };
	round?.notes.set(key, notes);
	return notes;
}
