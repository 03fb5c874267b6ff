/**
 * The worker of one pod. It looks at what is there, decides, starts what was decided, writes the status, and sleeps until
 * something wakes it: a change of the pod, an event of the runtime, a probe's result, the end of an action, or the time.
 */
import { deepEqual, isPodTerminal, type Pod, parseTime } from "@berth/api";
import { isStatic } from "../static-pods/origin.ts";
import { createStaticStatus } from "../static-pods/static-status.ts";
import type { User } from "../steps/references.ts";
import type { Action, StopReason } from "./actions.ts";
import { subjectOf } from "./actions.ts";
import { createAnnouncements } from "./announcements.ts";
import { apply } from "./apply.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { decide, type Situation } from "./decide.ts";
import { type Ending, endingIn, withEnding } from "./ending.ts";
import type { PodEnvironment } from "./environment.ts";
import { graceOf } from "./grace.ts";
import { createLastWords } from "./last-words.ts";
import { createLooking } from "./looking.ts";
import { currentSandbox, type ObservedContainer, type ObservedPod, observe, withMemory } from "./observed.ts";
import type { Outcome } from "./outcome.ts";
import { createProbers } from "./probers.ts";
import type { Room } from "./resize-room.ts";
import { createResizing } from "./resizing.ts";
import { statusOf } from "./status.ts";
import { createStatusWriter, type StatusWriter } from "./status-writer.ts";
import { createTroubles } from "./troubles.ts";
import { createUsers } from "./users.ts";

export interface PodWorker {
	/** The pod as it is now known. */
	readonly pod: Pod;
	/** It was taken on and has not ended: it has its share of the host. */
	readonly active: boolean;
	/** It is meant to go on running: it is not on its way out for any reason. */
	readonly staying: boolean;
	/** The pod as it would be if there were room for what it asks for. */
	readonly waiting: Pod | undefined;
	/** Ends the pod as Failed, whatever it was to do. Resolves when none of its containers runs, and that is written. */
	end(ending: Ending): Promise<void>;
	update(pod: Pod): void;
	/** The pod is gone from the API. */
	remove(pod: Pod): void;
	/** Something may have happened to its containers. */
	happened(): void;
	wake(): void;
	/** Resolves when nothing of the pod is left, or the signal aborted and all is at rest. True when nothing is left. */
	readonly ended: Promise<boolean>;
}

export interface WorkerOptions {
	readonly environment: PodEnvironment;
	readonly pod: Pod;
	/** The pod is not in the API: what is left of it is taken down. */
	readonly removed: boolean;
	/** Why this host does not take it on. */
	readonly rejected?: Outcome | undefined;
	/** Something may be left of it from before this agent started. */
	readonly adopted: boolean;
	readonly room: Room;
	/** Others have to go first. Resolves when they have; never rejects. */
	readonly after?: Promise<unknown> | undefined;
	readonly signal: AbortSignal;
}

/** Before looking again after the runtime did not answer, in milliseconds. */
const LOOK_AGAIN = 1_000;
/** Before asking again for room that nobody said has become free: the host itself may have grown. */
const ROOM_AGAIN = 10_000;

interface Running {
	readonly action: Action;
	readonly stop: AbortController;
}

