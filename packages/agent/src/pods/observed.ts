/** What is there of a pod: its containers as the runtime shows them, in the pod's own words. Pure. */
import {
	type Container,
	type ContainerStateTerminated,
	type ContainerStatus,
	type Pod,
	parseTime,
} from "@berth/api";
import type { Limits } from "../runtime/container-spec.ts";
import type { ContainerInfo } from "../runtime/runtime.ts";
import { shownImage } from "../steps/images/exact-image.ts";
import { LABEL, SANDBOX } from "./labels.ts";

/** Exit code of a container that could not be started, as Kubernetes' runtimes give it. */
export const START_ERROR = 128;
/** Exit code of a container that vanished from the host without a trace. */
const VANISHED = 137;

export interface Sandbox {
	readonly id: string;
	readonly attempt: number;
	readonly running: boolean;
	/** Of the pause process: its namespaces are the pod's. */
	readonly pid: number;
	readonly createdAt: number;
}

export interface ObservedContainer {
	readonly id: string;
	/** Within the pod. */
	readonly name: string;
	readonly attempt: number;
	/** Id of the sandbox it joined; undefined when it is only remembered. */
	readonly sandbox: string | undefined;
	readonly state: ContainerInfo["state"];
	/** Milliseconds since the epoch. */
	readonly startedAt: number;
	readonly finishedAt: number;
	readonly exitCode: number;
	/** Why it ended, in Kubernetes' words; "" while it has not. */
	readonly reason: string;
	readonly message: string;
	readonly image: string;
	/** As statuses show it: `docker-pullable://repository@sha256:…`, or `docker://sha256:…` of one that is only here. */
	readonly imageId: string;
	/** Of its first process; 0 unless it runs. */
	readonly pid: number;
	readonly limits: Limits;
	/** Bytes it asked for when it was made; undefined where it need not run anew to ask for others. */
	readonly memoryRequest?: number | undefined;
	/** What asks it to end, `SIGTERM`; "" when it is only remembered. */
	readonly stopSignal: string;
	/** Paths of its mounts below which nothing can be written either; absent: there are none. */
	readonly recursiveReadOnly?: readonly string[] | undefined;
	/** The images that its mounts are of, by their paths; absent: there are none. */
	readonly volumeImages?: Readonly<Record<string, string>> | undefined;
	/** See rounds.ts. */
	readonly round: number;
	/** Milliseconds to wait before the next attempt when this one ends soon. */
	readonly backoff: number;
	/** No longer in the runtime: known from the pod's status alone. */
	readonly remembered: boolean;
}

export interface ObservedPod {
	/** Newest first. */
	readonly sandboxes: readonly Sandbox[];
	/** Newest first within a name. */
	readonly containers: readonly ObservedContainer[];
}

export function observe(found: readonly ContainerInfo[]): ObservedPod {
	const isSandbox = (container: ContainerInfo) => container.labels[LABEL.container] === SANDBOX;
	const sandboxes = found.filter(isSandbox).map(sandboxOf).sort(newestFirst);
	const current = sandboxes.find((sandbox) => sandbox.running)?.id;
	return {
		sandboxes,
		containers: found
			.filter((container) => !isSandbox(container))
			.map(observedOf)
			// What ended with its sandbox (the host, or the engine, was restarted) did not crash: it need not wait.
			.map((container) => (container.sandbox === current ? container : { ...container, backoff: 0 }))
			.sort(newestFirst),
	};
}

/**
 * Adds what the pod's status still knows of containers that are no longer on the host: those before the last were cleared
 * away, others somebody removed (`docker container prune`). They ended, and must neither run again where they may not, nor
 * count from zero.
 */
export function withMemory(observed: ObservedPod, pod: Pod): ObservedPod {
	const status = pod.status;
	const known = [
		...(status?.initContainerStatuses ?? []),
		...(status?.containerStatuses ?? []),
		...(status?.ephemeralContainerStatuses ?? []),
	];
	const present = new Set(observed.containers.map((container) => container.id));
	const missing = known.flatMap(remember).filter(({ id }) => !present.has(id));
	if (missing.length === 0) return observed;
	return { ...observed, containers: [...observed.containers, ...missing].sort(newestFirst) };
}

export const latestOf = (observed: ObservedPod, name: string): ObservedContainer | undefined =>
	observed.containers.find((container) => container.name === name);

/** What the pod's spec says of a container of any sort. */
export const containerOf = ({ spec }: Pod, name: string): Container | undefined =>
	[...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
		(container) => container.name === name,
	);

