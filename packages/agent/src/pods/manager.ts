/**
 * One worker for each pod of this host. Pods come from the API; what is on the host and not (any more) in the API is
 * taken down. Events of the runtime wake the worker they concern.
 */
import { type Clock, type Logger, type Node, Pod, parseTime } from "@berth/api";
import { createBackoff, type Informer } from "@berth/client";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { isMirror, isStatic } from "../static-pods/origin.ts";
import { createStaticWorkers } from "../static-pods/static-workers.ts";
import { judge, REJECTED } from "./admission.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type Ending, endingIn } from "./ending.ts";
import type { PodEnvironment } from "./environment.ts";
import type { HostRules } from "./host-rules.ts";
import { LABEL, SANDBOX } from "./labels.ts";
import { PREEMPTED } from "./preemption.ts";
import { createRoom } from "./resize-room.ts";
import { createPodWorker, type PodWorker, type WorkerOptions } from "./worker.ts";

export interface PodManager {
	/** Pods that are being worked on. */
	pods(): readonly Pod[];
	/** Those of them that do not come from the API; undefined until their manifests were read. */
	staticPods(): readonly Pod[] | undefined;
	/** Those that are to go on running. */
	staying(): readonly Pod[];
	/** Ends a pod as Failed; it does not come back. Resolves when none of its containers runs. */
	end(pod: Pod, ending: Ending): Promise<void>;
	/** Runs until the signal aborts; resolves when all is at rest. Containers go on. */
	run(signal: AbortSignal): Promise<void>;
}

/** Most restarts of a control plane are over by then. */
const PATIENCE = 10_000;
const RECONNECT = { base: 200, cap: 5_000 };

export interface PodManagerOptions {
	readonly environment: PodEnvironment;
	/** The pods of this node. */
	readonly informer: Informer<Pod>;
	/** Resolves when the API has told all that is needed to judge what is here; never rejects. */
	readonly informed: Promise<void>;
	/** This host's node as the API has it. */
	readonly node: () => Node | undefined;
	/** What pods may ask of this host now. */
	readonly rules: () => HostRules;
	/** Tells the pods of this host's manifests, at once and after each change, until the signal aborts. */
	readonly followManifests: (tell: (pods: readonly Pod[]) => void, signal: AbortSignal) => Promise<void>;
	/** How long the API is waited for before pods are looked after without it, in milliseconds. Default: ten seconds. */
	readonly patience?: number | undefined;
	/** The runtime's events broke off: it may be gone. */
	readonly lost: () => void;
}

