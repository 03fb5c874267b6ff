/** Which of Docker's runtimes a pod runs in: its RuntimeClass says the name that dockerd has one configured under. */
import { type Pod, RuntimeClass } from "@berth/api";
import type { PodStep } from "../step.ts";
import { StepError } from "../step.ts";

export function runtimeClassStep({
	classOf,
}: {
	readonly classOf: (name: string) => RuntimeClass | undefined;
}): PodStep {
	/** Undefined for Docker's default, which tools for Kubernetes on Docker call by Docker's own name. Throws StepError when the class is not there. */
	function handlerOf({ spec }: Pod): string | undefined {
		const name = spec.runtimeClassName;
		if (!name) return undefined;
		const found = classOf(name);
		if (!found) {
			throw new StepError(
				"FailedCreatePodSandBox",
				`failed to get sandbox runtime: ${RuntimeClass.plural}.node.k8s.io ${JSON.stringify(name)} not found`,
			);
		}
		return found.handler === "docker" ? undefined : found.handler;
	}
	return {
		name: "runtime class",
		sandbox: (spec, pod) => {
			if (pod.spec.hostUsers === false && !pod.spec.hostNetwork) {
				throw new StepError(
					"FailedCreatePodSandBox",
					"user namespaces are not supported: Docker maps users for all of its containers or for none (hostUsers: false)",
				);
			}
			return { ...spec, runtime: handlerOf(pod) };
		},
		container: (spec, { pod }) => ({ ...spec, runtime: handlerOf(pod) }),
	};
}
