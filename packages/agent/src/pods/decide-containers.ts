/** Which containers of a pod with a living sandbox to start, stop and remove. Pure. */
import { type Container, isSidecar, mayRestart } from "@berth/api";
import type { Action, ContainerSort, StopReason } from "./actions.ts";
import { nextBackoff, restartAt } from "./backoff.ts";
import type { Situation } from "./decide.ts";
import { latestOf, type ObservedContainer } from "./observed.ts";
import { restartsFor } from "./resize-plan.ts";
import { currentRound, endsRound, isPast } from "./rounds.ts";

/** Of those of a name that have ended: the newest, for its log. What the status shows of others it remembers. */
const KEPT_ENDED = 1;

export interface Containers {
	readonly situation: Situation;
	/** Id of the sandbox that the pod lives in. */
	readonly sandbox: string;
}

interface Kept {
	readonly actions: Action[];
	/** Times at which to look again. */
	readonly wakes: number[];
}

export function keepContainers(containers: Containers): Kept {
	const { spec } = containers.situation.pod;
	const kept: Kept = { actions: removals(containers.situation, containers.sandbox), wakes: [] };
	// Whoever looks for the fault must not have to wait until it is gone.
	for (const container of spec.ephemeralContainers ?? []) keepOnce(containers, container, kept);
	if (!endPastRounds(containers, kept) || !initialize(containers, kept)) return kept;
	for (const container of spec.containers) keep(containers, container, "regular", kept);
	return kept;
}

/** Sidecars that ended though others still need them, in a pod that is on its way out. */
export function keepSidecars(containers: Containers): Kept {
	const { pod, observed } = containers.situation;
	const kept: Kept = { actions: [], wakes: [] };
	for (const container of pod.spec.initContainers ?? []) {
		const latest = latestOf(observed, container.name);
		if (isSidecar(container) && latest?.state === "exited") keep(containers, container, "sidecar", kept);
	}
	return kept;
}

/** True when none runs that has to make way for a new round. */
function endPastRounds({ situation, sandbox }: Containers, kept: Kept): boolean {
	const { pod, observed } = situation;
	const round = currentRound(pod, observed);
	if (round === 0) return true;
	const debugging = new Set((pod.spec.ephemeralContainers ?? []).map(({ name }) => name));
	const past = observed.containers.filter(
		(each) => isRunning(each) && isPast(each, round) && each.sandbox === sandbox && !debugging.has(each.name),
	);
	for (const target of past) kept.actions.push({ do: "stop", name: target.name, target, why: "allRestart" });
	return past.length === 0;
}

/**
 * Runs init containers one after the other. True when all are done: they are, too, when a regular container has already
 * run in this sandbox, though somebody may have removed the traces of the init containers.
 */
function initialize(containers: Containers, kept: Kept): boolean {
	const { situation, sandbox } = containers;
	const { pod, observed, verdict } = situation;
	const round = currentRound(pod, observed);
	const counts = (latest: ObservedContainer) => belongs(latest, sandbox) && !isPast(latest, round);
	const hasRun = (name: string) => {
		const latest = latestOf(observed, name);
		return latest !== undefined && latest.state !== "created" && counts(latest);
	};
	const past = pod.spec.containers.some((container) => hasRun(container.name));
	for (const container of pod.spec.initContainers ?? []) {
		const latest = latestOf(observed, container.name);
		if (isSidecar(container)) {
			keep(containers, container, "sidecar", kept);
			const up = latest?.state === "running" && latest.sandbox === sandbox && verdict(latest).started;
			if (!up && !past) return false;
			continue;
		}
		if (past) continue;
		const done = latest?.state === "exited" && latest.exitCode === 0 && counts(latest);
		if (done) continue;
		keep(containers, container, "init", kept);
		return false;
	}
	return true;
}

/** A container that is only remembered is taken to be of this sandbox: nothing tells otherwise. */
const belongs = (container: ObservedContainer, sandbox: string) =>
	container.remembered || container.sandbox === sandbox;

/** One container as it should be: running, or waiting for its next attempt. */
function keep(containers: Containers, container: Container, sort: ContainerSort, kept: Kept): void {
	const { situation, sandbox } = containers;
	const { observed, pod, now } = situation;
	const { name } = container;
	const latest = latestOf(observed, name);
	const round = currentRound(pod, observed);
	const start = (attempt: number, backoff: number): Action => ({
		do: "start",
		name,
		container,
		sort,
		sandbox,
		attempt,
		round,
		backoff,
	});
	if (observed.containers.some((other) => other.name === name && other !== latest && isRunning(other)))
		return;
	if (!latest) {
		kept.actions.push(start(0, 0));
		return;
	}
	switch (latest.state) {
		case "created":
			// Its start was cut short: it never ran, so the attempt counts as not made. Removal comes first.
			return;
		case "running": {
			const why = stopReason(containers, container, latest);
			if (why) kept.actions.push({ do: "stop", name, target: latest, why });
			return;
		}
		case "exited": {
			const past = isPast(latest, round);
			// Only an init container whose sandbox or round is over comes here after a success.
			const again = sort === "init" || past || mayRestart(pod.spec, container, latest.exitCode);
			if (!again) return;
			// One that had to go with the others did not crash.
			const crashed = !past || endsRound(pod, latest);
			const at = crashed ? restartAt(latest) : now;
			if (at > now) kept.wakes.push(at);
			// In a new sandbox it begins with a clean record.
			else {
				const backoff = crashed && belongs(latest, sandbox) ? nextBackoff(latest) : 0;
				kept.actions.push(start(latest.attempt + 1, backoff));
			}
		}
	}
}

/** Ephemeral containers run once. */
function keepOnce(containers: Containers, container: Container, kept: Kept): void {
	if (!latestOf(containers.situation.observed, container.name)) {
		keep(containers, container, "ephemeral", kept);
	}
}

function stopReason(
	{ situation, sandbox }: Containers,
	container: Container,
	running: ObservedContainer,
): StopReason | undefined {
	// Containers of another sandbox are stopped with it.
	if (running.sandbox !== sandbox) return undefined;
	if (running.image !== container.image) return "imageChanged";
	if (restartsFor(container, running)) return "resized";
	return situation.verdict(running).failed;
}

/** Cut-short starts, old attempts, second ones of a name, and what is not of this pod. */
export function removals(situation: Situation, sandbox: string | undefined): Action[] {
	const { observed, pod } = situation;
	const actions: Action[] = [];
	const known = new Set(
		[...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].map(
			({ name }) => name,
		),
	);
	const seen = new Map<string, number>();
	const ended = new Map<string, number>();
	for (const target of observed.containers) {
		const { name, id } = target;
		const count = (seen.get(name) ?? 0) + 1;
		seen.set(name, count);
		// A start of this name under way may have made it just now.
		if (target.remembered || situation.busy.has(name)) continue;
		const extra = !known.has(name) || count > 1;
		if (isRunning(target)) {
			if (extra && target.sandbox === sandbox) {
				actions.push({ do: "stop", name, target, why: "duplicate" });
			}
			continue;
		}
		if (target.state === "exited") ended.set(name, (ended.get(name) ?? 0) + 1);
		if (target.state === "created" || !known.has(name) || (ended.get(name) ?? 0) > KEPT_ENDED) {
			actions.push({ do: "remove", name, id });
		}
	}
	return actions;
}

const isRunning = ({ state }: ObservedContainer) => state === "running";
