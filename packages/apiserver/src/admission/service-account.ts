/** Every pod runs as a service account that exists; it gets the account's pull secrets and a token of it. */
import { type Clock, Pod, ServiceAccount } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, isAbout, refuse } from "./admission.ts";
import { withTokenVolume } from "./token-volume.ts";

const DEFAULT_ACCOUNT = "default";
/** Put there by the agent for pods that it runs from files. */
const MIRROR = "kubernetes.io/config.mirror";
/** A new namespace's default account is made a moment after it. */
const WAIT = 2_000;
const STEP = 50;

export interface ServiceAccountOptions {
	readonly objects: Objects;
	readonly clock: Clock;
	/** In [0, 1). */
	readonly random: () => number;
}

export function serviceAccount({ objects, clock, random }: ServiceAccountOptions): AdmissionPlugin {
	return {
		name: "ServiceAccount",
		admit: async (request) => {
			if (!isAbout(request, Pod) || request.operation !== "CREATE" || !request.object) return undefined;
			const pod = request.object as Pod;
			if (pod.metadata.annotations?.[MIRROR] !== undefined) {
				if (pod.spec.serviceAccountName)
					throw refuse(request, "a mirror pod may not reference service accounts");
				return undefined;
			}
			const name = pod.spec.serviceAccountName || DEFAULT_ACCOUNT;
			const key = `${request.namespace}/${name}`;
			const accounts = objects.of<ServiceAccount>(ServiceAccount);
			const deadline = clock.now() + (name === DEFAULT_ACCOUNT ? WAIT : 0);
			while (!accounts.get(key) && clock.now() < deadline && !request.signal.aborted) {
				await clock.sleep(STEP, request.signal);
			}
			const account = accounts.get(key)?.object;
			if (!account) {
				throw refuse(request, `error looking up service account ${key}: serviceaccount "${name}" not found`);
			}
			const imagePullSecrets = pod.spec.imagePullSecrets?.length
				? pod.spec.imagePullSecrets
				: account.imagePullSecrets;
			const spec = {
				...pod.spec,
				serviceAccountName: name,
				serviceAccount: name,
				...(imagePullSecrets?.length ? { imagePullSecrets } : {}),
			};
			return withTokenVolume({ ...pod, spec }, account, random);
		},
	};
}
