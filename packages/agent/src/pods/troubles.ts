/** What failed for a pod lately: when to try again, and what its status and events say of it. */
import type { Clock, Pod } from "@berth/api";
import type { EventRecorder } from "@berth/reconcile";
import { StepError } from "../steps/step.ts";
import type { Action } from "./actions.ts";
import { retryKey } from "./actions.ts";
import type { Trouble } from "./container-status.ts";
import { fieldPathOf } from "./field-path.ts";

export interface Troubles {
	failed(action: Action, error: unknown, pod: Pod): void;
	succeeded(action: Action): void;
	/** Tries at once what waited for a change of the world around it. */
	hurry(): void;
	/** Milliseconds since the epoch, by retryKey. */
	readonly retryAt: ReadonlyMap<string, number>;
	/** By container. */
	readonly byContainer: ReadonlyMap<string, Trouble>;
	/** Cancels what it would still do. */
	close(): void;
}

interface Failure {
	readonly delay: number;
	readonly reason: string;
}

const UNNAMED = { first: 1_000, most: 60_000 };
/** How long a failed pull is shown as such before it is shown as being waited for. */
const PULL_SHOWN = 2_000;

export function createTroubles(clock: Clock, events: EventRecorder, changed: () => void): Troubles {
	const failures = new Map<string, Failure>();
	const retryAt = new Map<string, number>();
	const byContainer = new Map<string, Trouble>();
	const timers = new Map<string, () => void>();

	function forget(action: Action) {
		const key = retryKey(action);
		failures.delete(key);
		retryAt.delete(key);
		if (action.do !== "start") return;
		byContainer.delete(action.name);
		timers.get(action.name)?.();
		timers.delete(action.name);
	}

	function report(action: Action, error: unknown, pod: Pod): void {
		const message = error instanceof Error ? error.message : String(error);
		const part = action.do === "start" ? fieldPathOf(pod, action.name) : undefined;
		if (action.do === "prepare") events.warning(pod, "FailedMount", message);
		else if (!(error instanceof StepError)) events.warning(pod, "FailedSync", `Error: ${message}`);
		else if (error.reason === "FailedCreatePodSandBox") events.warning(pod, error.reason, message);
		else if (/^CreateContainer/.test(error.reason)) events.warning(pod, "Failed", `Error: ${message}`, part);
		else if (/^ErrImage|^InvalidImageName/.test(error.reason)) {
			events.warning(pod, "Failed", `Error: ${error.reason}`, part);
		}
	}

	/** A pull that failed is, after a moment, one that is waited for. */
	function backOff(action: Action, error: StepError, pod: Pod): void {
		if (action.do !== "start") return;
		const { name, container } = action;
		const cancel = clock.after(PULL_SHOWN, () => {
			timers.delete(name);
			const text = `Back-off pulling image "${error.image ?? container.image}"`;
			byContainer.set(name, {
				reason: "ImagePullBackOff",
				message: `${text}: ErrImagePull: ${error.message}`,
			});
			const part = fieldPathOf(pod, name);
			events.normal(pod, "BackOff", text, part);
			events.warning(pod, "Failed", "Error: ImagePullBackOff", part);
			changed();
		});
		timers.set(name, cancel);
	}

	return {
		retryAt,
		byContainer,
		failed(action, error, pod) {
			const key = retryKey(action);
			const known = error instanceof StepError ? error : undefined;
			const { first, most } = known?.retry ?? UNNAMED;
			const previous = failures.get(key);
			const reason = known?.reason ?? "";
			const repeated = previous?.reason === reason;
			const delay = repeated ? Math.min(Math.max(previous.delay * 2, first), most) : first;
			forget(action);
			failures.set(key, { delay, reason });
			retryAt.set(key, clock.now() + delay);
			if (action.do === "start") {
				const message = error instanceof Error ? error.message : String(error);
				byContainer.set(action.name, { reason: reason || "CreateContainerError", message });
			}
			report(action, error, pod);
			if (known?.reason === "ErrImagePull") backOff(action, known, pod);
		},
		succeeded: forget,
		hurry() {
			for (const [key, { reason }] of failures) {
				if (!reason.startsWith("ErrImage")) retryAt.delete(key);
			}
		},
		close() {
			for (const cancel of timers.values()) cancel();
			timers.clear();
		},
	};
}
