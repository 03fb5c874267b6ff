/**
 * Counts what is used of each quota: when the quota changes, and when something goes that it counts. What comes is charged
 * by the API server as it is admitted; charges for what was not stored after all are found when all is counted again.
 */
import {
	type AnyKind,
	deepEqual,
	isPodTerminal,
	type KubeObject,
	keyOf,
	Pod,
	ResourceQuota,
} from "@berth/api";
import type { Change } from "@berth/client";
import { type Controller, type ControllerEnvironment, type Source, watch } from "@berth/reconcile";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { createServedKinds } from "../served-kinds/served-kinds.ts";
import { countQuota, kindsOf } from "./count.ts";

/** Milliseconds. */
const COUNT_AGAIN = 5 * 60_000;
/** After the count has changed: what was charged but not yet seen while it was taken shows by then. */
const COUNT_SOON = 5_000;

export function createResourceQuotaController(environment: ControllerEnvironment): Controller {
	const { client, informers, clock } = environment;
	const quotas = informers.of(ResourceQuota);
	const served = createServedKinds({
		...environment,
		wanted: (kind) => kind.namespaced && kind.kind !== "Event" && kind.verbs.includes("watch"),
	});

	async function reconcile(key: string) {
		const quota = quotas.get(key);
		if (!quota) return undefined;
		const { namespace } = quota.metadata;
		const counted = kindsOf(quota, served.all()).map((kind) => ({
			kind,
			objects: informers.of<KubeObject>(kind).list(namespace),
		}));
		const status = countQuota(quota, counted, clock.now());
		if (deepEqual(status, quota.status)) return { requeueAfter: COUNT_AGAIN };
		await unlessOvertaken(() => client.updateStatus(ResourceQuota, { ...quota, status }));
		return { requeueAfter: COUNT_SOON };
	}

	const freed = (kind: AnyKind): Source =>
		watch(informers.of<KubeObject>(kind), (change) => {
			const present = quotas.list(change.object.metadata.namespace);
			if (present.length === 0 || !frees(kind, change)) return [];
			return present.filter((quota) => kindsOf(quota, [kind]).length > 0).map(keyOf);
		});

	return {
		name: "resource-quota",
		workers: 2,
		sources: [
			// Charges change the status alone, and must not be overwritten before what they are for is stored.
			watch(quotas, ({ object, old }) => (old && deepEqual(old.spec, object.spec) ? [] : [keyOf(object)])),
			served.source(freed),
		],
		reconcile,
	};
}

/** Less may be used now: it is gone, has ended, or its own size may have changed. */
function frees(kind: AnyKind, { type, object, old }: Change<KubeObject>): boolean {
	if (type === "deleted") return true;
	if (type === "added" || !old) return false;
	if (kind === Pod)
		return isPodTerminal(object as Pod) !== isPodTerminal(old as Pod) || specChanged(object, old);
	return (kind.plural === "services" || kind.plural === "persistentvolumeclaims") && specChanged(object, old);
}

const specChanged = (object: KubeObject, old: KubeObject): boolean =>
	!deepEqual((object as { readonly spec?: unknown }).spec, (old as { readonly spec?: unknown }).spec);
