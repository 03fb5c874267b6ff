/** The pause container of a pod: its namespaces are the pod's. */
import type { Pod } from "@berth/api";
import { ensurePauseImage, PAUSE_IMAGE } from "../pause/pause-image.ts";
import { type ContainerSpec, LEAST_SECURITY } from "../runtime/container-spec.ts";
import { isRuntimeError } from "../runtime/runtime.ts";
import type { PodEnvironment } from "./environment.ts";
import { containerName, identityLabels, LABEL, podIdOf, SANDBOX } from "./labels.ts";
import type { ObservedPod } from "./observed.ts";

/** Among the last that the kernel kills for memory: with it goes the whole pod. */
const OOM_SCORE = -998;
const CPU_SHARES = 2;
const MOST_CONFLICTS = 5;

/** Makes and starts the sandbox of this attempt, or of a later one when that name is taken. */
export async function createSandbox(environment: PodEnvironment, pod: Pod, attempt: number): Promise<void> {
	const { runtime, log } = environment;
	for (let next = attempt; ; next += 1) {
		const spec = await sandboxSpec(environment, pod, next);
		try {
			const id = await runtime.create(spec);
			await runtime.start(id);
			return;
		} catch (error) {
			if (isRuntimeError(error, "noImage")) {
				await ensurePauseImage(runtime);
				next -= 1;
			} else if (isRuntimeError(error, "conflict") && next < attempt + MOST_CONFLICTS) {
				log.warn({ error, name: spec.name }, "another container has the name of a sandbox, taking the next");
			} else {
				throw error;
			}
		}
	}
}

async function sandboxSpec(
	{ nodeName, steps }: PodEnvironment,
	pod: Pod,
	attempt: number,
): Promise<ContainerSpec> {
	const identity = { node: nodeName, pod: podIdOf(pod), container: SANDBOX, attempt };
	const { hostNetwork, hostIPC, hostPID } = pod.spec;
	let spec: ContainerSpec = {
		name: containerName(identity),
		labels: {
			...identityLabels(identity),
			[LABEL.grace]: `${pod.spec.terminationGracePeriodSeconds ?? 30}`,
		},
		image: PAUSE_IMAGE,
		env: [],
		namespaces: {
			network: hostNetwork ? "host" : "none",
			ipc: hostIPC ? "host" : "shareable",
			pid: hostPID ? "host" : "private",
		},
		mounts: [],
		resources: { oomScore: OOM_SCORE, cpuShares: CPU_SHARES },
		security: LEAST_SECURITY,
		stdin: false,
		stdinOnce: false,
		tty: false,
	};
	for (const step of steps) if (step.sandbox) spec = await step.sandbox(spec, pod);
	return spec;
}

/** Gives back the network and ends every sandbox of the pod; harmless when there is none. */
export async function stopSandboxes(
	environment: PodEnvironment,
	pod: Pod,
	observed: ObservedPod,
): Promise<void> {
	const { network, runtime } = environment;
	const record = await network.recordOf(pod.metadata.uid);
	const connected = observed.sandboxes.find((sandbox) => sandbox.id === record?.sandbox);
	await network.disconnect(podIdOf(pod), connected?.running ? connected.pid : 0);
	for (const { id } of observed.sandboxes.filter((sandbox) => sandbox.running)) {
		await runtime.signal(id, "SIGKILL");
		await runtime.wait(id);
	}
}
