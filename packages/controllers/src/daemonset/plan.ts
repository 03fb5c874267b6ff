/** Which daemon pods are to be made and deleted now. Pure; `controller.ts` carries it out. */
import { type DaemonSet, isPodReady, isPodTerminal, type Node, type Pod } from "@berth/api";
import { availableIn } from "../pods/availability.ts";
import { nodeOf, REVISION_HASH } from "./daemon-pod.ts";
import { type Place, placement } from "./placement.ts";
import { budgetOf, rollOut } from "./rolling-update.ts";

/** Pods created or deleted in one go at most; the rest follows at once. */
const BURST = 250;

export interface Situation {
	readonly set: DaemonSet;
	readonly nodes: readonly Node[];
	/** Pods that the set owns. */
	readonly pods: readonly Pod[];
	/** Hash of the present template: the label of pods that are up to date. */
	readonly hash: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** Milliseconds that the node must wait until its failed pod is replaced; 0 is now. */
	readonly penalty: (node: string) => number;
}

export interface DaemonPlan {
	/** Nodes that get a pod. */
	readonly create: readonly string[];
	readonly remove: readonly Pod[];
	/** Those removed because they have ended, which daemons never should. */
	readonly ended: readonly Pod[];
	/** Milliseconds until time alone changes something. */
	readonly lookAgainIn: number | undefined;
}

/** Pods by the node they are on or meant for. Ended ones that are being deleted take no place any more. */
export function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
	const present = pods.filter((pod) => !(pod.metadata.deletionTimestamp && isPodTerminal(pod)));
	return Map.groupBy(present, (pod) => nodeOf(pod) ?? "");
}

/** Placement comes first; only when every node has what it should have is the template rolled out. */
export function planDaemons(situation: Situation): DaemonPlan {
	const { set, nodes, pods, now } = situation;
	const byNode = podsByNode(pods);
	const judge = placement(set);
	const places = new Map(nodes.map((node) => [node.metadata.name, judge(node)]));
	const create: string[] = [];
	const remove: Pod[] = [];
	const ended: Pod[] = [];
	const waits = waitsOf(situation);
	for (const [node, place] of places) {
		const here = onNode(situation, node, place, byNode.get(node) ?? []);
		if (here.create) create.push(node);
		remove.push(...here.remove);
		ended.push(...here.ended);
		if (here.wait) waits.push(here.wait);
	}
	// Nobody else would ever delete a pod that waits for a node that is gone.
	for (const [node, there] of byNode) {
		if (!places.has(node)) remove.push(...there.filter((pod) => !pod.spec.nodeName && !isGoing(pod)));
	}
	const lookAgainIn = waits.length ? Math.min(...waits) : undefined;
	if (create.length + remove.length || set.spec.updateStrategy?.type === "OnDelete") {
		return { create: create.slice(0, BURST), remove: remove.slice(0, BURST), ended, lookAgainIn };
	}
	const wanted = [...places].filter(([, { run }]) => run).map(([node]) => node);
	const everywhere = new Map([...wanted.map((node) => [node, [] as readonly Pod[]] as const), ...byNode]);
	const rolled = rollOut({ ...situation, byNode: everywhere, budget: budgetOf(set, wanted.length), now });
	return {
		create: rolled.create.slice(0, BURST),
		remove: rolled.remove.slice(0, BURST),
		ended: [],
		lookAgainIn,
	};
}

interface Here {
	readonly create: boolean;
	readonly remove: readonly Pod[];
	readonly ended: readonly Pod[];
	readonly wait?: number;
}

const NOTHING: Here = { create: false, remove: [], ended: [] };

function onNode(situation: Situation, node: string, { run, stay }: Place, pods: readonly Pod[]): Here {
	if (pods.length === 0) return { ...NOTHING, create: run };
	const present = pods.filter((pod) => !isGoing(pod));
	if (!stay) return { ...NOTHING, remove: present };
	const over = present.filter(isPodTerminal);
	const running = present.filter((pod) => !isPodTerminal(pod)).toSorted(byAge);
	const failed = over.some(({ status }) => status?.phase === "Failed");
	const wait = failed ? situation.penalty(node) : 0;
	const ended = over.filter(({ status }) => wait === 0 || status?.phase !== "Failed");
	const surging = budgetOf(situation.set, 1).surge > 0;
	const surplus = surging ? surplusOfSurge(situation, running) : running.slice(1);
	return {
		// Where surge is allowed a pod on its way out is in nobody's way.
		create: surging && run && running.length === 0 && wait === 0,
		remove: [...ended, ...surplus],
		ended,
		...(wait > 0 ? { wait } : {}),
	};
}

/** Beside the oldest new pod the oldest old one stays for as long as it serves and the new one does not yet. */
function surplusOfSurge({ set, hash, now }: Situation, running: readonly Pod[]): readonly Pod[] {
	if (running.length <= 1) return [];
	const isNew = (pod: Pod) => pod.metadata.labels?.[REVISION_HASH] === hash;
	const newPod = running.find(isNew);
	const oldPod = running.find((pod) => !isNew(pod));
	const rest = running.filter((pod) => pod !== newPod && pod !== oldPod);
	if (!newPod || !oldPod) return rest;
	const isAvailable = availableIn(newPod, set.spec.minReadySeconds ?? 0, now) === 0;
	return isAvailable || !isPodReady(oldPod) ? [...rest, oldPod] : rest;
}

function waitsOf({ set, pods, now }: Situation): number[] {
	const minReadySeconds = set.spec.minReadySeconds ?? 0;
	return pods
		.map((pod) => availableIn(pod, minReadySeconds, now))
		.filter((wait): wait is number => wait !== undefined && wait > 0);
}

const isGoing = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/** Those that have a node first, then the oldest; of one second, which is all that times tell, those that are ready. */
export const byAge = (a: Pod, b: Pod): number =>
	Number(Boolean(b.spec.nodeName)) - Number(Boolean(a.spec.nodeName)) ||
	a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
	Number(isPodReady(b)) - Number(isPodReady(a)) ||
	a.metadata.name.localeCompare(b.metadata.name);