export function createPodWorker({ environment, signal, ...options }: WorkerOptions): PodWorker {
	const { clock, runtime, events } = environment;
	const { uid } = options.pod.metadata;
	const log = environment.log.child({
		pod: `${options.pod.metadata.namespace}/${options.pod.metadata.name}`,
	});
	const busy = new Map<string, Running>();
	const gone = new AbortController();
	const probers = createProbers(environment, (name) => busy.has(name), wake);
	const checkpoint = createCheckpoint(environment.directories);
	const looking = createLooking({ ...environment, uid });
	const users = createUsers();
	const lastWords = createLastWords(runtime, environment.directories);
	const announcements = createAnnouncements(events);
	const resizing = createResizing({ ...environment, uid, adopted: options.adopted, room: options.room });
	const troubles = createTroubles(clock, events, wake);
	const writer: StatusWriter = isStatic(options.pod)
		? createStaticStatus(options.pod, environment.staticChanged)
		: createStatusWriter({
				...environment,
				pod: options.pod,
				log,
				signal: AbortSignal.any([signal, gone.signal]),
				written: wake,
			});
	let intent = options.removed ? "remove" : intentOf(options.pod);
	let prepared = false;
	/** What was prepared from has changed since. */
	let outdated = false;
	let releasable = options.adopted;
	let cleared = false;
	let confirmed = false;
	let forgotten = false;
	const seenAt = clock.now();
	let isStarted = options.adopted;
	/** When the pod began to end. */
	let endingSince: number | undefined;
	let ending: { readonly what: Ending; readonly since: number } | undefined;
	const stopped = Promise.withResolvers<void>();
	/** Ids of containers whose preStop hook has run. */
	const hooksDone = new Set<string>();
	const life = AbortSignal.any([signal, gone.signal]);
	const user: User = {
		uid,
		life,
		changed: () => {
			prepared = false;
			outdated = true;
			troubles.hurry();
			wake();
		},
	};
	let awake = Promise.withResolvers<void>();

	/** What was seen of the pod's containers and network may be so no more. */
	function happened(): void {
		looking.outdate();
		wake();
	}

	function wake(): void {
		awake.resolve();
	}

	function changeTo(next: Situation["intent"]): void {
		if (next === intent) return;
		intent = next;
		cutShort();
	}

	/** What starts need not go on; what stops may have less time than it was given. */
	function cutShort(): void {
		endingSince = undefined;
		for (const { stop } of busy.values()) stop.abort();
	}

	/** As it is to be looked after. */
	const current = (): Pod => {
		const pod = resizing.allocated(writer.pod);
		return ending ? withEnding(pod, ending.what, ending.since) : pod;
	};

	function launch(action: Action, observed: ObservedPod, podIps: readonly string[]): void {
		const subject = subjectOf(action);
		const stop = new AbortController();
		busy.set(subject, { action, stop });
		if (action.do === "prepare") {
			releasable = true;
			outdated = false;
		}
		const task = {
			pod: resizing.allocated(writer.pod),
			observed,
			podIps,
			graceOf: graceFor,
			hooksDone,
			flushed: writer.flushed,
			user,
			signal: AbortSignal.any([signal, stop.signal]),
		};
		apply(environment, action, task).then(
			() => finished(action, stop.signal),
			(error: unknown) => {
				busy.delete(subject);
				looking.outdate();
				if (!task.signal.aborted) {
					log.warn({ error, action: action.do, subject }, "an action failed, to be tried again");
					troubles.failed(action, error, writer.pod);
					if (action.do === "resize") resizing.carriedOut(error);
				}
				wake();
			},
		);
	}

	function finished(action: Action, stopped: AbortSignal): void {
		busy.delete(subjectOf(action));
		looking.outdate();
		troubles.succeeded(action);
		if (action.do === "prepare") prepared = !outdated;
		if (action.do === "resize") resizing.carriedOut(undefined);
		if (action.do === "clear") cleared = true;
		if (action.do === "release") {
			prepared = false;
			releasable = false;
		}
		if (action.do === "confirm" && !stopped.aborted) confirmed = true;
		if (action.do === "forget") forgotten = true;
		wake();
	}

	function graceFor({ name }: ObservedContainer, why: StopReason): number {
		const isPodsEnd = why === "podDeleted" || why === "podFinished";
		if (isPodsEnd) endingSince ??= clock.now();
		const { grace } = ending?.what ?? {};
		return graceOf(writer.pod, {
			name,
			why,
			elapsed: clock.now() - (endingSince ?? clock.now()),
			most: grace === undefined ? undefined : grace * 1000,
		});
	}

	/** One look and what follows from it. Answers when to look again. */
	async function turn(): Promise<number> {
		// What ends while we look would be neither busy nor seen.
		const before = [...busy.keys()];
		const { found, record } = await looking.look();
		await resizing.recall();
		if (intent === "run" && !options.rejected && !ending) resizing.judge(writer.pod);
		const pod = current();
		await remember(pod);
		const observed = withMemory(observe(found), pod);
		await lastWords.read(pod, observed);
		await users.read(observed);
		const sandbox = currentSandbox(observed);
		const onNetwork = sandbox && record?.sandbox === sandbox.id ? record.ips : [];
		const podIps = pod.spec.hostNetwork ? environment.hostIps : onNetwork;
		probers.follow(pod, observed, podIps);
		const decision = decide({
			pod,
			intent,
			rejected: options.rejected,
			observed,
			busy: new Set([...before, ...busy.keys()]),
			retryAt: troubles.retryAt,
			verdict: probers.verdict,
			prepared,
			releasable,
			cleared,
			connected: record,
			confirmed,
			now: clock.now(),
		});
		resizing.look(pod, observed);
		if (intent !== "remove") writeStatus(observed, decision.outcome, podIps);
		if (intent === "run") announcements.tell(writer.pod, observed, decision.outcome);
		for (const action of decision.actions) launch(action, observed, podIps);
		const again = resizing.waiting && intent === "run" ? clock.now() + ROOM_AGAIN : Number.POSITIVE_INFINITY;
		return Math.min(decision.wakeAt ?? Number.POSITIVE_INFINITY, again);
	}

	/** Before anything is made for the pod, so that whoever finds it knows what it is of. */
	async function remember(pod: Pod): Promise<void> {
		const isOurs = intent === "run" || (intent === "terminate" && releasable);
		if (!isOurs || options.rejected || [...busy.values()].some(({ action }) => action.do === "release"))
			return;
		releasable = true;
		try {
			await checkpoint.keep(pod, ending?.what.grace);
		} catch (error) {
			// On a full disk pods must still be able to go.
			log.warn({ error }, "a pod cannot be written down");
		}
	}

	function writeStatus(observed: ObservedPod, outcome: Outcome | undefined, podIps: readonly string[]): void {
		const isRunning = observed.containers.some((container) => container.state === "running");
		const starting = new Set(
			[...busy].filter(([, { action }]) => action.do === "start").map(([name]) => name),
		);
		const status = statusOf({
			pod: current(),
			observed,
			outcome,
			rejected: options.rejected !== undefined,
			ended: intent === "terminate" && !isRunning && starting.size === 0,
			verdict: probers.verdict,
			starting,
			troubles: troubles.byContainer,
			messages: lastWords.messages,
			users: users.known,
			podIps,
			hostIps: environment.hostIps,
			sandboxReady: currentSandbox(observed) !== undefined && podIps.length > 0,
			resize: resizing.state,
			now: clock.now(),
		});
		writer.write(status);
		if (status.phase === "Running") tellStart();
		if (isPodTerminal({ ...writer.pod, status })) {
			stopped.resolve();
			if (!isPodTerminal(writer.pod)) options.room.changed();
		}
	}

	function tellStart(): void {
		if (isStarted) return;
		isStarted = true;
		const now = clock.now();
		const created = parseTime(options.pod.metadata.creationTimestamp);
		environment.podStarted?.((now - seenAt) / 1000, (now - created) / 1000);
	}

	async function work(): Promise<boolean> {
		signal.addEventListener("abort", wake, { once: true });
		if (options.after) await Promise.race([options.after, aborted(signal)]);
		while (!forgotten && !signal.aborted) {
			awake = Promise.withResolvers<void>();
			let lookAt: number;
			try {
				lookAt = await turn();
			} catch (error) {
				log.warn({ error }, "looking at a pod failed, trying again");
				lookAt = clock.now() + LOOK_AGAIN;
			}
			if (forgotten) break;
			const cancel =
				lookAt === Number.POSITIVE_INFINITY
					? undefined
					: clock.after(Math.max(0, lookAt - clock.now()), wake);
			await awake.promise;
			cancel?.();
		}
		signal.removeEventListener("abort", wake);
		gone.abort();
		troubles.close();
		probers.stop();
		environment.probes?.forget(uid);
		stopped.resolve();
		return forgotten;
	}

	return {
		get pod() {
			return resizing.allocated(writer.pod);
		},
		get waiting() {
			return intent === "run" ? resizing.waiting : undefined;
		},
		get active() {
			return intent !== "remove" && !options.rejected && !isPodTerminal(writer.pod);
		},
		get staying() {
			return this.active && intent === "run" && !endingIn(current());
		},
		end(what) {
			const { grace = Number.POSITIVE_INFINITY } = ending?.what ?? {};
			// A later one may leave less time, never more.
			const isShorter = ending === undefined || (what.grace ?? Number.POSITIVE_INFINITY) < grace;
			const over = stopped.promise.then(() => writer.flushed());
			if (!isShorter) return over;
			ending = { what, since: ending?.since ?? clock.now() };
			cutShort();
			wake();
			return over;
		},
		update(pod) {
			const shortened =
				(pod.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY) <
				(writer.pod.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
			const { labels, annotations, resourceVersion } = writer.pod.metadata;
			// What comes back of our own writes is known from their answers.
			if (pod.metadata.resourceVersion === resourceVersion) return;
			writer.known(pod);
			// Files may show them.
			if (!deepEqual([labels, annotations], [pod.metadata.labels, pod.metadata.annotations])) user.changed();
			changeTo(intentOf(pod));
			if (shortened) {
				endingSince = undefined;
				for (const { action, stop } of busy.values()) if (action.do === "stop") stop.abort();
			}
			wake();
		},
		remove(pod) {
			writer.known(pod);
			changeTo("remove");
			gone.abort();
			wake();
		},
		happened,
		wake,
		ended: work(),
	};
}

const aborted = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});

const intentOf = (pod: Pod): Situation["intent"] =>
	pod.metadata.deletionTimestamp === undefined ? "run" : "terminate";
