/** Whether what is mounted below a read-only volume is read-only too. Pure. */
import type { VolumeMount } from "@berth/api";
import type { RuntimeInfo } from "../../runtime/runtime.ts";

/** Versions from which the kernel, and the engine, can do it. */
const KERNEL = [5, 12] as const;
const ENGINE = [25, 0] as const;

type Host = Pick<RuntimeInfo, "version" | "kernelVersion">;

/** Whether containers of this host can be given such mounts. */
export const canBeRecursive = ({ version, kernelVersion }: Host): boolean =>
	isAtLeast(version, ENGINE) && isAtLeast(kernelVersion, KERNEL);

/** Throws when the mount insists and the host cannot. */
export function isRecursive({ name, recursiveReadOnly = "Disabled" }: VolumeMount, host: Host): boolean {
	if (recursiveReadOnly === "Disabled") return false;
	const can = canBeRecursive(host);
	if (can || recursiveReadOnly === "IfPossible") return can;
	throw new Error(
		`volume "${name}" cannot be mounted with recursiveReadOnly: this takes Docker 25 and Linux 5.12, here are ${host.version} and ${host.kernelVersion}`,
	);
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
	const [, a = 0, b = 0] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
	return a > major || (a === major && b >= minor);
}
