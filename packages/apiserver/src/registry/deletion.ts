/** What a delete does to an object: decided here, without effects. */
import { type DeleteOptions, deepEqual, formatTime, type KubeObject, parseTime } from "@berth/api";
import { bumpGeneration } from "./metadata.ts";
import type { Strategy } from "./strategies.ts";

/** Finalizers that the garbage collector acts on and takes away. */
export const ORPHAN = "orphan";
export const FOREGROUND = "foregroundDeletion";

/** Longer than anybody waits, and short enough for its end to be a time. */
const MAX_GRACE = 100 * 365 * 24 * 3600;

export type DeletionPlan =
	| { readonly action: "remove" }
	/** The object stays for now, changed like this. */
	| { readonly action: "keep"; readonly object: KubeObject }
	/** It is already on its way, and nothing about that changes. */
	| { readonly action: "wait" };

export interface Deletion {
	readonly strategy: Strategy;
	readonly options: DeleteOptions;
	readonly defaultPropagation: "Background" | "Orphan";
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export function planDeletion(object: KubeObject, deletion: Deletion): DeletionPlan {
	const { strategy, now } = deletion;
	const grace = strategy.gracePeriod && planGrace(object, deletion);
	if (grace === "pending") return { action: "wait" };
	const marked = withFinalizers(object, deletion);
	if (grace !== undefined && grace.seconds > 0) return { action: "keep", object: grace.mark(marked) };
	const mustShow = strategy.markDeleting && !object.metadata.deletionTimestamp;
	const held = (marked.metadata.finalizers?.length ?? 0) > 0 || strategy.holds?.(marked);
	if (!held && !mustShow) return { action: "remove" };
	const kept = markDeleting(strategy, marked, now);
	return deepEqual(kept, object) ? { action: "wait" } : { action: "keep", object: kept };
}

interface Grace {
	readonly seconds: number;
	readonly mark: (object: KubeObject) => KubeObject;
}

/** Seconds that the object still has; "pending" when it is being deleted and the request does not shorten that. */
function planGrace(object: KubeObject, { strategy, options, now }: Deletion): Grace | "pending" {
	const asked = options.gracePeriodSeconds;
	const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
	if (!deletionTimestamp) {
		const seconds = Math.min(strategy.gracePeriod?.(object, asked) ?? 0, MAX_GRACE);
		return { seconds, mark: (kept) => markUntil(kept, now + seconds * 1000, seconds) };
	}
	const given = deletionGracePeriodSeconds ?? 0;
	if (given === 0) return { seconds: 0, mark: (kept) => kept };
	if (asked === undefined || asked >= given) return "pending";
	const seconds = Math.max(asked, 0);
	const began = parseTime(deletionTimestamp) - given * 1000;
	return { seconds, mark: (kept) => markUntil(kept, began + seconds * 1000, seconds) };
}

function markUntil(object: KubeObject, end: number, seconds: number): KubeObject {
	const first = !object.metadata.deletionTimestamp;
	const marked = {
		...object,
		metadata: {
			...object.metadata,
			deletionTimestamp: formatTime(end),
			deletionGracePeriodSeconds: seconds,
		},
	};
	return first ? nextGeneration(marked) : marked;
}

/** Deletion without grace, held by finalizers. */
function markDeleting(strategy: Strategy, object: KubeObject, now: number): KubeObject {
	const { deletionTimestamp } = object.metadata;
	const passed = deletionTimestamp && parseTime(deletionTimestamp) <= now;
	const marked = {
		...object,
		metadata: {
			...object.metadata,
			deletionTimestamp: passed ? deletionTimestamp : formatTime(now),
			...(strategy.markDeleting ? {} : { deletionGracePeriodSeconds: 0 }),
		},
	};
	const changed = strategy.markDeleting?.(marked) ?? marked;
	return deletionTimestamp ? changed : nextGeneration(changed);
}

/** Its controllers shall see that what is wanted of it has changed. */
function nextGeneration(object: KubeObject): KubeObject {
	const { generation } = object.metadata;
	return generation ? bumpGeneration(object, generation) : object;
}

/** The propagation policy as finalizers: what the options say, else what the object has, else the kind's default. */
function withFinalizers(object: KubeObject, { strategy, options, defaultPropagation }: Deletion): KubeObject {
	if (strategy.withoutDependents) return object;
	const before = object.metadata.finalizers ?? [];
	const policy = policyOf(options) ?? (inherited(before) || defaultPropagation);
	const finalizers = before.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
	if (policy === "Orphan") finalizers.push(ORPHAN);
	if (policy === "Foreground") finalizers.push(FOREGROUND);
	const same =
		finalizers.length === before.length && finalizers.every((finalizer) => before.includes(finalizer));
	return same ? object : { ...object, metadata: { ...object.metadata, finalizers } };
}

function policyOf({ orphanDependents, propagationPolicy }: DeleteOptions): string | undefined {
	if (orphanDependents !== undefined && orphanDependents !== null) {
		return orphanDependents ? "Orphan" : "Background";
	}
	return propagationPolicy ?? undefined;
}

function inherited(finalizers: readonly string[]): string | undefined {
	const first = finalizers.find((finalizer) => finalizer === ORPHAN || finalizer === FOREGROUND);
	return first && (first === ORPHAN ? "Orphan" : "Foreground");
}
