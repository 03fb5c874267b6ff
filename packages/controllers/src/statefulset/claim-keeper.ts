/** Makes the claims that a stateful set's pods need, and sees to it that they go with whom they should. */
import {
	type Draft,
	isAlreadyExists,
	isNamespaceTerminating,
	keyOf,
	PersistentVolumeClaim,
	type Pod,
	type StatefulSet,
} from "@berth/api";
import { type ControllerEnvironment, created, ownWritesSeen } from "@berth/reconcile";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { claimNames, claimsOf, isStale, ownersToMend } from "./claims.ts";
import { ordinalOf, podName } from "./identity.ts";

export interface ClaimKeeper {
	/** Claims of the pod with this number, made where they are missing. False: an old one must go first. */
	provide(set: StatefulSet, ordinal: number, signal: AbortSignal): Promise<boolean>;
	/** Owners of the pod's claims after the set's retention policy. */
	mend(set: StatefulSet, pod: Pod): Promise<void>;
}

export function createClaimKeeper({ client, informers, events, clock }: ControllerEnvironment): ClaimKeeper {
	const claims = informers.of(PersistentVolumeClaim);
	const get = ({ metadata }: StatefulSet, name: string) => claims.get(`${metadata.namespace}/${name}`);

	async function create(
		set: StatefulSet,
		pod: string,
		draft: Draft<PersistentVolumeClaim>,
		signal: AbortSignal,
	) {
		const { name } = draft.metadata;
		try {
			const claim = await client.create(PersistentVolumeClaim, draft);
			const message = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
			events.normal(set, "SuccessfulCreate", message);
			const written = new Map([[keyOf(claim), created(claim)]]);
			await ownWritesSeen({ informer: claims, written, clock, signal });
		} catch (error) {
			if (isAlreadyExists(error)) return;
			if (isNamespaceTerminating(error)) throw error;
			const reason = error instanceof Error ? error.message : String(error);
			const message = `create Claim ${name} for Pod ${pod} in StatefulSet ${set.metadata.name} failed error: ${reason}`;
			events.warning(set, "FailedCreate", message);
			throw error;
		}
	}

	return {
		provide: async (set, ordinal, signal) => {
			const pod = podName(set, ordinal);
			for (const draft of claimsOf(set, ordinal)) {
				const present = get(set, draft.metadata.name ?? "");
				if (present && isStale(present, pod, undefined)) return false;
				if (!present) await create(set, pod, draft, signal);
			}
			return true;
		},
		mend: async (set, pod) => {
			const ordinal = ordinalOf(set, pod.metadata.name);
			if (ordinal === undefined) return;
			for (const name of claimNames(set, ordinal)) {
				const claim = get(set, name);
				const ownerReferences = claim && ownersToMend(set, pod, claim);
				if (!claim || !ownerReferences) continue;
				await unlessOvertaken(() =>
					client.update(PersistentVolumeClaim, {
						...claim,
						metadata: { ...claim.metadata, ownerReferences },
					}),
				);
			}
		},
	};
}
