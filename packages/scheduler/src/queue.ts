/**
 * Pods that wait for a node. Ready ones come out by priority, then by age. One that was refused sleeps until something
 * changes that may help it; one that has just been tried waits out its backoff first. Nothing is ever polled.
 */
import type { Clock } from "@berth/api";
import type { ClusterChange } from "./cluster/cluster-change.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import { createHeap } from "./heap.ts";
import type { FilterPlugin } from "./plugin.ts";

export interface SchedulingQueue {
	/** A new pod, or a new version of one: worth a try in either case. */
	put(pod: PodInfo): void;
	/** The same pod, changed in a way that makes no difference to where it can run. */
	refresh(pod: PodInfo): void;
	remove(key: string): void;
	get(key: string): PodInfo | undefined;
	/** The next pod to try, now in the caller's hand: `refused`, `failed` or `remove` must follow. */
	next(): PodInfo | undefined;
	/** No node will do until one of the plugins that refused it may judge differently. */
	refused(pod: PodInfo, by: ReadonlySet<string>): void;
	/** The attempt went wrong: again after its backoff. */
	failed(pod: PodInfo): void;
	/**
	 * Something in the cluster has changed. Where it is about one node, `refuser` tells which plugin still keeps a pod off
	 * that node, if any; it is asked only for pods whose refusal was about nodes one by one.
	 */
	wake(change: ClusterChange, refuser?: (pod: PodInfo) => string | undefined): void;
	/** Called whenever `next` has something after it had nothing. */
	onReady(callback: () => void): void;
	readonly counts: { readonly active: number; readonly backoff: number; readonly unschedulable: number };
	close(): void;
}

export interface QueueOptions {
	readonly clock: Clock;
	readonly plugins: readonly FilterPlugin[];
	/** Milliseconds before a second try, doubled for each further one. Default 1 s. */
	readonly base?: number;
	/** Longest backoff, in milliseconds. Default 10 s. */
	readonly cap?: number;
}

interface Entry {
	pod: PodInfo;
	state: "active" | "backoff" | "unschedulable" | "inHand";
	attempts: number;
	/** When its backoff ends, in milliseconds since the epoch. */
	readyAt: number;
	readonly refusedBy: Set<string>;
	/** Changed by every move: what a heap holds under an older number is no longer there. */
	turn: number;
}

interface Slot {
	readonly entry: Entry;
	readonly turn: number;
	readonly order: number;
	readonly priority: number;
	readonly at: number;
}

