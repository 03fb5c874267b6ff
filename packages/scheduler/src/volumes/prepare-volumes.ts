/** Makes the volumes of a decision come true: gives free ones to their claims, and tells provisioners where to make others. */
import {
	givenTo,
	keyOf,
	type Logger,
	PersistentVolume,
	PersistentVolumeClaim,
	SELECTED_NODE,
} from "@berth/api";
import type { Client } from "@berth/client";
import type { PodInfo } from "../cluster/pod-info.ts";
import { isGiven, type VolumePlan } from "./volume-plan.ts";

export interface VolumePreparer {
	/** True when all is written; the claims are bound some time later. False: somebody was faster. */
	prepare(pod: PodInfo, plan: VolumePlan, node: string): Promise<boolean>;
	promisedTo(volume: string): string | undefined;
	/** The server shows the volume, or that it is gone: it speaks for itself. */
	shown(volume: PersistentVolume, isGone: boolean): void;
}

export function createVolumePreparer(client: Client, log: Logger): VolumePreparer {
	const promises = new Map<string, string>();

	const select = (claim: PersistentVolumeClaim, node: string) =>
		client.update(PersistentVolumeClaim, {
			...claim,
			metadata: {
				...claim.metadata,
				annotations: { ...claim.metadata.annotations, [SELECTED_NODE]: node },
			},
		});

	return {
		prepare: async (pod, { bindings, provisions }, node) => {
			const given = bindings.filter(({ claim, volume }) => !isGiven(volume, claim));
			for (const { claim, volume } of given) promises.set(volume.metadata.name, keyOf(claim));
			try {
				for (const { claim, volume } of given) await client.update(PersistentVolume, givenTo(claim, volume));
				for (const claim of provisions)
					if (claim.metadata.annotations?.[SELECTED_NODE] !== node) await select(claim, node);
				return true;
			} catch (error) {
				for (const { volume } of given) promises.delete(volume.metadata.name);
				log.warn({ err: error, pod: pod.key, node }, "cannot prepare the volumes of a pod");
				return false;
			}
		},
		promisedTo: (volume) => promises.get(volume),
		shown: ({ metadata, spec }, isGone) => {
			if (isGone || spec.claimRef?.uid) promises.delete(metadata.name);
		},
	};
}