/** The attempt before this one. */
export const previousOf = (observed: ObservedPod, { name, attempt }: ObservedContainer) =>
	observed.containers.find((container) => container.name === name && container.attempt < attempt);

/** The sandbox that the pod lives in: the newest one that runs. */
export const currentSandbox = (observed: ObservedPod): Sandbox | undefined =>
	observed.sandboxes.find((sandbox) => sandbox.running);

const newestFirst = (a: { readonly attempt: number }, b: { readonly attempt: number }) =>
	b.attempt - a.attempt;

const numberOf = (labels: ContainerInfo["labels"], label: string) => Number(labels[label]) || 0;

const sandboxOf = (info: ContainerInfo): Sandbox => ({
	id: info.id,
	attempt: numberOf(info.labels, LABEL.attempt),
	running: info.state === "running",
	pid: info.pid,
	createdAt: info.createdAt,
});

function observedOf(info: ContainerInfo): ObservedContainer {
	const failedToStart = info.state === "created" && info.error !== "";
	return {
		id: info.id,
		name: info.labels[LABEL.container] ?? "",
		attempt: numberOf(info.labels, LABEL.attempt),
		sandbox: info.labels[LABEL.sandbox] ?? "",
		state: failedToStart ? "exited" : info.state,
		startedAt: failedToStart ? info.createdAt : info.startedAt,
		finishedAt: failedToStart ? info.createdAt : info.finishedAt,
		exitCode: failedToStart ? START_ERROR : info.exitCode,
		reason: failedToStart ? "StartError" : reasonOf(info),
		message: info.error,
		image: info.image,
		imageId: shownImage(info.labels[LABEL.digest], info.imageId),
		pid: info.pid,
		limits: info.limits,
		...(info.labels[LABEL.memoryRequest] && { memoryRequest: numberOf(info.labels, LABEL.memoryRequest) }),
		stopSignal: info.stopSignal,
		recursiveReadOnly: jsonOf(info.labels[LABEL.recursiveReadOnly]),
		volumeImages: jsonOf(info.labels[LABEL.volumeImages]),
		round: numberOf(info.labels, LABEL.round),
		backoff: numberOf(info.labels, LABEL.backoff),
		remembered: false,
	};
}

const jsonOf = <T>(label: string | undefined): T | undefined => (label ? JSON.parse(label) : undefined);

function reasonOf({ state, exitCode, oomKilled }: ContainerInfo): string {
	if (state !== "exited") return "";
	if (oomKilled && exitCode !== 0) return "OOMKilled";
	return exitCode === 0 ? "Completed" : "Error";
}

/** A container that once had an id has run; if it is not here any more, it has ended. */
function remember(status: ContainerStatus): readonly ObservedContainer[] {
	const id = bareId(status.containerID);
	if (id === "") return [];
	const { state = {}, lastState = {}, restartCount } = status;
	const ends = [state.terminated, lastState.terminated].filter((end) => end !== undefined);
	const latest = ends.find((end) => bareId(end.containerID) === id);
	const earlier = ends.find((end) => end !== latest && bareId(end.containerID) !== "");
	return [
		{ ...remembered(status, latest ?? lostSince(state.running?.startedAt)), id, attempt: restartCount },
		...(earlier
			? [
					{
						...remembered(status, earlier),
						id: bareId(earlier.containerID),
						attempt: Math.max(0, restartCount - 1),
					},
				]
			: []),
	];
}

const bareId = (id: string | undefined) => (id ?? "").replace(/^docker:\/\//, "");

/** It went without anybody seeing it end. */
const lostSince = (startedAt: string | undefined): ContainerStateTerminated => ({
	exitCode: VANISHED,
	reason: "ContainerStatusUnknown",
	message: "The container could not be located on its host",
	startedAt,
});

const remembered = (
	{ name, image, imageID }: ContainerStatus,
	{ startedAt, finishedAt, exitCode, reason = "", message = "" }: ContainerStateTerminated,
): Omit<ObservedContainer, "id" | "attempt"> => ({
	name,
	sandbox: undefined,
	state: "exited",
	startedAt: startedAt ? parseTime(startedAt) : 0,
	finishedAt: finishedAt ? parseTime(finishedAt) : 0,
	exitCode,
	reason,
	message,
	image,
	imageId: imageID,
	pid: 0,
	limits: {},
	stopSignal: "",
	round: 0,
	backoff: 0,
	remembered: true,
});
