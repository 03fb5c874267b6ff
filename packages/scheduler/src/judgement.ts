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
			const waiting = snapshot.nominatedOn(node.name);
			if (waiting.length === 0) return undefined;
			const before = waiting.filter(({ key, priority }) => key !== pod.key && priority >= pod.priority);
			if (before.length === 0) return undefined;
			return snapshot.suppose((world) => {
				for (const each of before) world.place(each, node.name);
				return firstOf(afresh(pod, snapshot, judges), node);
			});
		},
	};
}

/** A pod before the filters in worlds that are only supposed: some pods of lower rank gone, others back. */
export interface Suppositions {
	/** Whether anything weighs nodes against each other for this pod: if not, a sketch of the node tells all. */
	readonly looksAround: boolean;
	/** What the node itself has against the pod; `node` may be a sketch. */
	here(node: NodeInfo): Finding | undefined;
	/** As `here`, and what its surroundings have: in the world as it is supposed at the time of asking. */
	now(node: NodeInfo): Finding | undefined;
}

export function judgeSuppositions(
	pod: PodInfo,
	snapshot: Snapshot,
	plugins: readonly FilterPlugin[],
): Suppositions {
	// Who has nothing to say now has nothing to say with fewer pods either.
	const around = plugins.filter(
		({ looksAround, filter }) => looksAround && filter(pod, snapshot) !== undefined,
	);
	const alone = judge(
		pod,
		snapshot,
		plugins.filter(({ looksAround }) => !looksAround),
	);
	return {
		looksAround: around.length > 0,
		here: alone.on,
		now: (node) => alone.on(node) ?? judge(pod, snapshot, around).on(node),
	};
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
