/** Which pods of a stateful set are made, deleted and mended now. Pure; `controller.ts` carries it out. */
import { isPodReady, isPodTerminal, type Pod, type StatefulSet } from "@berth/api";
import { amountOf } from "../pods/amount.ts";
import { availableIn } from "../pods/availability.ts";
import { firstOrdinal, isWanted, ordinalOf, ordinals } from "./identity.ts";
import { revisionOf } from "./stateful-pod.ts";

export interface Situation {
	readonly set: StatefulSet;
	/** Pods that the set owns. */
	readonly pods: readonly Pod[];
	/** Name of the revision of the present template. */
	readonly updateRevision: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export interface StatefulPlan {
	/** Numbers of pods to make, in this order. */
	readonly create: readonly number[];
	/** In this order. */
	readonly remove: readonly Pod[];
	/** Those removed because they have ended, to be made anew. */
	readonly ended: readonly Pod[];
	/** Milliseconds until time alone changes something. */
	readonly lookAgainIn: number | undefined;
}

type Work = Omit<StatefulPlan, "lookAgainIn">;

const NOTHING: Work = { create: [], remove: [], ended: [] };

/** First every pod that is wanted, then those that are too many go, and only then is the template rolled out. */
export function planStateful(situation: Situation): StatefulPlan {
	const { set, pods, now } = situation;
	const waits = pods
		.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, now))
		.filter((wait): wait is number => wait !== undefined && wait > 0);
	const lookAgainIn = waits.length ? Math.min(...waits) : undefined;
	const inOrder = set.spec.podManagementPolicy !== "Parallel";
	return { ...(inOrder ? oneByOne(situation) : atOnce(situation)), lookAgainIn };
}

/** Whether a pod of this number is to be made of the template that was current before the rollout. */
export function keepsCurrentRevision(set: StatefulSet, ordinal: number): boolean {
	const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
	return type === "RollingUpdate" && ordinal < firstOrdinal(set) + (rollingUpdate?.partition ?? 0);
}

/** Runs, is ready, and has been for long enough. */
export const isAvailable = (set: StatefulSet, pod: Pod, now: number): boolean =>
	isRunningAndReady(pod) && availableIn(pod, set.spec.minReadySeconds ?? 0, now) === 0;

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === "Running" && isPodReady(pod);

export const isGoing = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

interface Sorted {
	/** The wanted numbers, lowest first, and their pods. */
	readonly wanted: readonly { readonly ordinal: number; readonly pod: Pod | undefined }[];
	/** Pods of numbers that are not wanted, highest first. */
	readonly condemned: readonly Pod[];
}

function sorted({ set, pods }: Situation): Sorted {
	const numbered = pods.flatMap((pod) => {
		const ordinal = ordinalOf(set, pod.metadata.name);
		return ordinal === undefined ? [] : [{ ordinal, pod }];
	});
	const byOrdinal = new Map(numbered.map(({ ordinal, pod }) => [ordinal, pod]));
	return {
		wanted: ordinals(set).map((ordinal) => ({ ordinal, pod: byOrdinal.get(ordinal) })),
		condemned: numbered
			.filter(({ ordinal }) => !isWanted(set, ordinal))
			.sort((a, b) => b.ordinal - a.ordinal)
			.map(({ pod }) => pod),
	};
}

/** One thing at a time: whatever is not available holds up all that comes after it. */
function oneByOne(situation: Situation): Work {
	const { set, now } = situation;
	const { wanted, condemned } = sorted(situation);
	for (const { ordinal, pod } of wanted) {
		if (!pod) return { ...NOTHING, create: [ordinal] };
		if (isPodTerminal(pod)) return isGoing(pod) ? NOTHING : { ...NOTHING, remove: [pod], ended: [pod] };
		if (isGoing(pod) || !isAvailable(set, pod, now)) return NOTHING;
	}
	const [last] = condemned;
	if (last) {
		// An unhealthy one may go only when no lower one is unhealthy too, or when it can never be healthy again.
		const isHealthy = (pod: Pod) => isAvailable(set, pod, now) && !isGoing(pod);
		const firstUnhealthy = condemned.findLast((pod) => !isHealthy(pod));
		const mayRecover = !isAvailable(set, last, now) && !isPodTerminal(last);
		const waits = isGoing(last) || (mayRecover && last !== firstUnhealthy);
		return waits ? NOTHING : { ...NOTHING, remove: [last] };
	}
	return { ...NOTHING, remove: outdated(situation, wanted) };
}

/** Everything that can be done is done, whatever state the others are in. */
function atOnce(situation: Situation): Work {
	const { wanted, condemned } = sorted(situation);
	const present = wanted.flatMap(({ pod }) => pod ?? []);
	const ended = present.filter((pod) => isPodTerminal(pod) && !isGoing(pod));
	return {
		create: wanted.filter(({ pod }) => !pod).map(({ ordinal }) => ordinal),
		remove: [
			...ended,
			...condemned.filter((pod) => !isGoing(pod)),
			...outdated(situation, wanted).filter((pod) => !ended.includes(pod)),
		],
		ended,
	};
}

/** Pods of old templates that may go now, the highest number first. What serves nobody is not missed. */
function outdated({ set, updateRevision, now }: Situation, wanted: Sorted["wanted"]): readonly Pod[] {
	const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
	if (type === "OnDelete") return [];
	const serves = (pod: Pod | undefined) => pod && !isGoing(pod) && isAvailable(set, pod, now);
	let room = Math.max(1, amountOf(rollingUpdate?.maxUnavailable ?? 1, wanted.length));
	room -= wanted.filter(({ pod }) => !serves(pod)).length;
	return wanted
		.filter(({ ordinal }) => !keepsCurrentRevision(set, ordinal))
		.flatMap(({ pod }) => pod ?? [])
		.filter((pod) => revisionOf(pod) !== updateRevision && !isGoing(pod))
		.reverse()
		.filter((pod) => !serves(pod) || room-- > 0);
}
