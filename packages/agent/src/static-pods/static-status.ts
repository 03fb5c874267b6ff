/** The status of a pod that the API does not have: kept here, and shown by its mirror. */
import { deepEqual, type Pod } from "@berth/api";
import type { StatusWriter } from "../pods/status-writer.ts";

/** `changed` after each status that says something else. */
export function createStaticStatus(first: Pod, changed: () => void): StatusWriter {
	let pod = first;
	return {
		write(status) {
			if (deepEqual(pod.status, status)) return;
			pod = { ...pod, status };
			changed();
		},
		// A changed manifest is another pod, and of this one nobody else has a word.
		known() {},
		get pod() {
			return pod;
		},
		flushed: async () => {},
	};
}
