/**
 * How long a container that ended waits before it starts again: not at all the first time, then 10 s, doubling to five
 * minutes; a container that ran for ten minutes starts with a clean record. The wait is kept on the container itself,
 * so an agent that restarts goes on where the last one was. Times in milliseconds.
 */
import type { ObservedContainer } from "./observed.ts";

const FIRST = 10_000;
const MOST = 300_000;
const FORGIVEN_AFTER = 600_000;

type Ended = Pick<ObservedContainer, "startedAt" | "finishedAt" | "backoff">;

/** When the next attempt may start. */
export const restartAt = (ended: Ended): number => ended.finishedAt + delayOf(ended);

/** The wait that follows the last one. */
export const delayOf = (ended: Ended): number => (forgiven(ended) ? 0 : ended.backoff);

/** What the next attempt carries: the wait that follows it. */
export function nextBackoff(ended: Ended): number {
	return forgiven(ended) || ended.backoff === 0 ? FIRST : Math.min(ended.backoff * 2, MOST);
}

const forgiven = ({ startedAt, finishedAt }: Ended) => finishedAt - startedAt >= FORGIVEN_AFTER;
