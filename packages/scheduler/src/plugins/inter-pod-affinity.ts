/** Near pods like these, far from pods like those: demands of the pod, and of the pods that are there already. */
import { selectorOfRequirements } from "@berth/api";
import type { NodeInfo } from "../cluster/node-info.ts";
import type { Counts } from "../cluster/pod-counts.ts";
import type { AffinityTerm, PodInfo } from "../cluster/pod-info.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { type FilterPlugin, type Judge, lasting, objection, type ScorePlugin, scaled } from "../plugin.ts";

const NAME = "InterPodAffinity";
const LONELY = lasting("node(s) didn't match pod affinity rules");
const CROWDED = objection("node(s) didn't match pod anti-affinity rules");
const UNWELCOME = objection("node(s) didn't satisfy existing pods anti-affinity rules");

export const interPodAffinity: FilterPlugin = {
	name: NAME,
	wakes: ["pod-gone", "pod-placed", "node-labels", "namespace-labels"],
	looksAround: true,
	filter: (pod, snapshot) => {
		const judges = [near(pod, snapshot), far(pod, snapshot), unwelcome(pod, snapshot)];
		const relevant = judges.filter((judge) => judge !== undefined);
		if (relevant.length === 0) return undefined;
		return (node) => {
			for (const judge of relevant) {
				const found = judge(node);
				if (found) return found;
			}
			return undefined;
		};
	},
};

/** What a pod already there must have to hold a place near its like, weighed as one point of preference. */
const REQUIRED_WEIGHT = 1;

export const interPodPreference: ScorePlugin = {
	name: NAME,
	weight: 2,
	score: (pod, snapshot, nodes) => {
		const sums = new Map<string, Map<string, number>>();
		const add = (topologyKey: string, counts: Counts, weight: number) => {
			const values = sums.get(topologyKey) ?? new Map<string, number>();
			sums.set(topologyKey, values);
			for (const [value, count] of byTopology(counts, topologyKey, snapshot)) {
				values.set(value, (values.get(value) ?? 0) + count * weight);
			}
		};
		const { preferredNear, preferredFar } = pod.affinity;
		for (const term of preferredNear) add(term.topologyKey, matching(term, snapshot), term.weight);
		for (const term of preferredFar) add(term.topologyKey, matching(term, snapshot), -term.weight);
		for (const { role, term, statedOn } of snapshot.stated) {
			if (role === "requiredFar" || !concerns(term, pod, snapshot)) continue;
			const weight = role === "requiredNear" ? REQUIRED_WEIGHT : term.weight;
			add(term.topologyKey, statedOn, role === "preferredFar" ? -weight : weight);
		}
		if (sums.size === 0) return undefined;
		const scores = nodes.map(({ labels }) => {
			let sum = 0;
			for (const [key, values] of sums) sum += values.get(labels[key] ?? "") ?? 0;
			return sum;
		});
		return scaled(scores);
	},
};

/** The pod's own wish for company. A pod that is its own company may be the first anywhere. */
function near({ affinity, namespace, labels }: PodInfo, snapshot: Snapshot): Judge | undefined {
	const terms = affinity.requiredNear;
	if (terms.length === 0) return undefined;
	const all = companions(terms, snapshot);
	const byTerm = terms.map(({ topologyKey }) => ({
		topologyKey,
		values: byTopology(all, topologyKey, snapshot),
	}));
	const nobodyYet = byTerm.every(({ values }) => values.size === 0);
	const isOwnCompany = terms.every(
		(term) => speaksOf(term, namespace, snapshot) && term.selector.matches(labels),
	);
	return (node) => {
		const fits = byTerm.every(({ topologyKey, values }) => {
			const value = topologyOf(node, topologyKey);
			return value !== undefined && ((nobodyYet && isOwnCompany) || values.has(value));
		});
		return fits ? undefined : LONELY;
	};
}

/** Pods that satisfy all the terms at once: only they are the company that is meant. */
function companions(terms: readonly AffinityTerm[], snapshot: Snapshot): Counts {
	const selector = selectorOfRequirements(terms.flatMap((term) => term.selector.requirements));
	if (terms.some((term) => !term.selector.empty && term.selector.requirements.length === 0)) return new Map();
	const namespaces = terms
		.map((term) => snapshot.namespacesOf(term))
		.reduce((a, b) => (a && b ? a.filter((each) => b.includes(each)) : (a ?? b)));
	return snapshot.counts({ namespaces, selector, terminating: true });
}

/** The pod's own wish for distance. */
function far({ affinity }: PodInfo, snapshot: Snapshot): Judge | undefined {
	if (affinity.requiredFar.length === 0) return undefined;
	const taken = affinity.requiredFar.map((term) => ({
		topologyKey: term.topologyKey,
		values: byTopology(matching(term, snapshot), term.topologyKey, snapshot),
	}));
	return (node) => (isTaken(node, taken) ? CROWDED : undefined);
}

/** The distance that others keep from pods like this one. */
function unwelcome(pod: PodInfo, snapshot: Snapshot): Judge | undefined {
	const taken: { topologyKey: string; values: Counts }[] = [];
	for (const { role, term, statedOn } of snapshot.stated) {
		if (role !== "requiredFar" || !concerns(term, pod, snapshot)) continue;
		taken.push({
			topologyKey: term.topologyKey,
			values: byTopology(statedOn, term.topologyKey, snapshot),
		});
	}
	if (taken.length === 0) return undefined;
	return (node) => (isTaken(node, taken) ? UNWELCOME : undefined);
}

const isTaken = (node: NodeInfo, taken: readonly { topologyKey: string; values: Counts }[]) =>
	taken.some(({ topologyKey, values }) => {
		const value = topologyOf(node, topologyKey);
		return value !== undefined && values.has(value);
	});

const matching = (term: AffinityTerm, snapshot: Snapshot) =>
	snapshot.counts({ namespaces: snapshot.namespacesOf(term), selector: term.selector, terminating: true });

const concerns = (term: AffinityTerm, pod: PodInfo, snapshot: Snapshot) =>
	term.selector.matches(pod.labels) && speaksOf(term, pod.namespace, snapshot);

const speaksOf = ({ namespaces, namespaceSelector }: AffinityTerm, namespace: string, snapshot: Snapshot) =>
	namespaces.includes(namespace) || namespaceSelector?.matches(snapshot.namespaceLabels(namespace)) === true;

const topologyOf = ({ labels }: NodeInfo, key: string) =>
	Object.hasOwn(labels, key) ? labels[key] : undefined;

/** Counts by node, summed up by the node's value for a topology key. */
function byTopology(counts: Counts, key: string, snapshot: Snapshot): Counts {
	const sums = new Map<string, number>();
	for (const [name, count] of counts) {
		const node = snapshot.node(name);
		const value = node && topologyOf(node, key);
		if (value !== undefined) sums.set(value, (sums.get(value) ?? 0) + count);
	}
	return sums;
}
