/** Starts one container: every step adds its share, then it is created and started. */
import type { Pod } from "@berth/api";
import { type ContainerSpec, type Namespaces, PLAIN_SECURITY } from "../runtime/container-spec.ts";
import { isRuntimeError, type RuntimeError } from "../runtime/runtime.ts";
import type { User } from "../steps/references.ts";
import { type ContainerScope, StepError } from "../steps/step.ts";
import type { StartAction } from "./actions.ts";
import type { PodEnvironment } from "./environment.ts";
import { fieldPathOf } from "./field-path.ts";
import { containerName, identityLabels, LABEL, podIdOf } from "./labels.ts";
import { latestOf, type ObservedPod } from "./observed.ts";
import { memoryRequestOf, restartsToChange } from "./resize-plan.ts";

export interface StartOptions {
	readonly pod: Pod;
	readonly podIps: readonly string[];
	readonly action: StartAction;
	readonly observed: ObservedPod;
	readonly user: User;
	readonly signal: AbortSignal;
}

/** Answers with the new container's id. Throws StepError with the reason that the container's status shows. */
export async function startContainer(environment: PodEnvironment, options: StartOptions): Promise<string> {
	const { runtime, steps, events } = environment;
	const { pod, action, podIps, user, signal } = options;
	const { container, sort, attempt, name } = action;
	const scope: ContainerScope = { pod, container, sort, attempt, podIps, user, signal };
	let spec = bareSpec(environment, options);
	for (const step of steps) {
		signal.throwIfAborted();
		if (step.container) spec = await step.container(spec, scope);
	}
	signal.throwIfAborted();
	const id = await create(environment, spec);
	const part = fieldPathOf(pod, name);
	events.normal(pod, "Created", `Created container: ${name}`, part);
	try {
		await runtime.start(id);
	} catch (error) {
		if (!isRuntimeError(error, "cannotStart")) throw error;
		events.warning(pod, "Failed", `Error: ${error.message}`, part);
		// The container stays: it counts as an attempt, and says why it failed.
		throw new StepError("RunContainerError", error.message, { first: 0, most: 0 });
	}
	events.normal(pod, "Started", `Started container ${name}`, part);
	return id;
}

/** A leftover of the same name, of ours or not, is in the way: it never ran, else this would be another attempt. */
async function create({ runtime, log }: PodEnvironment, spec: ContainerSpec): Promise<string> {
	try {
		return await runtime.create(spec);
	} catch (error) {
		if (!isRuntimeError(error, "conflict")) throw creationError(error);
		const other = await runtime.inspect(spec.name);
		if (other?.state === "running") throw creationError(error);
		log.warn({ name: spec.name }, "removing a leftover that has the name of a container to be made");
		if (other) await runtime.remove(other.id);
	}
	try {
		return await runtime.create(spec);
	} catch (error) {
		throw creationError(error);
	}
}

function creationError(error: unknown): unknown {
	if (!isRuntimeError(error) || error.failure === "unreachable") return error;
	return new StepError("CreateContainerError", (error as RuntimeError).message);
}

function bareSpec({ nodeName }: PodEnvironment, { pod, action, observed }: StartOptions): ContainerSpec {
	const { container, sandbox, attempt, backoff, round } = action;
	const identity = { node: nodeName, pod: podIdOf(pod), container: container.name, attempt };
	const { hostNetwork, hostIPC } = pod.spec;
	const join = { join: sandbox };
	return {
		name: containerName(identity),
		labels: {
			...identityLabels(identity),
			[LABEL.sandbox]: sandbox,
			[LABEL.backoff]: `${backoff}`,
			...(round > 0 && { [LABEL.round]: `${round}` }),
			...(restartsToChange(container, "memory") && {
				[LABEL.memoryRequest]: `${memoryRequestOf(container)}`,
			}),
			[LABEL.grace]: `${pod.spec.terminationGracePeriodSeconds ?? 30}`,
		},
		image: container.image ?? "",
		...(container.command && { command: container.command }),
		...(container.args && { args: container.args }),
		env: [],
		...(container.workingDir && { workingDirectory: container.workingDir }),
		namespaces: {
			network: hostNetwork ? "host" : join,
			ipc: hostIPC ? "host" : join,
			pid: processesOf(pod, action, observed),
		},
		mounts: [],
		resources: { oomScore: 0 },
		security: PLAIN_SECURITY,
		stdin: container.stdin ?? false,
		stdinOnce: container.stdinOnce ?? false,
		tty: container.tty ?? false,
		...(container.lifecycle?.stopSignal && { stopSignal: container.lifecycle.stopSignal }),
	};
}

/** Whose processes a container sees: its own, its pod's, its host's, or those of the container it was added to debug. */
function processesOf(
	{ spec }: Pod,
	{ container, sandbox }: StartAction,
	observed: ObservedPod,
): Namespaces["pid"] {
	if (spec.hostPID) return "host";
	if (spec.shareProcessNamespace) return { join: sandbox };
	const target = spec.ephemeralContainers?.find(({ name }) => name === container.name)?.targetContainerName;
	if (!target) return "private";
	const latest = latestOf(observed, target);
	if (latest?.state === "running") return { join: latest.id };
	throw new StepError("CreateContainerError", `unable to find target container ${target}`);
}
