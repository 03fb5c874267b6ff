/** Revision numbers and the annotations that a deployment shares with its ReplicaSets. Pure. */
import type { Deployment, ReplicaSet } from "@berth/api";
import { budgetOf } from "./budget.ts";

export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const DEPRECATED_ROLLBACK = "deprecated.deployment.rollback.to";

/** Stay with the object they are on. */
const OWN: ReadonlySet<string> = new Set([
	REVISION,
	REVISION_HISTORY,
	DESIRED_REPLICAS,
	MAX_REPLICAS,
	LAST_APPLIED,
	DEPRECATED_ROLLBACK,
]);

const MAX_INT64 = 2n ** 63n - 1n;

/** 64 bits: clients write revisions that a number cannot hold. 0 where there is none. */
export function revisionOf(set: ReplicaSet): bigint {
	const text = set.metadata.annotations?.[REVISION];
	const revision = text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : 0n;
	return revision < MAX_INT64 ? revision : 0n;
}

export const newestRevision = (sets: readonly ReplicaSet[]): bigint =>
	sets
		.map(revisionOf)
		.toSorted((a, b) => Number(a - b))
		.at(-1) ?? 0n;

/** What the deployment wanted when it last scaled this set; undefined when it never did. */
export function desiredReplicas(set: ReplicaSet): number | undefined {
	const text = set.metadata.annotations?.[DESIRED_REPLICAS];
	return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

export function sizeAnnotations(deployment: Deployment): Readonly<Record<string, string>> {
	const replicas = deployment.spec.replicas ?? 1;
	return {
		[DESIRED_REPLICAS]: String(replicas),
		[MAX_REPLICAS]: String(replicas + budgetOf(deployment).surge),
	};
}

/**
 * Annotations of the current ReplicaSet: the deployment's, with the revision it has now. A set that comes back by a
 * rollback remembers the revisions it had.
 */
export function currentSetAnnotations(
	deployment: Deployment,
	revision: bigint,
	existing?: ReplicaSet,
): Readonly<Record<string, string>> {
	const shared = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
	const kept = Object.fromEntries(
		Object.entries(existing?.metadata.annotations ?? {}).filter(([key]) => OWN.has(key)),
	);
	const old = existing ? revisionOf(existing) : 0n;
	const result: Record<string, string> = {
		...kept,
		...Object.fromEntries(shared),
		[REVISION]: String(revision),
	};
	if (old > 0n && old < revision) {
		const history = existing?.metadata.annotations?.[REVISION_HISTORY];
		result[REVISION_HISTORY] = history ? `${history},${old}` : String(old);
	}
	return result;
}
