/**
 * The resizes of one pod: what it has been given, what it waits for, and what is told of that. What it has been given is
 * written down with the pod itself, see checkpoint.ts.
 */
import type { Pod } from "@berth/api";
import type { EventRecorder } from "@berth/reconcile";
import type { PodDirectories } from "../steps/pod-directory.ts";
import { readCheckpoint } from "./checkpoint.ts";
import type { ObservedPod } from "./observed.ts";
import { isResized, type Pending, withResources } from "./resize-allocation.ts";
import { isSettled } from "./resize-plan.ts";
import type { Room } from "./resize-room.ts";
import type { ResizeState } from "./resize-status.ts";

export interface Resizing {
	/** The pod with what it has been given. */
	allocated(pod: Pod): Pod;
	/** Once, before anything else, for a pod that another agent may have looked after. */
	recall(): Promise<void>;
	/** Gives a running pod what it asks for, as far as there is room. */
	judge(pod: Pod): void;
	/** What containers have now. */
	look(pod: Pod, observed: ObservedPod): void;
	/** Carrying it out failed; undefined: it worked. */
	carriedOut(error: unknown): void;
	/** The pod as it would be if there were room. */
	readonly waiting: Pod | undefined;
	readonly state: ResizeState;
}

export interface ResizingOptions {
	readonly uid: string;
	readonly adopted: boolean;
	readonly directories: PodDirectories;
	readonly room: Room;
	readonly events: EventRecorder;
}

export function createResizing({ uid, adopted, directories, room, events }: ResizingOptions): Resizing {
	/** Its containers have the resources that the pod was given; undefined: it never asked for others. */
	let given: Pod | undefined;
	let waiting: Pod | undefined;
	let state: ResizeState = {};
	let recalled = !adopted;
	let latest: { readonly pod: Pod; readonly allocated: Pod } | undefined;

	function allocated(pod: Pod): Pod {
		if (!given) return pod;
		if (latest?.pod !== pod) latest = { pod, allocated: withResources(pod, given) };
		return latest.allocated;
	}

	function give(pod: Pod): void {
		given = pod;
		latest = undefined;
		waiting = undefined;
		state = { progress: { generation: pod.metadata.generation } };
		events.normal(pod, "ResizeStarted", `Pod resize started: ${detailsOf(pod)}`);
		room.changed();
	}

	function postpone(pod: Pod, pending: Pending): void {
		const { generation } = pod.metadata;
		const { reason, message } = state.pending ?? {};
		const isNew =
			state.pending?.generation !== generation || reason !== pending.reason || message !== pending.message;
		waiting = pod;
		if (!isNew) return;
		state = { ...state, pending: { ...pending, generation } };
		events.warning(
			pod,
			`Resize${pending.reason}`,
			`Pod resize ${pending.reason}: ${detailsOf(pod, pending.message)}`,
		);
	}

	return {
		allocated,
		async recall() {
			if (recalled) return;
			given = (await readCheckpoint(directories, uid))?.pod;
			recalled = true;
		},
		judge(pod) {
			given ??= pod;
			if (!isResized(pod, given)) {
				waiting = undefined;
				if (state.pending) state = { progress: state.progress };
				return;
			}
			const pending = room.obstacle(pod);
			if (pending) postpone(pod, pending);
			else give(pod);
		},
		look(pod, observed) {
			const isDone = isSettled(pod, observed);
			if (!isDone && !state.progress) {
				// The agent that gave it did not live to carry it out.
				state = { ...state, progress: { generation: pod.metadata.generation } };
			}
			if (!isDone || !state.progress) return;
			state = { pending: state.pending };
			events.normal(pod, "ResizeCompleted", `Pod resize completed: ${detailsOf(pod)}`);
		},
		carriedOut(error) {
			if (!state.progress) return;
			const { generation } = state.progress;
			const text = error === undefined ? undefined : error instanceof Error ? error.message : String(error);
			state = { ...state, progress: { generation, ...(text !== undefined && { error: text }) } };
			if (text !== undefined && given) {
				events.warning(given, "ResizeError", `Pod resize error: ${detailsOf(given, text)}`);
			}
		},
		get waiting() {
			return waiting;
		},
		get state() {
			return state;
		},
	};
}

function detailsOf({ spec, metadata }: Pod, error?: string): string {
	const resourcesOf = (containers: Pod["spec"]["containers"] = []) =>
		containers.map(({ name, resources }) => ({ name, resources }));
	return JSON.stringify({
		...(spec.initContainers && { initContainers: resourcesOf(spec.initContainers) }),
		containers: resourcesOf(spec.containers),
		generation: metadata.generation,
		...(error !== undefined && { error }),
	});
}
