/** Which conditions a host is in, and which threshold to relieve first. Pure; the state goes round with the caller. */
import { isCrossed, type Observation, type Signal, type Threshold } from "./thresholds.ts";

export const PRESSURES = ["MemoryPressure", "DiskPressure", "PIDPressure"] as const;
export type Pressure = (typeof PRESSURES)[number];

export interface PressureState {
	/** Since when thresholds are crossed, by index. */
	readonly since: ReadonlyMap<number, number>;
	/** When each condition was last justified. */
	readonly seen: ReadonlyMap<Pressure, number>;
}

export const CALM: PressureState = { since: new Map(), seen: new Map() };

export interface Assessment {
	readonly state: PressureState;
	readonly conditions: ReadonlySet<Pressure>;
	/** Pods have to go for it now; memory comes before disks, as it runs out faster. */
	readonly relieve: Threshold | undefined;
}

export interface AssessOptions {
	readonly thresholds: readonly Threshold[];
	readonly observations: ReadonlyMap<Signal, Observation>;
	readonly before: PressureState;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** Milliseconds that a condition stays after its reason is gone, so that it does not flap. */
	readonly transition: number;
}

export const pressureOf = (signal: Signal): Pressure =>
	signal === "memory.available"
		? "MemoryPressure"
		: signal === "pid.available"
			? "PIDPressure"
			: "DiskPressure";

export function assess({ thresholds, observations, before, now, transition }: AssessOptions): Assessment {
	const since = new Map<number, number>();
	thresholds.forEach((threshold, index) => {
		const observation = observations.get(threshold.signal);
		// What was crossed stays so until as much as was promised is free again.
		const known = before.since.get(index);
		if (observation && isCrossed(threshold, observation, known !== undefined)) since.set(index, known ?? now);
	});
	const seen = new Map(before.seen);
	for (const index of since.keys()) seen.set(pressureOf(thresholds[index]!.signal), now);
	const conditions = [...seen]
		.filter(([, at]) => now - at < transition || at === now)
		.map(([pressure]) => pressure);
	const due = [...since]
		.filter(([index, at]) => now - at >= thresholds[index]!.patience)
		.map(([index]) => thresholds[index]!)
		.sort((a, b) => rankOf(a) - rankOf(b));
	return { state: { since, seen }, conditions: new Set(conditions), relieve: due[0] };
}

const rankOf = ({ signal, hard }: Threshold) => (signal === "memory.available" ? 0 : 2) + (hard ? 0 : 1);
