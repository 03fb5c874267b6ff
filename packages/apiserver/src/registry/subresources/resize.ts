/** pods/resize: a running pod is given more, or less; nothing else of it changes. */
import { type Container, Pod, validatePodResize } from "@berth/api";
import { withDefaults } from "../create.ts";
import { withGeneration } from "../metadata.ts";
import type { Target } from "../target.ts";
import { validateChanged } from "../validation.ts";
import { PodAlone } from "./pod-alone.ts";

export const resizeTarget: Target = {
	kind: Pod,
	view: (stored) => stored,
	merge: (body, stored) => {
		const pod = stored as Pod;
		const { containers, initContainers, resources } = (body as Partial<Pod>).spec ?? {};
		const next: Pod = {
			...pod,
			spec: {
				...pod.spec,
				...(resources && { resources }),
				containers: resized(pod.spec.containers, containers),
				...(pod.spec.initContainers
					? { initContainers: resized(pod.spec.initContainers, initContainers) }
					: {}),
			},
		};
		return withGeneration(Pod, withDefaults(Pod, next), stored);
	},
	validate: (next, stored) => [
		...validateChanged(PodAlone, next, stored),
		...validatePodResize(next as Pod, stored as Pod),
	],
	creates: false,
};

/** The stored containers with the resources that the body gives them. What it adds or moves is for validation to refuse. */
const resized = (stored: readonly Container[], body: readonly Container[] = []): readonly Container[] =>
	body.map((wanted) => {
		const container = stored.find(({ name }) => name === wanted.name);
		if (!container) return wanted;
		const { resources, resizePolicy } = wanted;
		return { ...container, resources, resizePolicy };
	});
