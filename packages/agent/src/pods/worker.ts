/**
 * The worker of one pod. It looks at what is there, decides, starts what was decided, writes the status, and sleeps until
 * something wakes it: a change of the pod, an event of the runtime, a probe's result, the end of an action, or the time.
 */
import type { Pod } from "@berth/api";
import type { Action, StopReason } from "./actions.ts";
import { subjectOf } from "./actions.ts";
import { apply } from "./apply.ts";
import { decide, type Situation, type Verdict } from "./decide.ts";
import type { PodEnvironment } from "./environment.ts";
import { LABEL } from "./labels.ts";
import { currentSandbox, type ObservedContainer, type ObservedPod, observe, withMemory } from "./observed.ts";
import type { Outcome } from "./outcome.ts";
import { statusOf } from "./status.ts";
import { createStatusWriter } from "./status-writer.ts";
import { createTroubles } from "./troubles.ts";

export interface PodWorker {
	/** The pod as it is now known. */
	readonly pod: Pod;
	update(pod: Pod): void;
	/** The pod is gone from the API. */
	remove(pod: Pod): void;
	wake(): void;
	/** Resolves when nothing of the pod is left, or the signal aborted and all is at rest. True when nothing is left. */
	readonly ended: Promise<boolean>;
}

export interface WorkerOptions {
	readonly environment: PodEnvironment;
	readonly pod: Pod;
	/** The pod is not in the API: what is left of it is taken down. */
	readonly removed: boolean;
	/** Something may be left of it from before this agent started. */
	readonly adopted: boolean;
	readonly signal: AbortSignal;
}

/** Before looking again after the runtime did not answer, in milliseconds. */
const LOOK_AGAIN = 1_000;

interface Running {
	readonly action: Action;
	readonly stop: AbortController;
}

export function createPodWorker({ environment, signal, ...options }: WorkerOptions): PodWorker {
	const { clock, runtime, network, events } = environment;
	const { uid } = options.pod.metadata;
	const log = environment.log.child({
		pod: `${options.pod.metadata.namespace}/${options.pod.metadata.name}`,
	});
	const busy = new Map<string, Running>();
	const gone = new AbortController();
	const troubles = createTroubles(clock, events, wake);
	const writer = createStatusWriter({
		...environment,
		pod: options.pod,
		log,
		signal: AbortSignal.any([signal, gone.signal]),
		written: wake,
	});
	let intent = options.removed ? "remove" : intentOf(options.pod);
	let prepared = false;
	let releasable = options.adopted;
	let confirmed = false;
	let forgotten = false;
	let awake = Promise.withResolvers<void>();

	function wake(): void {
		awake.resolve();
	}

	function changeTo(next: Situation["intent"]): void {
		if (next === intent) return;
		intent = next;
		// What starts need not go on; what stops may have less time than it was given.
		for (const { stop } of busy.values()) stop.abort();
	}

	function launch(action: Action, observed: ObservedPod, podIps: readonly string[]): void {
		const subject = subjectOf(action);
		const stop = new AbortController();
		busy.set(subject, { action, stop });
		if (action.do === "prepare") releasable = true;
		const task = {
			pod: writer.pod,
			observed,
			podIps,
			graceOf,
			preStopOf: () => undefined,
			flushed: writer.flushed,
			changed: () => {
				troubles.hurry();
				wake();
			},
			signal: AbortSignal.any([signal, stop.signal]),
		};
		apply(environment, action, task).then(
			() => finished(action, stop.signal),
			(error: unknown) => {
				busy.delete(subject);
				if (!task.signal.aborted) {
					log.warn({ error, action: action.do, subject }, "an action failed, to be tried again");
					troubles.failed(action, error, writer.pod);
				}
				wake();
			},
		);
	}

	function finished(action: Action, stopped: AbortSignal): void {
		busy.delete(subjectOf(action));
		troubles.succeeded(action);
		if (action.do === "prepare") prepared = true;
		if (action.do === "release") {
			prepared = false;
			releasable = false;
		}
		if (action.do === "confirm" && !stopped.aborted) confirmed = true;
		if (action.do === "forget") forgotten = true;
		wake();
	}

	/** Milliseconds. */
	function graceOf(_container: ObservedContainer, why: StopReason): number {
		const { spec, metadata } = writer.pod;
		const seconds = spec.terminationGracePeriodSeconds ?? 30;
		if (why !== "podDeleted") return seconds * 1000;
		return Math.max(metadata.deletionGracePeriodSeconds ?? seconds, 1) * 1000;
	}

	const verdict = (_container: ObservedContainer): Verdict => ({ started: true, ready: true });

	/** One look and what follows from it. Answers when to look again. */
	async function turn(): Promise<number | undefined> {
		// What ends while we look would be neither busy nor seen.
		const before = [...busy.keys()];
		const found = await runtime.list({ [LABEL.uid]: uid, [LABEL.node]: environment.nodeName });
		const record = await network.recordOf(uid);
		const pod = writer.pod;
		const observed = withMemory(observe(found), pod);
		const decision = decide({
			pod,
			intent,
			observed,
			busy: new Set([...before, ...busy.keys()]),
			retryAt: troubles.retryAt,
			verdict,
			prepared,
			releasable,
			connected: record,
			confirmed,
			now: clock.now(),
		});
		const current = currentSandbox(observed);
		const podIps = pod.spec.hostNetwork
			? environment.hostIps
			: current && record?.sandbox === current.id
				? record.ips
				: [];
		if (intent !== "remove") writeStatus(observed, decision.outcome, podIps);
		for (const action of decision.actions) launch(action, observed, podIps);
		return decision.wakeAt;
	}

	function writeStatus(observed: ObservedPod, outcome: Outcome | undefined, podIps: readonly string[]): void {
		const isRunning = observed.containers.some((container) => container.state === "running");
		const isStarting = [...busy.values()].some(({ action }) => action.do === "start");
		writer.write(
			statusOf({
				pod: writer.pod,
				observed,
				outcome,
				ended: intent === "terminate" && !isRunning && !isStarting,
				verdict,
				troubles: troubles.byContainer,
				messages: new Map(),
				podIps,
				hostIps: environment.hostIps,
				sandboxReady: currentSandbox(observed) !== undefined && podIps.length > 0,
				now: clock.now(),
			}),
		);
	}

	async function work(): Promise<boolean> {
		signal.addEventListener("abort", wake, { once: true });
		while (!forgotten && !signal.aborted) {
			awake = Promise.withResolvers<void>();
			let lookAt: number | undefined;
			try {
				lookAt = await turn();
			} catch (error) {
				log.warn({ error }, "looking at a pod failed, trying again");
				lookAt = clock.now() + LOOK_AGAIN;
			}
			if (forgotten) break;
			const cancel = lookAt === undefined ? undefined : clock.after(Math.max(0, lookAt - clock.now()), wake);
			await awake.promise;
			cancel?.();
		}
		signal.removeEventListener("abort", wake);
		gone.abort();
		troubles.close();
		return forgotten;
	}

	return {
		get pod() {
			return writer.pod;
		},
		update(pod) {
			const shortened =
				(pod.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY) <
				(writer.pod.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
			writer.known(pod);
			changeTo(intentOf(pod));
			if (shortened) for (const { action, stop } of busy.values()) if (action.do === "stop") stop.abort();
			wake();
		},
		remove(pod) {
			writer.known(pod);
			changeTo("remove");
			gone.abort();
			wake();
		},
		wake,
		ended: work(),
	};
}

const intentOf = (pod: Pod): Situation["intent"] =>
	pod.metadata.deletionTimestamp === undefined ? "run" : "terminate";
