/** pods/ephemeralcontainers: containers for debugging may be added to a running pod, and stay as they are from then on. */
import { deepEqual, type FieldError, forbiddenField, type KubeObject, Pod } from "@berth/api";
import { withDefaults } from "../create.ts";
import { withGeneration } from "../metadata.ts";
import type { Target } from "../target.ts";
import { validateChanged } from "../validation.ts";
import { PodAlone } from "./pod-alone.ts";

const FIELD = "spec.ephemeralContainers";

export const ephemeralContainersTarget: Target = {
	kind: Pod,
	view: (stored) => stored,
	merge: (body, stored) => {
		const pod = stored as Pod;
		const ephemeralContainers = (body as Partial<Pod>).spec?.ephemeralContainers;
		const next: Pod = { ...pod, spec: { ...pod.spec, ephemeralContainers } };
		return withGeneration(Pod, withDefaults(Pod, next), stored);
	},
	validate: (next, stored) => {
		const errors = changedContainers(next, stored);
		// The main resource may not change them at all, so its own rules see them as they were.
		return errors.length ? errors : validateChanged(PodAlone, next, stored);
	},
	creates: false,
};

function changedContainers(next: KubeObject, stored: KubeObject): FieldError[] {
	const after = new Map(
		((next as Pod).spec.ephemeralContainers ?? []).map((container) => [container.name, container]),
	);
	return ((stored as Pod).spec.ephemeralContainers ?? []).flatMap((container) => {
		const name = JSON.stringify(container.name);
		const now = after.get(container.name);
		if (!now) return forbiddenField(FIELD, `existing ephemeral containers ${name} may not be removed`);
		if (deepEqual(now, container)) return [];
		return forbiddenField(FIELD, `existing ephemeral containers ${name} may not be changed`);
	});
}
