/** A container's image: here, or pulled as its policy says. */
import { fieldPathOf } from "../../pods/field-path.ts";
import { LABEL } from "../../pods/labels.ts";
import type { ContainerSpec } from "../../runtime/container-spec.ts";
import type { ImageInfo } from "../../runtime/runtime.ts";
import type { PodStep } from "../step.ts";
import type { ImagePuller } from "./puller.ts";

export function imagesStep({ puller }: { readonly puller: ImagePuller }): PodStep {
	return {
		name: "images",
		async container(spec, { pod, container, signal }) {
			const { image = "", imagePullPolicy: policy } = container;
			const part = fieldPathOf(pod, container.name);
			const { name, info } = await puller.ensure({ pod, image, policy, part, signal });
			return withDigest(spec, info, name);
		},
	};
}

/** The exact image by the name that its registry knows it by; one that was never in a registry has none. */
function withDigest(spec: ContainerSpec, image: ImageInfo | undefined, name: string): ContainerSpec {
	const { digests = [] } = image ?? {};
	const repository = name.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
	const digest = digests.find((each) => each.startsWith(`${repository}@`)) ?? digests[0];
	return digest ? { ...spec, labels: { ...spec.labels, [LABEL.digest]: digest } } : spec;
}
