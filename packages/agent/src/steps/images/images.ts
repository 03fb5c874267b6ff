/** A container's image: here, or pulled as its policy says. */
import { fieldPathOf } from "../../pods/field-path.ts";
import { LABEL } from "../../pods/labels.ts";
import type { PodStep } from "../step.ts";
import { digestOf } from "./exact-image.ts";
import type { ImagePuller } from "./puller.ts";

export function imagesStep({ puller }: { readonly puller: ImagePuller }): PodStep {
	return {
		name: "images",
		async container(spec, { pod, container, signal }) {
			const { image = "", imagePullPolicy: policy } = container;
			const part = fieldPathOf(pod, container.name);
			const { name, info } = await puller.ensure({ pod, image, policy, part, signal });
			const digest = digestOf(info, name);
			return digest ? { ...spec, labels: { ...spec.labels, [LABEL.digest]: digest } } : spec;
		},
	};
}
