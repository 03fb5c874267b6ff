/** One pod before all filters: what each node has against it, also when pods that matter as much get the room kept for them. */
import type { NodeInfo } from "./cluster/node-info.ts";
import type { PodInfo } from "./cluster/pod-info.ts";
import type { Snapshot } from "./cluster/snapshot.ts";
import type { FilterPlugin, Judge, Objection } from "./plugin.ts";

export interface Finding {
	/** Name of the plugin that objects. */
	readonly plugin: string;
	readonly objection: Objection;
}

export interface Judgement {
	/** The pod can run nowhere, for a reason that is no node's. */
	readonly everywhere: Finding | undefined;
	/** What the node has against the pod as things are now; undefined when it can run there. */
	on(node: NodeInfo): Finding | undefined;
}

interface NamedJudge {
	readonly plugin: FilterPlugin;
	readonly judge: Judge;
}

/** Holds for this turn only: plugins look at the snapshot once. */
export function judge(pod: PodInfo, snapshot: Snapshot, plugins: readonly FilterPlugin[]): Judgement {
	const judges: NamedJudge[] = [];
	for (const plugin of plugins) {
		const found = plugin.filter(pod, snapshot);
		if (typeof found === "function") judges.push({ plugin, judge: found });
		else if (found) {
			const everywhere = { plugin: plugin.name, objection: found };
			return { everywhere, on: () => everywhere };
		}
	}
	const alone = (node: NodeInfo) => firstOf(judges, node);
	return {
		everywhere: undefined,
		on: (node) => {
			const found = alone(node);
			if (found) return found;
			const before = snapshot
				.nominatedOn(node.name)
				.filter(({ key, priority }) => key !== pod.key && priority >= pod.priority);
			if (before.length === 0) return undefined;
			return snapshot.suppose((world) => {
				for (const each of before) world.place(each, node.name);
				return firstOf(afresh(pod, snapshot, judges), node);
			});
		},
	};
}

/** Whether the pod fits on the node in a supposed world; `plugins` that look around look again each time they are asked. */
export function fitsIn(
	pod: PodInfo,
	snapshot: Snapshot,
	plugins: readonly FilterPlugin[],
): (node: NodeInfo) => Finding | undefined {
	const around = plugins.filter(({ looksAround }) => looksAround);
	const here = judge(
		pod,
		snapshot,
		plugins.filter(({ looksAround }) => !looksAround),
	);
	return (node) => here.on(node) ?? judge(pod, snapshot, around).on(node);
}

const afresh = (pod: PodInfo, snapshot: Snapshot, judges: readonly NamedJudge[]): readonly NamedJudge[] =>
	judges.flatMap(({ plugin, judge: old }) => {
		if (!plugin.looksAround) return [{ plugin, judge: old }];
		const found = plugin.filter(pod, snapshot);
		return typeof found === "function" ? [{ plugin, judge: found }] : [];
	});

function firstOf(judges: readonly NamedJudge[], node: NodeInfo): Finding | undefined {
	for (const { plugin, judge: ask } of judges) {
		const objection = ask(node);
		if (objection) return { plugin: plugin.name, objection };
	}
	return undefined;
}
