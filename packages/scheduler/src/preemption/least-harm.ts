/** Of the nodes on which room could be made, the one where it does the least harm. Pure. */
import type { PodInfo } from "../cluster/pod-info.ts";
import { startOf } from "./victims.ts";

export interface Candidate {
	readonly node: string;
	/** The most important first. */
	readonly victims: readonly PodInfo[];
	/** Victims whose disruption budget does not allow it. */
	readonly brokenBudgets: number;
}

/** Priorities may be negative: raised by this, many pods of any priority weigh more than few. */
const RAISE = 2 ** 31;

/**
 * The fewest broken budgets; then the lowest priority of the most important victim; the lowest sum of priorities; the
 * fewest victims; the most important victims that started last; the first.
 */
export function leastHarm(candidates: readonly Candidate[], now: number): Candidate | undefined {
	let best: Candidate | undefined;
	for (const candidate of candidates) if (!best || harm(candidate, best, now) < 0) best = candidate;
	return best;
}

function harm(a: Candidate, b: Candidate, now: number): number {
	return (
		a.brokenBudgets - b.brokenBudgets ||
		highest(a) - highest(b) ||
		sum(a) - sum(b) ||
		a.victims.length - b.victims.length ||
		earliest(b, now) - earliest(a, now)
	);
}

const highest = ({ victims }: Candidate): number => victims[0]?.priority ?? -RAISE;

const sum = ({ victims }: Candidate): number =>
	victims.reduce((total, { priority }) => total + priority + RAISE, 0);

/** When the first of the most important victims started. */
const earliest = (candidate: Candidate, now: number): number =>
	Math.min(
		...candidate.victims
			.filter(({ priority }) => priority === highest(candidate))
			.map((each) => startOf(each, now)),
	);
