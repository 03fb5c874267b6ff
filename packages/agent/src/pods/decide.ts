/**
 * What to do next for a pod, from what is wanted, what is there and the time: nothing else. It is asked again after
 * every change, so it names only the next steps, and steps that are on their way are left alone.
 */
import type { Pod } from "@berth/api";
import { type Action, CONFIRM, PREPARE, retryKey, SANDBOX_SUBJECT, subjectOf } from "./actions.ts";
import { type Containers, keepContainers, keepSidecars, removals } from "./decide-containers.ts";
import { currentSandbox, type ObservedContainer, type ObservedPod } from "./observed.ts";
import { deadlineOf, type Outcome, outcomeOf } from "./outcome.ts";
import { limitChanges } from "./resize-plan.ts";

export interface Situation {
	readonly pod: Pod;
	/** `terminate`: marked for deletion in the API; `remove`: gone from the API. */
	readonly intent: "run" | "terminate" | "remove";
	readonly observed: ObservedPod;
	/** This host does not take the pod on. */
	readonly rejected?: Outcome | undefined;
	/** Subjects of actions under way. */
	readonly busy: ReadonlySet<string>;
	/** Actions that failed, by their retryKey: not to be tried again before this time. */
	readonly retryAt: ReadonlyMap<string, number>;
	/** What the probes say of a running container. */
	readonly verdict: (container: ObservedContainer) => Verdict;
	/** `prepare` has succeeded and `release` has not been done since. */
	readonly prepared: boolean;
	/** Something that `prepare` makes may be there. */
	readonly releasable: boolean;
	/** `clear` has been done. */
	readonly cleared: boolean;
	/** Id of the sandbox that has (or may have) a network; undefined when none. */
	readonly connected: { readonly sandbox: string; readonly complete: boolean } | undefined;
	/** The last status was written and the API told to drop the pod. */
	readonly confirmed: boolean;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export interface Verdict {
	readonly started: boolean;
	readonly ready: boolean;
	/** The probe that gave the container up. */
	readonly failed?: "liveness" | "startup" | undefined;
}

export interface Decision {
	readonly actions: readonly Action[];
	/** Look again at this time, even if nothing happens. */
	readonly wakeAt: number | undefined;
	readonly outcome: Outcome | undefined;
}

export function decide(situation: Situation): Decision {
	const { pod, observed, intent, now } = situation;
	const outcome = situation.rejected ?? outcomeOf(pod, observed, now);
	const wanted = intent === "run" && !outcome ? run(situation) : end(situation, outcome);
	const waits = [...wanted.wakes];
	if (intent === "run" && !outcome) {
		const deadline = deadlineOf(pod);
		if (deadline !== undefined) waits.push(deadline);
	}
	const actions = wanted.actions.filter((action) => {
		const subject = subjectOf(action);
		if (situation.busy.has(subject)) return false;
		const retryAt = situation.retryAt.get(retryKey(action)) ?? 0;
		if (retryAt <= now) return true;
		waits.push(retryAt);
		return false;
	});
	return { actions, wakeAt: waits.length > 0 ? Math.min(...waits) : undefined, outcome };
}

interface Wanted {
	readonly actions: readonly Action[];
	readonly wakes: readonly number[];
}

function run(situation: Situation): Wanted {
	const { observed } = situation;
	const sandbox = currentSandbox(observed);
	const actions: Action[] = situation.prepared ? [] : [{ do: "prepare" }];
	const stale = observed.containers.filter(
		(container) => isRunning(container) && container.sandbox !== sandbox?.id,
	);
	for (const target of stale) {
		actions.push({ do: "stop", name: target.name, target, why: "sandboxChanged" });
	}
	if (!sandbox) {
		const release = situation.connected !== undefined;
		if (stale.length === 0) actions.push(release ? { do: "stopSandbox" } : nextSandbox(observed));
		return { actions, wakes: [] };
	}
	// Pause containers that died are of no more use once nothing runs in them.
	if (stale.length === 0) {
		for (const { id } of observed.sandboxes.filter((other) => other.id !== sandbox.id)) {
			actions.push({ do: "removeSandbox", id });
		}
	}
	if (!isOnNetwork(situation, sandbox.id)) actions.push({ do: "connect", sandbox: sandbox.id });
	const containers: Containers = { situation, sandbox: sandbox.id };
	const mayStart = canStart(situation, sandbox.id);
	const kept = keepContainers(containers);
	// Its own group is made by then.
	const changes = situation.prepared ? limitChanges(situation.pod, observed, sandbox.id) : [];
	if (changes.length > 0) actions.push({ do: "resize", changes });
	return {
		actions: [...actions, ...kept.actions.filter((action) => mayStart || action.do !== "start")],
		wakes: kept.wakes,
	};
}

const isOnNetwork = ({ pod, connected }: Situation, sandbox: string) =>
	pod.spec.hostNetwork || (connected?.sandbox === sandbox && connected.complete);

const canStart = (situation: Situation, sandbox: string) =>
	isOnNetwork(situation, sandbox) &&
	situation.prepared &&
	!situation.busy.has(SANDBOX_SUBJECT) &&
	!situation.busy.has(PREPARE);

const nextSandbox = ({ sandboxes }: ObservedPod): Action => ({
	do: "createSandbox",
	attempt: Math.max(-1, ...sandboxes.map((sandbox) => sandbox.attempt)) + 1,
});

/** Stops all that runs, sidecars last; then the sandbox; then, as far as the API has let go, removes all. */
function end(situation: Situation, outcome: Outcome | undefined): Wanted {
	const { pod, observed, intent, busy } = situation;
	const actions: Action[] = [];
	const wakes: number[] = [];
	const running = observed.containers.filter(isRunning);
	const why = intent === "run" && outcome ? "podFinished" : "podDeleted";
	for (const target of nextToStop(pod, running)) {
		actions.push({ do: "stop", name: target.name, target, why });
	}
	const sandbox = currentSandbox(observed);
	if (intent !== "remove" && sandbox && needsSidecars(pod, running) && canStart(situation, sandbox.id)) {
		const kept = keepSidecars({ situation, sandbox: sandbox.id });
		actions.push(...kept.actions);
		wakes.push(...kept.wakes);
	}
	if (running.length > 0 || isStarting(situation)) return { actions, wakes };
	if (situation.connected || observed.sandboxes.some((sandbox) => sandbox.running)) {
		return { actions: [{ do: "stopSandbox" }], wakes: [] };
	}
	if (intent === "run") {
		const isFull = situation.releasable && !situation.cleared;
		return { actions: [...(isFull ? CLEAR : []), ...removals(situation, undefined)], wakes: [] };
	}
	if (situation.releasable) return { actions: [{ do: "release" }], wakes: [] };
	if (intent === "terminate") {
		return { actions: situation.confirmed ? [] : [{ do: "confirm" }], wakes: [] };
	}
	for (const { name, id, remembered } of observed.containers) {
		if (!remembered) actions.push({ do: "remove", name, id });
	}
	for (const { id } of observed.sandboxes) actions.push({ do: "removeSandbox", id });
	if (actions.length === 0 && !busy.has(CONFIRM)) actions.push({ do: "forget" });
	return { actions, wakes: [] };
}

const CLEAR: readonly Action[] = [{ do: "clear" }];

/** Regular containers first, then sidecars, the one that started last before the others. */
function nextToStop(pod: Pod, running: readonly ObservedContainer[]): readonly ObservedContainer[] {
	const sidecars = (pod.spec.initContainers ?? []).filter(
		(container) => container.restartPolicy === "Always",
	);
	const isOfSidecar = ({ name }: ObservedContainer) => sidecars.some((sidecar) => sidecar.name === name);
	const regular = running.filter((container) => !isOfSidecar(container));
	if (regular.length > 0) return regular;
	const last = sidecars.findLast(({ name }) => running.some((container) => container.name === name));
	return running.filter((container) => container.name === last?.name);
}

/** A regular container still runs. */
const needsSidecars = ({ spec }: Pod, running: readonly ObservedContainer[]) =>
	running.some(({ name }) => spec.containers.some((container) => container.name === name));

/** An action that may yet make a container or a sandbox. */
const isStarting = ({ busy }: Situation) => [...busy].some((subject) => subject !== CONFIRM);

const isRunning = ({ state }: ObservedContainer) => state === "running";