export function createSchedulingQueue(options: QueueOptions): SchedulingQueue {
	const { clock, plugins, base = 1_000, cap = 10_000 } = options;
	const entries = new Map<string, Entry>();
	const unschedulable = new Set<Entry>();
	/** The same pods by the plugins that refused them, so that a change touches only those it may help. */
	const refusedBy = new Map<string, Set<Entry>>();
	const active = createHeap<Slot>((a, b) =>
		a.priority === b.priority ? a.order < b.order : a.priority > b.priority,
	);
	const backoff = createHeap<Slot>((a, b) => a.at < b.at);
	let waiting = { active: 0, backoff: 0 };
	let order = 0;
	let timer: { at: number; cancel: () => void } | undefined;
	let ready = () => {};

	function move(entry: Entry, state: Entry["state"]) {
		if (entry.state === "active" || entry.state === "backoff") waiting[entry.state] -= 1;
		if (entry.state === "unschedulable") {
			unschedulable.delete(entry);
			for (const name of entry.refusedBy) refusedBy.get(name)?.delete(entry);
		}
		entry.state = state;
		entry.turn += 1;
		if (state === "unschedulable") {
			unschedulable.add(entry);
			for (const name of entry.refusedBy) waitFor(entry, name);
		}
		if (state !== "active" && state !== "backoff") return;
		waiting[state] += 1;
		const { turn, readyAt: at, pod } = entry;
		const slot = { entry, turn, order: order++, priority: pod.priority, at };
		if (state === "active") {
			active.push(slot);
			ready();
		} else {
			backoff.push(slot);
			arm();
		}
	}

	function waitFor(entry: Entry, plugin: string) {
		entry.refusedBy.add(plugin);
		refusedBy.set(plugin, (refusedBy.get(plugin) ?? new Set()).add(entry));
	}

	/** Sleeping pods that a change may help. */
	function concernedBy(change: ClusterChange): Iterable<Entry> {
		if (change === "node-added") return [...unschedulable];
		const waiting = plugins.filter(({ wakes }) => wakes.includes(change));
		return new Set(waiting.flatMap(({ name }) => [...(refusedBy.get(name) ?? [])]));
	}

	/** To the front once its backoff is over, to the backoff until then. */
	const activate = (entry: Entry) => move(entry, entry.readyAt <= clock.now() ? "active" : "backoff");

	function arm() {
		const first = live(backoff);
		if (!first) return;
		if (timer && timer.at <= first.at) return;
		timer?.cancel();
		const cancel = clock.after(Math.max(0, first.at - clock.now()), expire);
		timer = { at: first.at, cancel };
	}

	function expire() {
		timer = undefined;
		for (let slot = live(backoff); slot && slot.at <= clock.now(); slot = live(backoff))
			move(slot.entry, "active");
		arm();
	}

	function tried({ key, pod }: PodInfo): Entry | undefined {
		const entry = entries.get(key);
		// Gone meanwhile, or a namesake has taken its place: the outcome is nobody's any more.
		if (entry?.state !== "inHand" || entry.pod.pod.metadata.uid !== pod.metadata.uid) return undefined;
		entry.attempts += 1;
		entry.readyAt = clock.now() + Math.min(cap, base * 2 ** (entry.attempts - 1));
		return entry;
	}

	return {
		put: (pod) => {
			const known = entries.get(pod.key);
			if (!known) {
				const entry: Entry = { pod, state: "inHand", attempts: 0, readyAt: 0, refusedBy: new Set(), turn: 0 };
				entries.set(pod.key, entry);
				move(entry, "active");
			} else {
				known.pod = pod;
				if (known.state !== "inHand") activate(known);
			}
		},
		refresh: (pod) => {
			const known = entries.get(pod.key);
			if (known) known.pod = pod;
		},
		remove: (key) => {
			const entry = entries.get(key);
			if (!entry) return;
			entries.delete(key);
			move(entry, "inHand");
		},
		get: (key) => entries.get(key)?.pod,
		next: () => {
			const slot = live(active);
			if (!slot) return undefined;
			active.pop();
			move(slot.entry, "inHand");
			return slot.entry.pod;
		},
		refused: (pod, by) => {
			const entry = tried(pod);
			if (!entry) return;
			entry.refusedBy.clear();
			for (const name of by) entry.refusedBy.add(name);
			move(entry, "unschedulable");
		},
		failed: (pod) => {
			const entry = tried(pod);
			if (entry) move(entry, "backoff");
		},
		wake: (change, refuser) => {
			for (const entry of concernedBy(change)) {
				const looksAround = plugins.some(
					(plugin) => plugin.looksAround && plugin.wakes.includes(change) && entry.refusedBy.has(plugin.name),
				);
				const still = looksAround ? undefined : refuser?.(entry.pod);
				if (still === undefined) activate(entry);
				// One plugin may have hidden behind another: now it is the one to wait for as well.
				else waitFor(entry, still);
			}
		},
		onReady: (callback) => {
			ready = callback;
		},
		get counts() {
			return { ...waiting, unschedulable: unschedulable.size };
		},
		close: () => {
			timer?.cancel();
			timer = undefined;
			entries.clear();
			unschedulable.clear();
			refusedBy.clear();
			waiting = { active: 0, backoff: 0 };
			while (active.pop());
			while (backoff.pop());
		},
	};
}

/** The first slot whose entry is still where the slot says; what has moved on is dropped. */
function live(heap: { peek(): Slot | undefined; pop(): Slot | undefined }): Slot | undefined {
	for (let slot = heap.peek(); slot; slot = heap.peek()) {
		if (slot.turn === slot.entry.turn) return slot;
		heap.pop();
	}
	return undefined;
}
