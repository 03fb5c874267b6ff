/** Does what was decided for a pod. Every action may be cut short at any point and done again. */
import { isConflict, isNotFound, mayRestart, Pod } from "@berth/api";
import { terminationLogPath } from "../steps/files/files.ts";
import { removeTree } from "../steps/pod-directory.ts";
import type { User } from "../steps/references.ts";
import { StepError } from "../steps/step.ts";
import type { Action, StartAction, StopReason } from "./actions.ts";
import type { PodEnvironment } from "./environment.ts";
import { fieldPathOf } from "./field-path.ts";
import { podIdOf } from "./labels.ts";
import { containerOf, type ObservedContainer, type ObservedPod } from "./observed.ts";
import { preStopOf, runPostStart } from "./pod-hooks.ts";
import { resizePod } from "./resize-apply.ts";
import { createSandbox, stopSandboxes } from "./sandbox.ts";
import { startContainer } from "./start-container.ts";
import { stopContainer } from "./stop-container.ts";

/** How a container ends that did not listen to its stop signal. */
const KILLED = 137;

export interface Task {
	readonly pod: Pod;
	readonly observed: ObservedPod;
	readonly podIps: readonly string[];
	/** Milliseconds from a stop signal to the kill. */
	readonly graceOf: (container: ObservedContainer, why: StopReason) => number;
	/** Ids of containers whose preStop hook has run to its end; those of this task are added. */
	readonly hooksDone: Set<string>;
	/** Resolves when the pod's newest status is on the server. */
	readonly flushed: () => Promise<void>;
	readonly user: User;
	readonly signal: AbortSignal;
}

export async function apply(environment: PodEnvironment, action: Action, task: Task): Promise<void> {
	const { runtime, network, steps, events, clock } = environment;
	const { pod, observed, signal } = task;
	switch (action.do) {
		case "prepare":
			for (const step of steps) {
				signal.throwIfAborted();
				await step.prepare?.({ pod, signal, user: task.user });
			}
			return;
		case "createSandbox":
			if (observed.sandboxes.length > 0)
				events.normal(pod, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
			return failing("FailedCreatePodSandBox", "Failed to create pod sandbox", () =>
				createSandbox(environment, pod, action.attempt),
			);
		case "connect": {
			const sandbox = observed.sandboxes.find(({ id }) => id === action.sandbox);
			if (!sandbox) return;
			await failing(
				"FailedCreatePodSandBox",
				"Failed to create pod sandbox: failed to set up the network",
				() => network.connect(pod, sandbox),
			);
			return;
		}
		case "start":
			return start(environment, action, task);
		case "stop": {
			const { target, why } = action;
			events.normal(pod, "Killing", stopMessage(pod, target.name, why), fieldPathOf(pod, target.name));
			await stopContainer({
				runtime,
				id: target.id,
				grace: task.graceOf(target, why),
				hook: task.hooksDone.has(target.id) ? undefined : preStopOf(environment, task, target),
				clock,
				signal,
			});
			return;
		}
		case "resize":
			return resizePod(environment, pod, action.changes);
		case "remove": {
			await runtime.remove(action.id);
			const attempt = observed.containers.find(({ id }) => id === action.id)?.attempt ?? 0;
			const directory = environment.directories.of(pod.metadata.uid);
			return removeTree(terminationLogPath(directory, action.name, attempt));
		}
		case "stopSandbox":
			return stopSandboxes(environment, pod, observed);
		case "removeSandbox":
			return runtime.remove(action.id);
		case "clear":
			for (const step of steps.toReversed()) await step.clear?.(podIdOf(pod));
			return;
		case "release":
			for (const step of steps.toReversed()) await step.release?.(podIdOf(pod));
			await removeTree(environment.directories.of(pod.metadata.uid));
			return;
		case "confirm":
			await task.flushed();
			return confirm(environment, pod);
		case "forget":
			return;
	}
}

async function start(environment: PodEnvironment, action: StartAction, task: Task): Promise<void> {
	const { pod, podIps, user, observed, signal } = task;
	const id = await startContainer(environment, { pod, podIps, action, user, observed, signal });
	await runPostStart(environment, action, id, { pod, podIps, signal });
}

async function failing<T>(reason: string, what: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw new StepError(reason, `${what}: ${error instanceof Error ? error.message : error}`, {
			first: 1_000,
			most: 60_000,
		});
	}
}

/** The API server lets a pod go when its agent says, with no grace left, that nothing of it runs. */
async function confirm({ client }: PodEnvironment, pod: Pod): Promise<void> {
	const { namespace, name, uid } = pod.metadata;
	try {
		await client.delete(Pod, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
	} catch (error) {
		if (!isNotFound(error) && !isConflict(error)) throw error;
	}
}

function stopMessage(pod: Pod, name: string, why: StopReason): string {
	switch (why) {
		case "liveness":
		case "startup": {
			const container = containerOf(pod, name);
			const goesOn = container !== undefined && mayRestart(pod.spec, container, KILLED);
			return `Container ${name} failed ${why} probe${goesOn ? ", will be restarted" : ""}`;
		}
		case "imageChanged":
			return `Container ${name} definition changed, will be restarted`;
		case "resized":
			return `Container ${name} resize requires restart`;
		case "sandboxChanged":
			return `Stopping container ${name}: the pod's sandbox is gone`;
		case "allRestart":
			return `Stopping container ${name}: all containers of the pod restart`;
		default:
			return `Stopping container ${name}`;
	}
}
