/** The scheduler: takes waiting pods one after the other, decides, and lets the bindings happen meanwhile. */
import { setImmediate } from "node:timers";
import { setImmediate as turn } from "node:timers/promises";
import { type Clock, type Logger, PodDisruptionBudget } from "@berth/api";
import type { Client, Informers } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import { bind, reportUnschedulable } from "./bind.ts";
import { createCluster } from "./cluster/cluster.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import { observe } from "./observe.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";
import { FILTERS } from "./plugins.ts";
import { createRoomMaker } from "./preemption/make-room.ts";
import { createSchedulingQueue } from "./queue.ts";
import { explain, schedule } from "./schedule.ts";
import { observeStorage, storageOf } from "./volumes/observe-storage.ts";
import { createVolumePreparer } from "./volumes/prepare-volumes.ts";
import { missingVolumes } from "./volumes/volume-plan.ts";
import { createWakeUps } from "./wake-ups.ts";

export interface SchedulerEnvironment {
	readonly client: Client;
	readonly informers: Informers;
	/** Speaks as `default-scheduler`. */
	readonly events: EventRecorder;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1), breaks ties. Default `Math.random`. */
	readonly random?: () => number;
	/** The `schedulerName` of the pods it cares for. Default `default-scheduler`. */
	readonly schedulerName?: string;
}

/** Requests under way at the same time. */
const REQUESTS = 100;
/** Milliseconds of decisions in a row before informers and others get their turn. */
const STRETCH = 5;

/** Runs until the signal aborts; resolves when the last request has ended. */
export async function runScheduler(environment: SchedulerEnvironment, signal: AbortSignal): Promise<void> {
	const { client, informers, events, clock, log, random = Math.random } = environment;
	const { schedulerName = "default-scheduler" } = environment;
	const preparer = createVolumePreparer(client, log);
	const cluster = createCluster(storageOf(informers, preparer.promisedTo));
	const queue = createSchedulingQueue({ clock, plugins: FILTERS });
	const wakeUps = createWakeUps(queue, cluster, setImmediate);
	const budgets = informers.of(PodDisruptionBudget);
	const rooms = createRoomMaker({
		cluster,
		client,
		events,
		clock,
		log,
		random,
		schedulerName,
		budgets: () => budgets.list(),
		failed: (node) => wakeUps.note("pod-gone", node),
	});
	const requests = new Set<Promise<void>>();
	let wake = () => {};
	const awoken = () =>
		new Promise<void>((resolve) => {
			wake = resolve;
		});
	const stop = () => wake();
	signal.addEventListener("abort", stop, { once: true });
	queue.onReady(() => wake());
	const storage = observeStorage(informers, preparer, wakeUps);
	const observation = observe({ informers, cluster, queue, wakeUps, schedulerName });

	function start(request: Promise<void>) {
		const ended = request
			.catch((error: unknown) => log.error({ err: error }, "a request of the scheduler failed"))
			.finally(() => {
				requests.delete(ended);
				if (requests.size === REQUESTS - 1) wake();
			});
		requests.add(ended);
	}

	function place(pod: PodInfo) {
		try {
			const verdict = schedule(pod, cluster, random);
			if (verdict.node !== undefined) {
				if (waitsForVolumes(pod, verdict.node)) return;
				cluster.assume(pod, verdict.node);
				start(carryOut(pod, verdict.node));
				return;
			}
			queue.refused(pod, verdict.refusedBy);
			const { message: noRoom, nomination, evictions } = rooms.attempt(pod, verdict);
			if (evictions) start(evictions);
			const message = explain(verdict, noRoom);
			log.debug({ pod: pod.key, message }, "no node for a pod");
			events.warning(pod.pod, "FailedScheduling", message);
			start(reportUnschedulable(pod.pod, { message, nomination }, { client, clock, log, signal }));
		} catch (error) {
			log.error({ err: error, pod: pod.key }, "a pod could not be judged");
			queue.failed(pod);
		}
	}

	/** Where the pod runs is decided, and its volumes follow; until they are bound the room is kept for it. */
	function waitsForVolumes(pod: PodInfo, name: string): boolean {
		const node = cluster.node(name);
		const missing = node && missingVolumes(pod, node, cluster.storage);
		if (!missing) return false;
		cluster.nominate(pod, name);
		queue.refused(pod, new Set([volumeBinding.name]));
		start(
			preparer.prepare(pod, missing, name).then((isDone) => {
				if (isDone) return;
				cluster.denominate(pod.key);
				wakeUps.note("storage");
			}),
		);
		return true;
	}

	async function carryOut(pod: PodInfo, node: string): Promise<void> {
		if (await bind(pod.pod, node, { client, clock, log, signal })) {
			events.normal(pod.pod, "Scheduled", `Successfully assigned ${pod.key} to ${node}`);
			// The informer may be behind; it confirms the assumption and takes the pod off the queue when it gets there.
			return;
		}
		cluster.forget(pod);
		if (pod.pod.status?.nominatedNodeName) cluster.nominate(pod, pod.pod.status.nominatedNodeName);
		queue.failed(pod);
		wakeUps.note("pod-gone", node);
	}

	try {
		await Promise.race([
			Promise.all([observation.synced, storage.synced, budgets.whenSynced]),
			untilAborted(signal),
		]);
		log.debug({ nodes: cluster.nodes.length, pods: queue.counts.active }, "started");
		let since = clock.now();
		while (!signal.aborted) {
			const pod = requests.size < REQUESTS ? queue.next() : undefined;
			if (!pod) {
				await awoken();
				since = clock.now();
				continue;
			}
			place(pod);
			if (clock.now() - since < STRETCH) continue;
			await turn();
			since = clock.now();
		}
	} finally {
		observation.stop();
		storage.stop();
		signal.removeEventListener("abort", stop);
		await Promise.all(requests);
		queue.close();
	}
}

const untilAborted = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
