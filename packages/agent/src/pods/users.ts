/** Who containers run as: their first process says it. */
import { readFile } from "node:fs/promises";
import type { LinuxContainerUser } from "@berth/api";
import type { ObservedPod } from "./observed.ts";

export interface Users {
	/** Asks those that run and have not been asked. */
	read(observed: ObservedPod): Promise<void>;
	/** By container id. */
	readonly known: ReadonlyMap<string, LinuxContainerUser>;
}

export function createUsers(): Users {
	const known = new Map<string, LinuxContainerUser>();
	return {
		known,
		async read({ containers }) {
			const present = new Set(containers.map(({ id }) => id));
			for (const id of known.keys()) if (!present.has(id)) known.delete(id);
			for (const { id, pid } of containers) {
				if (pid === 0 || known.has(id)) continue;
				// It may have ended by now.
				const user = userOf(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""));
				if (user) known.set(id, user);
			}
		},
	};
}

/** From `/proc/PID/status`: effective ids and all groups. */
export function userOf(status: string): LinuxContainerUser | undefined {
	const numbers = (name: string) =>
		new RegExp(`^${name}:(.*)$`, "m").exec(status)?.[1]?.split(/\s+/).filter(Boolean).map(Number);
	const [, uid] = numbers("Uid") ?? [];
	const [, gid] = numbers("Gid") ?? [];
	if (uid === undefined || gid === undefined) return undefined;
	return { uid, gid, supplementalGroups: numbers("Groups") ?? [] };
}
