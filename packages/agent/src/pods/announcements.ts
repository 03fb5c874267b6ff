/** What is told once of a pod's state, not each time it is looked at. */
import { isPodTerminal, mayRestart, type Pod } from "@berth/api";
import type { EventRecorder } from "@berth/reconcile";
import { delayOf } from "./backoff.ts";
import { fieldPathOf } from "./field-path.ts";
import { containerOf, latestOf, type ObservedPod } from "./observed.ts";
import type { Outcome } from "./outcome.ts";

export interface Announcements {
	/** For a pod that is to run. */
	tell(pod: Pod, observed: ObservedPod, outcome: Outcome | undefined): void;
}

export function createAnnouncements(events: EventRecorder): Announcements {
	/** Ids of containers whose waiting was told of. */
	const told = new Set<string>();
	let toldDeadline = false;

	function tellDeadline(pod: Pod, { reason, message = "" }: Outcome): void {
		if (reason !== "DeadlineExceeded" || isPodTerminal(pod) || toldDeadline) return;
		toldDeadline = true;
		events.normal(pod, reason, message);
	}

	/** Once for each end of a container that now has to wait. */
	function tellBackOffs(pod: Pod, observed: ObservedPod): void {
		const { name, namespace, uid } = pod.metadata;
		const present = new Set(observed.containers.map(({ id }) => id));
		for (const id of told) if (!present.has(id)) told.delete(id);
		for (const container of observed.containers) {
			const { id, state, exitCode } = container;
			if (state !== "exited" || told.has(id) || container !== latestOf(observed, container.name)) continue;
			const spec = containerOf(pod, container.name);
			if (delayOf(container) === 0 || !spec || !mayRestart(pod.spec, spec, exitCode)) continue;
			told.add(id);
			events.warning(
				pod,
				"BackOff",
				`Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`,
				fieldPathOf(pod, container.name),
			);
		}
	}

	return {
		tell(pod, observed, outcome) {
			if (outcome) tellDeadline(pod, outcome);
			else tellBackOffs(pod, observed);
		},
	};
}