export function createPodManager({
	environment,
	informer,
	informed,
	node,
	rules,
	followManifests,
	patience = PATIENCE,
	lost,
}: PodManagerOptions): PodManager {
	const { runtime, directories, network, nodeName, events: recorder, random, clock, log } = environment;
	const ours = { [LABEL.node]: nodeName };
	const workers = new Map<string, PodWorker>();
	const room = createRoom({ tenants: workers, node, rules });
	let left: ReadonlyMap<string, Leftover> = new Map();
	let startStatic = (_: Pod) => {};
	const statics = createStaticWorkers(workers, (pod) => startStatic(pod));

	/** What has been taken on before stays. */
	const isKnown = (pod: Pod, adopted: boolean) => adopted || pod.status?.startTime !== undefined;

	function admit(pod: Pod): Admitted {
		const known = node();
		if (!known || pod.metadata.deletionTimestamp !== undefined) return {};
		const others = [...workers.values()].filter(({ active }) => active).map((worker) => worker.pod);
		const { rejection, victims, short = "" } = judge(pod, { node: known, others, rules: rules() });
		if (rejection) recorder.warning(pod, rejection.reason, rejection.message.slice(REJECTED.length));
		const ends = victims.map((victim) => {
			recorder.warning(victim, PREEMPTED.reason, PREEMPTED.message);
			environment.preempted?.(short);
			return workers.get(victim.metadata.uid)?.end(PREEMPTED);
		});
		return { rejected: rejection, ...(ends.length > 0 && { after: Promise.all(ends) }) };
	}

	function startWorker(pod: Pod, how: Start, signal: AbortSignal): void {
		const { uid } = pod.metadata;
		const admitted = how.removed || isKnown(pod, how.adopted) ? {} : admit(pod);
		const worker = createPodWorker({ environment, pod, ...how, ...admitted, room, signal });
		workers.set(uid, worker);
		if (how.ending) worker.end(how.ending);
		worker.ended.then((nothingLeft) => {
			if (!nothingLeft) return;
			workers.delete(uid);
			room.changed();
			if (!isStatic(pod)) return;
			environment.staticChanged();
			statics.look();
		});
	}

	/** Pods that a previous agent left on this host, as far as they were written down. */
	async function leftovers(): Promise<ReadonlyMap<string, Leftover>> {
		const found = await runtime.list(ours);
		const sandboxes = found.filter((container) => container.labels[LABEL.container] === SANDBOX);
		await network.sweep(new Set(sandboxes.map(({ id }) => id)));
		const pods = new Map<string, Leftover>();
		const labelled = new Map(found.map(({ labels }) => [labels[LABEL.uid] ?? "", labels]));
		for (const uid of new Set([...(await directories.list()), ...labelled.keys()])) {
			const known = await readCheckpoint(directories, uid);
			const stray = strayPod(labelled.get(uid) ?? { [LABEL.uid]: uid });
			pods.set(uid, { pod: known?.pod ?? stray, isKnown: known !== undefined, grace: known?.grace });
		}
		return pods;
	}

	/** What runs here is looked after, though nobody can say whether it is still wanted. */
	function goOnAlone(signal: AbortSignal): void {
		log.warn({}, "the API server cannot be asked: pods that are here are kept as they were last known");
		for (const before of left.values()) {
			const { pod, isKnown: isWhole } = before;
			const start = { removed: false, adopted: true, ending: endingOf(before) };
			if (isWhole && !isStatic(pod)) startWorker(pod, start, signal);
		}
	}

	/** Manifests say what is here without the API. Resolves when the signal aborts. */
	async function followStatic(signal: AbortSignal): Promise<void> {
		startStatic = (pod) => {
			const before = left.get(pod.metadata.uid);
			const known = before ? { ...pod, status: before.pod.status } : pod;
			const ending = before && endingOf(before);
			startWorker(known, { removed: false, adopted: before !== undefined, ending }, signal);
		};
		let isFirst = true;
		await followManifests((pods) => {
			const wanted = new Set(pods.map(({ metadata }) => metadata.uid));
			// Manifests that went, or were changed, while no agent was here.
			for (const [uid, { pod }] of isFirst ? left : []) {
				if (isStatic(pod) && !wanted.has(uid)) startWorker(pod, { removed: true, adopted: true }, signal);
			}
			isFirst = false;
			statics.tell(pods);
			environment.staticChanged();
		}, signal);
	}

	/** From now on the API says what is here. Answers with how to stop listening. */
	function takeOver(signal: AbortSignal): () => void {
		const follow = (pod: Pod) => {
			if (isMirror(pod)) return;
			const { uid } = pod.metadata;
			const worker = workers.get(uid);
			if (worker) return worker.update(pod);
			const before = left.get(uid);
			const ending = before && endingOf(before);
			startWorker(pod, { removed: false, adopted: before !== undefined, ending }, signal);
		};
		// Those that were here before come before those that have yet to be taken on, and these as they were made.
		const order = (pod: Pod) =>
			isKnown(pod, left.has(pod.metadata.uid)) ? 0 : parseTime(pod.metadata.creationTimestamp);
		for (const pod of [...informer.list()].sort((a, b) => order(a) - order(b))) follow(pod);
		const wanted = new Set(informer.list().map(({ metadata }) => metadata.uid));
		for (const [uid, { pod }] of left) {
			if (wanted.has(uid) || isStatic(pod) || statics.has(uid)) continue;
			log.info({ pod: pod.metadata.name, uid }, "taking down a pod that the API no longer has");
			const worker = workers.get(uid);
			if (worker) worker.remove(worker.pod);
			else startWorker(pod, { removed: true, adopted: true }, signal);
		}
		return informer.subscribe(
			({ type, object: pod }) => {
				if (type === "deleted" && !isMirror(pod)) workers.get(pod.metadata.uid)?.remove(pod);
				else follow(pod);
			},
			{ replay: false },
		);
	}

	async function followEvents(signal: AbortSignal): Promise<void> {
		const backoff = createBackoff({ ...RECONNECT, random });
		while (!signal.aborted) {
			try {
				const events = await runtime.events(ours, signal);
				backoff.reset();
				// Whatever happened while nobody listened.
				for (const worker of workers.values()) worker.happened();
				for await (const { type, labels } of events) {
					// Whoever makes one tells its worker.
					if (type !== "created") workers.get(labels[LABEL.uid] ?? "")?.happened();
				}
			} catch (error) {
				if (!signal.aborted) log.warn({ error }, "lost the runtime's events, connecting again");
			}
			if (!signal.aborted) lost();
			await clock.sleep(backoff.next(), signal);
		}
	}

	return {
		pods: () => [...workers.values()].map((worker) => worker.pod),
		staticPods: () => statics.pods(),
		staying: () => [...workers.values()].filter(({ staying }) => staying).map((worker) => worker.pod),
		end: async (pod, ending) => workers.get(pod.metadata.uid)?.end(ending),
		async run(signal) {
			const found = await untilDone(environment, signal, leftovers);
			if (!found) return;
			left = found;
			const following = Promise.all([followEvents(signal), followStatic(signal)]);
			let unsubscribe = () => {};
			try {
				await within({ clock, signal }, patience, informed);
				if (!informer.synced && !signal.aborted) goOnAlone(signal);
				await Promise.race([informed, aborted(signal)]);
				if (!signal.aborted) unsubscribe = takeOver(signal);
				await following;
			} finally {
				unsubscribe();
				await Promise.all([...workers.values()].map((worker) => worker.ended));
			}
		},
	};
}

