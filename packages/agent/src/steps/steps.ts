/** The steps of every pod, in order: the one place that lists them. Released in reverse. */
import type { PodStep } from "./step.ts";

export function createSteps(): readonly PodStep[] {
	return [];
}
