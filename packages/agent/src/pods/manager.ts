/**
 * One worker for each pod of this host. Pods come from the API; what is on the host and not (any more) in the API is
 * taken down. Events of the runtime wake the worker they concern.
 */
import { type Logger, type Node, Pod, parseTime } from "@berth/api";
import { createBackoff, type Informer } from "@berth/client";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { REJECTED, type Rejection, rejectionOf } from "./admission.ts";
import type { PodEnvironment } from "./environment.ts";
import { LABEL, SANDBOX } from "./labels.ts";
import { createPodWorker, type PodWorker } from "./worker.ts";

export interface PodManager {
	/** Pods that are being worked on. */
	pods(): readonly Pod[];
	/** Runs until the signal aborts; resolves when all is at rest. Containers go on. */
	run(signal: AbortSignal): Promise<void>;
}

const RECONNECT = { base: 200, cap: 5_000 };

export interface PodManagerOptions {
	readonly environment: PodEnvironment;
	/** The pods of this node; synced. */
	readonly informer: Informer<Pod>;
	/** This host's node as the API has it. */
	readonly node: () => Node | undefined;
	/** The runtime's events broke off: it may be gone. */
	readonly lost: () => void;
}

export function createPodManager({ environment, informer, node, lost }: PodManagerOptions): PodManager {
	const { runtime, directories, network, nodeName, events: recorder, random, clock, log } = environment;
	const ours = { [LABEL.node]: nodeName };
	const workers = new Map<string, PodWorker>();

	/** What has been taken on before stays. */
	const isKnown = (pod: Pod, adopted: boolean) => adopted || pod.status?.startTime !== undefined;

	function admit(pod: Pod): Rejection | undefined {
		const known = node();
		if (!known || pod.metadata.deletionTimestamp !== undefined) return undefined;
		const others = [...workers.values()].filter(({ active }) => active).map((worker) => worker.pod);
		const rejected = rejectionOf(pod, { node: known, others });
		if (rejected) recorder.warning(pod, rejected.reason, rejected.message.slice(REJECTED.length));
		return rejected;
	}

	function startWorker(pod: Pod, how: { removed: boolean; adopted: boolean }, signal: AbortSignal): void {
		const { uid } = pod.metadata;
		const rejected = how.removed || isKnown(pod, how.adopted) ? undefined : admit(pod);
		const worker = createPodWorker({ environment, pod, ...how, rejected, signal });
		workers.set(uid, worker);
		worker.ended.then((nothingLeft) => {
			if (nothingLeft) workers.delete(uid);
		});
	}

	/** Pods that a previous agent left on this host. */
	async function leftovers(): Promise<ReadonlyMap<string, Pod>> {
		const found = await runtime.list(ours);
		const sandboxes = found.filter((container) => container.labels[LABEL.container] === SANDBOX);
		await network.sweep(new Set(sandboxes.map(({ id }) => id)));
		const pods = new Map<string, Pod>();
		for (const uid of await directories.list()) pods.set(uid, strayPod({ [LABEL.uid]: uid }));
		for (const { labels } of found) pods.set(labels[LABEL.uid] ?? "", strayPod(labels));
		return pods;
	}

	async function followEvents(signal: AbortSignal): Promise<void> {
		const backoff = createBackoff({ ...RECONNECT, random });
		while (!signal.aborted) {
			try {
				const events = await runtime.events(ours, signal);
				backoff.reset();
				// Whatever happened while nobody listened.
				for (const worker of workers.values()) worker.wake();
				for await (const { labels } of events) workers.get(labels[LABEL.uid] ?? "")?.wake();
			} catch (error) {
				if (!signal.aborted) log.warn({ error }, "lost the runtime's events, connecting again");
			}
			if (!signal.aborted) lost();
			await clock.sleep(backoff.next(), signal);
		}
	}

	return {
		pods: () => [...workers.values()].map((worker) => worker.pod),
		async run(signal) {
			const left = await untilDone(environment, signal, leftovers);
			if (!left) return;
			// Those that were here before come before those that have yet to be taken on, and these as they were made.
			const order = (pod: Pod) =>
				isKnown(pod, left.has(pod.metadata.uid)) ? 0 : parseTime(pod.metadata.creationTimestamp);
			for (const pod of [...informer.list()].sort((a, b) => order(a) - order(b))) {
				startWorker(pod, { removed: false, adopted: left.has(pod.metadata.uid) }, signal);
			}
			const unsubscribe = informer.subscribe(({ type, object: pod }) => {
				const { uid } = pod.metadata;
				const worker = workers.get(uid);
				if (type === "deleted") worker?.remove(pod);
				else if (worker) worker.update(pod);
				else startWorker(pod, { removed: false, adopted: left.has(uid) }, signal);
			});
			for (const [uid, pod] of left) {
				if (workers.has(uid)) continue;
				log.info({ pod: pod.metadata.name, uid }, "taking down a pod that the API no longer has");
				startWorker(pod, { removed: true, adopted: true }, signal);
			}
			try {
				await followEvents(signal);
			} finally {
				unsubscribe();
				await Promise.all([...workers.values()].map((worker) => worker.ended));
			}
		},
	};
}

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
