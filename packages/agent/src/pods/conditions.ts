/** The conditions of a pod that its agent keeps. Pure. */
import {
	type ContainerStatus,
	formatTime,
	isSidecar,
	type Pod,
	type PodCondition,
	type PodStatus,
} from "@berth/api";
import { latestOf, type ObservedPod } from "./observed.ts";
import { RESIZE_CONDITIONS, type ResizeState, resizeConditions } from "./resize-status.ts";
import { currentRound, isPast } from "./rounds.ts";

export interface ConditionsInput {
	/** With the conditions known so far. */
	readonly pod: Pod;
	readonly phase: PodStatus["phase"];
	readonly init: readonly ContainerStatus[];
	readonly regular: readonly ContainerStatus[];
	readonly sandboxReady: boolean;
	readonly observed: ObservedPod;
	readonly resize: ResizeState;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

type Draft = Pick<PodCondition, "type" | "status" | "reason" | "message" | "observedGeneration">;

/** Types of the conditions that the agent keeps, and nobody else. */
export const AGENT_CONDITIONS: readonly string[] = [
	"PodReadyToStartContainers",
	"Initialized",
	"Ready",
	"ContainersReady",
	"PodScheduled",
	"AllContainersRestarting",
	...RESIZE_CONDITIONS,
];

/** The agent's conditions, then those that others keep. A condition keeps its time until its status changes. */
export function conditionsOf(input: ConditionsInput): readonly PodCondition[] {
	const { pod, now } = input;
	const known = pod.status?.conditions ?? [];
	const containersReady = readinessOf(input);
	const drafts: readonly Draft[] = [
		{ type: "PodReadyToStartContainers", status: statusText(input.sandboxReady) },
		initializedOf(input),
		gatedReadiness(pod, containersReady),
		{ type: "ContainersReady", ...containersReady },
		scheduledOf(known),
		...restartOfAll(pod, input.observed),
		...resizeConditions(input.resize),
	];
	const generation = pod.metadata.generation;
	const ours = drafts.map((draft) => {
		const old = known.find(({ type }) => type === draft.type);
		return {
			type: draft.type,
			...observedBy(draft.observedGeneration ?? generation),
			status: draft.status,
			lastTransitionTime:
				old?.status === draft.status && old.lastTransitionTime ? old.lastTransitionTime : formatTime(now),
			...(draft.reason && { reason: draft.reason }),
			...(draft.message && { message: draft.message }),
		};
	});
	return [...ours, ...known.filter(({ type }) => !AGENT_CONDITIONS.includes(type))];
}

const observedBy = (generation: number | undefined) =>
	generation === undefined ? {} : { observedGeneration: generation };

/** Said while it lasts, and taken back by those who were told. */
function restartOfAll(pod: Pod, observed: ObservedPod): readonly Draft[] {
	const type = "AllContainersRestarting";
	const round = currentRound(pod, observed);
	const isUnderWay = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(({ name }) => {
		const latest = latestOf(observed, name);
		return latest !== undefined && isPast(latest, round);
	});
	if (isUnderWay) return [{ type, status: "True", reason: "ContainerExited" }];
	const wasTold = pod.status?.conditions?.some((condition) => condition.type === type);
	return wasTold ? [{ type, status: "False" }] : [];
}

const statusText = (value: boolean) => (value ? "True" : "False");

const scheduledOf = (known: readonly PodCondition[]): Draft => {
	const old = known.find(({ type, status }) => type === "PodScheduled" && status === "True");
	return { type: "PodScheduled", status: "True", reason: old?.reason, message: old?.message };
};

function initializedOf({ pod, phase, init, observed }: ConditionsInput): Draft {
	const type = "Initialized";
	if (phase === "Succeeded") return { type, status: "True", reason: "PodCompleted" };
	// Init containers run before the others: where one of those has been, they are done.
	const past = pod.spec.containers.some((container) => latestOf(observed, container.name) !== undefined);
	const isDone = (status: ContainerStatus) => (isSidecarOf(pod, status) ? status.started : status.ready);
	const waiting = init.filter((status) => !isDone(status)).map(({ name }) => name);
	if (waiting.length === 0 || past) return { type, status: "True" };
	return {
		type,
		status: "False",
		reason: "ContainersNotInitialized",
		message: `containers with incomplete status: [${waiting.join(" ")}]`,
	};
}

const isSidecarOf = ({ spec }: Pod, { name }: ContainerStatus) =>
	spec.initContainers?.some((container) => container.name === name && isSidecar(container)) ?? false;

type Readiness = Pick<Draft, "status" | "reason" | "message">;

function readinessOf({ pod, phase, init, regular }: ConditionsInput): Readiness {
	if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
	if (phase === "Failed") return { status: "False", reason: "PodFailed" };
	const sidecars = init.filter((status) => isSidecarOf(pod, status));
	const unready = [...sidecars, ...regular].filter((status) => !status.ready).map(({ name }) => name);
	if (unready.length === 0) return { status: "True" };
	return {
		status: "False",
		reason: "ContainersNotReady",
		message: `containers with unready status: [${unready.join(" ")}]`,
	};
}

/** Ready is the containers' readiness and that of every gate which others open. */
function gatedReadiness({ spec, status }: Pod, containersReady: Readiness): Draft {
	if (containersReady.status !== "True") return { type: "Ready", ...containersReady };
	const messages = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
		const gate = status?.conditions?.find(({ type }) => type === conditionType);
		if (gate?.status === "True") return [];
		return gate
			? [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`]
			: [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
	});
	if (messages.length === 0) return { type: "Ready", status: "True" };
	return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}