type Admitted = Pick<WorkerOptions, "rejected" | "after">;

interface Start {
	readonly removed: boolean;
	/** It was on this host before this agent. */
	readonly adopted: boolean;
	/** Was begun before, though the API may not have been told of it. */
	readonly ending?: Ending | undefined;
}

interface Leftover {
	readonly pod: Pod;
	/** The pod as it was, not only what labels tell of it. */
	readonly isKnown: boolean;
	/** Seconds at most that its ending leaves it. */
	readonly grace?: number | undefined;
}

function endingOf({ pod, grace }: Leftover): Ending | undefined {
	const ending = endingIn(pod);
	return ending && { ...ending, grace };
}

/** Resolves with the work, or when so many milliseconds are over or the signal aborts. */
async function within(
	{ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
	milliseconds: number,
	work: Promise<void>,
): Promise<void> {
	const over = new AbortController();
	const late = clock.sleep(milliseconds, AbortSignal.any([signal, over.signal]));
	await Promise.race([work, late]);
	over.abort();
}

const aborted = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});

/** The pod that labels tell of: enough to take it down. */
function strayPod(labels: ContainerInfo["labels"]): Pod {
	return {
		apiVersion: Pod.apiVersion,
		kind: Pod.kind,
		metadata: {
			name: labels[LABEL.pod] ?? "",
			namespace: labels[LABEL.namespace] ?? "",
			uid: labels[LABEL.uid] ?? "",
			resourceVersion: "0",
			creationTimestamp: "1970-01-01T00:00:00Z",
		},
		spec: { containers: [], terminationGracePeriodSeconds: Number(labels[LABEL.grace] ?? 30) },
	};
}

/** Repeats until it works; undefined when the signal aborts first. */
async function untilDone<T>(
	{ clock, log, random }: { clock: PodEnvironment["clock"]; log: Logger; random: () => number },
	signal: AbortSignal,
	work: () => Promise<T>,
): Promise<T | undefined> {
	const backoff = createBackoff({ ...RECONNECT, random });
	while (!signal.aborted) {
		try {
			return await work();
		} catch (error) {
			log.warn({ error }, "cannot look at this host's containers yet, trying again");
			await clock.sleep(backoff.next(), signal);
		}
	}
	return undefined;
}
