/** What the API server itself writes into pods: the status of a new one, and the mark of one that is held back. */

import type { Pod } from "./pod.ts";
import { podQosClass } from "./pod-resources.ts";
import type { PodStatus } from "./pod-status.ts";

/** A new pod is Pending; whatever its maker said of its status is forgotten. */
export function newPodStatus({ spec }: Pod): PodStatus {
	return {
		phase: "Pending",
		qosClass: podQosClass(spec),
		...(spec.schedulingGates?.length ? { conditions: [GATED] } : {}),
	};
}

const GATED = {
	type: "PodScheduled",
	status: "False",
	reason: "SchedulingGated",
	message: "Scheduling is blocked due to non-empty scheduling gates",
} as const;
