/** Questions about a pod's state that controllers, scheduler, proxy and agent all ask. Pure. */
import type { Container } from "./container.ts";
import type { Pod } from "./pod.ts";
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
