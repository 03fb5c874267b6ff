/** Questions about a pod's state that controllers, scheduler, proxy and agent all ask. Pure. */
import type { Container, ContainerRestartRule } from "./container.ts";
import type { Pod } from "./pod.ts";
import type { PodSpec } from "./pod-spec.ts";
import type { PodCondition } from "./pod-status.ts";

/** The pod's condition of this type, when it has one. */
export const podCondition = (pod: Pod, type: string): PodCondition | undefined =>
	pod.status?.conditions?.find((condition) => condition.type === type);

/** Condition Ready is True: the pod may receive traffic. */
export const isPodReady = (pod: Pod): boolean => podCondition(pod, "Ready")?.status === "True";

/** The pod will never run again: Succeeded or Failed. */
export const isPodTerminal = (pod: Pod): boolean =>
	pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

/** A sidecar: an init container that keeps running beside the others. */
export const isSidecar = (initContainer: Container): boolean => initContainer.restartPolicy === "Always";

/** Whether a container that ended so is started again: its own rules say, then its own policy, then the pod's. Debugging containers run once. */
export function mayRestart(spec: PodSpec, container: Container, exitCode: number): boolean {
	if (spec.ephemeralContainers?.some(({ name }) => name === container.name)) return false;
	if (restartRuleFor(container, exitCode)) return true;
	switch (container.restartPolicy ?? spec.restartPolicy ?? "Always") {
		case "Never":
			return false;
		case "OnFailure":
			return exitCode !== 0;
		default:
			return true;
	}
}

/** The first rule of the container that speaks of this exit code. */
export const restartRuleFor = (
	{ restartPolicyRules = [] }: Container,
	exitCode: number,
): ContainerRestartRule | undefined =>
	restartPolicyRules.find(({ exitCodes }) => {
		if (!exitCodes) return false;
		const named = exitCodes.values?.includes(exitCode) ?? false;
		return exitCodes.operator === "NotIn" ? !named : named;
	});
