/** The statuses of a pod's containers as kubectl describes them. Pure. */
import {
	type Container,
	type ContainerState,
	type ContainerStatus,
	type EphemeralContainer,
	formatTime,
	isSidecar,
	mayRestart,
} from "@berth/api";
import { delayOf } from "./backoff.ts";
import { latestOf, type ObservedContainer, previousOf } from "./observed.ts";
import { resourcesIn } from "./resize-status.ts";
import { currentRound, isPast } from "./rounds.ts";
import type { StatusInput } from "./status.ts";

/** Why a container that should run does not. */
export interface Trouble {
	/** `ErrImagePull`, `CreateContainerConfigError` … */
	readonly reason: string;
	readonly message: string;
}

/** Kubernetes' limits for messages of ended containers: of each, and of all of a pod together, in bytes. */
const MOST_MESSAGE = 4_096;
const MOST_MESSAGES = 12_288;

/** Troubles of containers that were created. */
const MADE = ["RunContainerError", "PostStartHookError"];

export interface Statuses {
	readonly init: readonly ContainerStatus[];
	readonly regular: readonly ContainerStatus[];
	readonly ephemeral: readonly ContainerStatus[];
}

export function containerStatuses(input: StatusInput): Statuses {
	const { spec } = input.pod;
	const init = (spec.initContainers ?? []).map((container) => initStatus(input, container));
	const initialized = init.every((status) => isInitialized(input, status));
	const waiting = initialized ? "ContainerCreating" : "PodInitializing";
	return {
		init,
		regular: spec.containers.map((container) => statusOfContainer(input, container, waiting)),
		ephemeral: (spec.ephemeralContainers ?? []).map((container) => ephemeralStatus(input, container)),
	};
}

function initStatus(input: StatusInput, container: Container): ContainerStatus {
	const status = statusOfContainer(input, container, "PodInitializing");
	if (isSidecar(container)) return status;
	return { ...status, ready: status.state?.terminated?.exitCode === 0 };
}

/** Nobody waits for it: it neither starts nor becomes ready. */
function ephemeralStatus(input: StatusInput, container: EphemeralContainer): ContainerStatus {
	const { started: _, ...status } = statusOfContainer(input, container, "ContainerCreating");
	return { ...status, ready: false };
}

/** An init container that is done, or a sidecar that is up. */
function isInitialized({ pod }: StatusInput, status: ContainerStatus): boolean {
	const container = pod.spec.initContainers?.find(({ name }) => name === status.name);
	return container && isSidecar(container) ? status.started === true : status.ready;
}

function statusOfContainer(
	input: StatusInput,
	container: Container | EphemeralContainer,
	waiting: string,
): ContainerStatus {
	const latest = latestOf(input.observed, container.name);
	// One whose start was cut short, or is under way, has not been there yet.
	const shown = latest && isStarting(input, container, latest) ? previousOf(input.observed, latest) : latest;
	const state = stateOf(input, container, shown, waiting);
	// One that waits for its next attempt shows its last one as the past.
	const verdict = shown?.state === "running" ? input.verdict(shown) : undefined;
	const last =
		state.waiting && shown?.state === "exited" ? shown : shown && previousOf(input.observed, shown);
	return {
		name: container.name,
		state,
		lastState: last?.state === "exited" ? { terminated: terminated(input, last) } : {},
		ready: verdict?.ready ?? false,
		restartCount: shown?.attempt ?? 0,
		image: container.image ?? "",
		imageID: shown?.imageId ?? "",
		...(shown && { containerID: idOf(shown) }),
		started: verdict?.started ?? false,
		...stopSignalOf(container, shown),
		...userOf(input, shown),
		...resourcesOf(container, shown),
		...mountsOf(container, shown),
	};
}

/** Its hook is part of the start. */
const isStarting = (input: StatusInput, { name, lifecycle }: Container, latest: ObservedContainer) =>
	latest.state === "created" ||
	(latest.state === "running" && lifecycle?.postStart !== undefined && input.starting.has(name));

const stopSignalOf = ({ lifecycle }: Container, shown: ObservedContainer | undefined) =>
	lifecycle?.stopSignal && shown?.state === "running" ? { stopSignal: shown.stopSignal } : {};

