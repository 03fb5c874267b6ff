import type { Pod } from "./pod.ts";

export interface ClaimOfPod {
	readonly name: string;
	/** It is made for the pod, and goes with it. */
	readonly isEphemeral: boolean;
}

/** The claims a pod uses, in the order of its volumes; one that is made for a volume is named after pod and volume. */
export const claimsOfPod = ({ metadata, spec }: Pod): readonly ClaimOfPod[] =>
	(spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): ClaimOfPod[] => {
		if (persistentVolumeClaim) return [{ name: persistentVolumeClaim.claimName, isEphemeral: false }];
		return ephemeral ? [{ name: `${metadata.name}-${name}`, isEphemeral: true }] : [];
	});
