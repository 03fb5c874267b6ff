/**
 * "How many pods match this, on each node?" The first to ask pays for looking at every pod; from then on the answer is
 * kept with each pod that comes or goes, so that a decision costs the same in a full cluster as in an empty one.
 */
import type { Selector } from "@berth/api";
import type { PodInfo } from "./pod-info.ts";

export interface CountQuery {
	/** Sorted names; undefined for all namespaces. */
	readonly namespaces: readonly string[] | undefined;
	readonly selector: Selector;
	/** Count pods that are being deleted as well. */
	readonly terminating: boolean;
}

export type Counts = ReadonlyMap<string, number>;

export interface PodCounts {
	/** By node name; nodes without a match are absent. */
	of(query: CountQuery): Counts;
	add(pod: PodInfo, node: string): void;
	remove(pod: PodInfo, node: string): void;
}

interface Counter extends CountQuery {
	readonly id: string;
	/** `key=value` that every match must have, when the selector says one. */
	readonly label: string | undefined;
	readonly counts: Map<string, number>;
}

/** Answers kept; the one not asked for longest is forgotten first. */
const REMEMBERED = 1_000;

/** `placed` walks over every pod on every node. */
export function createPodCounts(placed: () => Iterable<readonly [node: string, pod: PodInfo]>): PodCounts {
	const counters = new Map<string, Counter>();
	/** Counters that can match a pod only if it has the label, by that label; the others under undefined. */
	const byLabel = new Map<string | undefined, Set<Counter>>();

	function change(pod: PodInfo, node: string, by: 1 | -1) {
		const touch = (candidates: Iterable<Counter> = []) => {
			for (const counter of candidates) if (matches(counter, pod)) bump(counter.counts, node, by);
		};
		touch(byLabel.get(undefined));
		for (const key of Object.keys(pod.labels)) touch(byLabel.get(`${key}=${pod.labels[key]}`));
	}

	function begin(query: CountQuery, id: string): Counter {
		const counter: Counter = { ...query, id, label: requiredLabel(query.selector), counts: new Map() };
		for (const [node, pod] of placed()) if (matches(counter, pod)) bump(counter.counts, node, 1);
		const siblings = byLabel.get(counter.label) ?? new Set();
		byLabel.set(counter.label, siblings.add(counter));
		return counter;
	}

	function forgetOldest() {
		for (const counter of counters.values()) {
			counters.delete(counter.id);
			const siblings = byLabel.get(counter.label);
			siblings?.delete(counter);
			if (siblings?.size === 0) byLabel.delete(counter.label);
			return;
		}
	}

	return {
		of: (query) => {
			const { empty, requirements } = query.selector;
			if (!empty && requirements.length === 0) return NONE;
			const id = JSON.stringify([query.namespaces ?? null, query.selector.toString(), query.terminating]);
			const counter = counters.get(id) ?? begin(query, id);
			counters.delete(id);
			counters.set(id, counter);
			if (counters.size > REMEMBERED) forgetOldest();
			return counter.counts;
		},
		add: (pod, node) => change(pod, node, 1),
		remove: (pod, node) => change(pod, node, -1),
	};
}

/** Of the selector that matches nothing, whose text is the same as that of the one that matches everything. */
const NONE: Counts = new Map();

const matches = ({ namespaces, selector, terminating }: Counter, pod: PodInfo) =>
	(!namespaces || namespaces.includes(pod.namespace)) &&
	(terminating || !pod.terminating) &&
	selector.matches(pod.labels);

function requiredLabel({ requirements }: Selector): string | undefined {
	for (const { key, operator, values } of requirements) {
		if (values.length === 1 && ["=", "==", "in"].includes(operator)) return `${key}=${values[0]}`;
	}
	return undefined;
}

function bump(counts: Map<string, number>, node: string, by: 1 | -1) {
	const count = (counts.get(node) ?? 0) + by;
	if (count === 0) counts.delete(node);
	else counts.set(node, count);
}