function userOf({ users }: StatusInput, shown: ObservedContainer | undefined) {
	const user = shown && users.get(shown.id);
	return user ? { user: { linux: user } } : {};
}

function stateOf(
	input: StatusInput,
	container: Container | EphemeralContainer,
	shown: ObservedContainer | undefined,
	waiting: string,
): ContainerState {
	const trouble = input.troubles.get(container.name);
	if (shown?.state === "running") return { running: { startedAt: formatTime(shown.startedAt) } };
	if (!shown) return { waiting: trouble ?? { reason: waiting } };
	const ended: ContainerState = { terminated: terminated(input, shown) };
	const goesOn = !input.outcome && !input.ended && input.pod.metadata.deletionTimestamp === undefined;
	if (!goesOn) return ended;
	if (isPast(shown, currentRound(input.pod, input.observed))) {
		return { waiting: trouble ?? { reason: "RestartingAllContainers" } };
	}
	if (!mayRestart(input.pod.spec, container, shown.exitCode) || isDoneInit(input, container, shown))
		return ended;
	const delay = delayOf(shown);
	// An attempt that was made and failed is, from then on, one to wait after.
	if (trouble && !(delay > 0 && MADE.includes(trouble.reason))) return { waiting: trouble };
	// One that probes had stopped is on its way to run again: nothing ended by itself.
	if (delay === 0) return input.verdict(shown).failed ? { waiting: { reason: waiting } } : ended;
	const { name, namespace, uid } = input.pod.metadata;
	return {
		waiting: {
			reason: "CrashLoopBackOff",
			message: `back-off ${goDuration(delay)} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`,
		},
	};
}

const isDoneInit = ({ pod }: StatusInput, container: Container, shown: ObservedContainer) =>
	shown.exitCode === 0 &&
	(pod.spec.initContainers ?? []).some(
		({ name, restartPolicy }) => name === container.name && restartPolicy !== "Always",
	);

function terminated(input: StatusInput, container: ObservedContainer) {
	const message = input.messages.get(container.id) || container.message;
	return {
		exitCode: container.exitCode,
		reason: container.reason,
		...(message && { message: firstBytes(message, messageLimit(input)) }),
		...(container.startedAt > 0 && { startedAt: formatTime(container.startedAt) }),
		...(container.finishedAt > 0 && { finishedAt: formatTime(container.finishedAt) }),
		containerID: idOf(container),
	};
}

function messageLimit({ pod: { spec } }: StatusInput): number {
	const { initContainers = [], containers, ephemeralContainers = [] } = spec;
	const count = initContainers.length + containers.length + ephemeralContainers.length;
	return Math.min(MOST_MESSAGE, Math.floor(MOST_MESSAGES / Math.max(count, 1)));
}

function firstBytes(text: string, limit: number): string {
	const bytes = Buffer.from(text);
	// A character cut in two is left out.
	return bytes.length <= limit
		? text
		: bytes
				.subarray(0, limit)
				.toString()
				.replace(/\uFFFD+$/, "");
}

const idOf = ({ id }: ObservedContainer) => `docker://${id}`;

/** What a container was given, and what it has of it. Said of every one: that it can be resized is told by it. */
function resourcesOf(container: Container, shown: ObservedContainer | undefined) {
	const { requests } = container.resources ?? {};
	return {
		...(requests && { allocatedResources: requests }),
		resources: resourcesIn(container, shown),
	};
}

function mountsOf({ volumeMounts = [] }: Container, shown: ObservedContainer | undefined) {
	const recursive = new Set(shown?.recursiveReadOnly);
	if (volumeMounts.length === 0) return {};
	return {
		volumeMounts: volumeMounts.map(({ name, mountPath, readOnly }) => {
			const imageRef = shown?.volumeImages?.[mountPath];
			return {
				name,
				mountPath,
				...(readOnly && {
					readOnly: true,
					recursiveReadOnly: recursive.has(mountPath) ? ("Enabled" as const) : ("Disabled" as const),
				}),
				...(imageRef && { volumeStatus: { image: { imageRef } } }),
			};
		}),
	};
}

/** `10s`, `1m20s`, `5m0s`: as Go prints durations of whole seconds. */
export function goDuration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
