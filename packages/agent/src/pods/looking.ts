/** What is there of a pod: asked of the runtime only when it may have changed since the last time. */
import type { Clock } from "@berth/api";
import type { ContainerInfo, Containers } from "../runtime/runtime.ts";
import type { Network, NetworkRecord } from "../steps/network/network.ts";
import { LABEL } from "./labels.ts";

export interface Look {
	readonly found: readonly ContainerInfo[];
	readonly record: NetworkRecord | undefined;
}

export interface Looking {
	look(): Promise<Look>;
	/** What was seen may be so no more. */
	outdate(): void;
}

export interface LookingOptions {
	readonly runtime: Pick<Containers, "list">;
	readonly network: Pick<Network, "recordOf">;
	readonly clock: Clock;
	readonly uid: string;
	readonly nodeName: string;
}

/** Milliseconds. What nothing has outdated is not believed for longer: events may get lost. */
const HOLDS = 30_000;

export function createLooking({ runtime, network, clock, uid, nodeName }: LookingOptions): Looking {
	let seen: { readonly look: Look; readonly at: number } | undefined;
	/** Of outdatings: one that comes while we look is about what we may have missed. */
	let count = 0;
	return {
		async look() {
			const now = clock.now();
			if (seen && now - seen.at < HOLDS) return seen.look;
			const before = count;
			const found = await runtime.list({ [LABEL.uid]: uid, [LABEL.node]: nodeName });
			const look = { found, record: await network.recordOf(uid) };
			seen = before === count ? { look, at: now } : undefined;
			return look;
		},
		outdate() {
			count += 1;
			seen = undefined;
		},
	};
}
