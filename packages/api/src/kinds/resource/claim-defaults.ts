/** Defaults of what claims ask for. */
import { change, fillZero, mapSame } from "../fill.ts";
import type { DeviceRequest, ResourceClaimSpec } from "./device-claim.ts";

interface Asked {
	readonly allocationMode?: string | undefined;
	readonly count?: number | undefined;
}

export const claimDefaults = (spec: ResourceClaimSpec): ResourceClaimSpec =>
	change(spec, "devices", (devices) =>
		change(devices, "requests", (requests) => mapSame(requests, requestDefaults)),
	);

const requestDefaults = (request: DeviceRequest): DeviceRequest =>
	change(change(request, "exactly", askedDefaults), "firstAvailable", (requests) =>
		mapSame(requests, askedDefaults),
	);

/** One device, unless all of them are wanted. */
function askedDefaults<A extends Asked>(asked: A): A {
	const filled: Asked = fillZero<Asked>(asked, { allocationMode: "ExactCount" });
	const counted = filled.allocationMode === "ExactCount" ? fillZero<Asked>(filled, { count: 1 }) : filled;
	return counted as A;
}
