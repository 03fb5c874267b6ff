/** Names and numbers of a stateful set's pods. Pure. */
import type { StatefulSet } from "@berth/api";

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;

/** The number of a pod of this set; undefined for a pod whose name the set never gives. */
export function ordinalOf(set: StatefulSet, name: string): number | undefined {
	const prefix = `${set.metadata.name}-`;
	const digits = name.startsWith(prefix) ? name.slice(prefix.length) : "";
	return /^(0|[1-9]\d{0,9})$/.test(digits) ? Number(digits) : undefined;
}

export const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** Numbers that the set wants to have pods for, the lowest first. */
export const ordinals = (set: StatefulSet): readonly number[] =>
	Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => firstOrdinal(set) + index);

export const isWanted = (set: StatefulSet, ordinal: number): boolean =>
	ordinal >= firstOrdinal(set) && ordinal < firstOrdinal(set) + (set.spec.replicas ?? 1);
