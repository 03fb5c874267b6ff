/** Where the control groups of a process are: what runs in one container is accounted there. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { missingAs } from "../steps/pod-directory.ts";

/** Directories by controller (`cpu`, `memory` …) on version 1; the one of version 2 serves all of them. */
export interface CgroupPaths {
	readonly version: 1 | 2;
	of(controller: string): string | undefined;
}

export interface HostPaths {
	/** `/proc` */
	readonly proc: string;
	/** `/sys/fs/cgroup` */
	readonly cgroup: string;
}

export const HOST_PATHS: HostPaths = { proc: "/proc", cgroup: "/sys/fs/cgroup" };

/** Undefined when the process is gone. */
export async function cgroupPathsOf(pid: number, host: HostPaths): Promise<CgroupPaths | undefined> {
	const text = await missingAs(readFile(join(host.proc, `${pid}`, "cgroup"), "utf8"), "");
	return text === "" ? undefined : parseCgroups(text, host.cgroup);
}

/** Lines are `ID:CONTROLLERS:PATH`; version 2 has one line, `0::PATH`. Source: cgroups(7). */
export function parseCgroups(text: string, root: string): CgroupPaths {
	const groups = new Map<string, string>();
	for (const line of text.split("\n")) {
		const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
		if (controllers === undefined || path === undefined) continue;
		for (const controller of controllers.split(",")) groups.set(controller, join(root, controller, path));
	}
	// A host with both trees accounts in version 1.
	const named = [...groups.keys()].some((name) => name !== "" && !name.startsWith("name="));
	if (named) return { version: 1, of: (controller) => groups.get(controller) };
	const unified = groups.get("");
	return { version: 2, of: () => unified };
}
