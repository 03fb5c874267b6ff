/** What of a quota is used. Pure. */
import {
	type AnyKind,
	isCountedOn,
	type KubeObject,
	quotaQuantity,
	quotaSelects,
	quotaUsage,
	type ResourceQuota,
	type ResourceQuotaStatus,
} from "@berth/api";

export interface Counted {
	readonly kind: AnyKind;
	/** All of the quota's namespace. */
	readonly objects: readonly KubeObject[];
}

/** Kinds whose objects the quota counts. */
export const kindsOf = ({ spec }: ResourceQuota, kinds: readonly AnyKind[]): readonly AnyKind[] =>
	kinds.filter((kind) => Object.keys(spec.hard ?? {}).some((name) => isCountedOn(name, kind)));

export function countQuota(
	quota: ResourceQuota,
	counted: readonly Counted[],
	now: number,
): ResourceQuotaStatus {
	const hard = quota.spec.hard ?? {};
	const used = new Map(Object.keys(hard).map((name) => [name, 0n]));
	for (const { kind, objects } of counted) {
		const names = Object.keys(hard).filter((name) => isCountedOn(name, kind));
		for (const object of objects) {
			if (!quotaSelects(quota, kind, object)) continue;
			const usage = quotaUsage(kind, object, now);
			for (const name of names) used.set(name, (used.get(name) ?? 0n) + (usage.get(name) ?? 0n));
		}
	}
	return {
		hard,
		used: Object.fromEntries([...used].map(([name, nano]) => [name, quotaQuantity(name, nano)])),
	};
}
