/** Whether the engine still tells of containers: it may answer pings and nothing else. */
import type { Clock } from "@berth/api";
import { goDuration } from "../pods/container-status.ts";
import type { OperationObserver } from "../stats/timed-runtime.ts";

/** Milliseconds without one answer to those who ask; as long as kubelets wait. */
const THRESHOLD = 180_000;
const ASKED = new Set(["list_containers", "container_status"]);

export interface EngineHealth extends OperationObserver {
	/** In the words that people look for; undefined while all is well. */
	obstacle(): string | undefined;
}

export function createEngineHealth(clock: Clock): EngineHealth {
	/** When the first call began that failed without any that succeeded since. */
	let failingSince: number | undefined;
	return {
		operated(type, seconds, failed) {
			if (!ASKED.has(type)) return;
			failingSince = failed ? (failingSince ?? clock.now() - seconds * 1000) : undefined;
		},
		obstacle() {
			const silent = clock.now() - (failingSince ?? clock.now());
			if (silent < THRESHOLD) return undefined;
			return `PLEG is not healthy: pleg was last seen active ${goDuration(silent)} ago; threshold is ${goDuration(THRESHOLD)}: Docker does not tell of its containers, restart it (systemctl restart docker)`;
		},
	};
}
