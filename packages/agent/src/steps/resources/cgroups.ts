/**
 * A control group for each pod, so that pods share processors by what they request and not by how many containers they
 * have. With Docker's cgroupfs driver the agent makes and removes the groups; with the systemd driver they would be
 * systemd's, which knows nothing of pods: there all containers are weighed side by side in one slice. See
 * docs/decisions/0013-pods-have-no-slice-of-their-own.md.
 */
import { access, mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger, Pod } from "@berth/api";
import type { RuntimeInfo } from "../../runtime/runtime.ts";
import { missingAs } from "../pod-directory.ts";
import { filesV1, filesV2, type PodLimits, podLimits, widest } from "./pod-limits.ts";

export interface Cgroups {
	/** Name of the pod's parent group, as Docker's driver spells it; undefined when there is to be none. */
	parentOf(uid: string): string | undefined;
	/**
	 * Makes the group, or changes it, so that it has the pod's weight and limits; `widen` leaves limits that are higher:
	 * a group cannot have less than those in it.
	 */
	make(pod: Pod, how: "exact" | "widen"): Promise<void>;
	/** Harmless when there is none. Its processes are dead. */
	remove(uid: string): Promise<void>;
}

const ROOT = "/sys/fs/cgroup";
const GROUP = "berth";
const SLICE = "berth.slice";
const CONTROLLERS = ["cpu", "memory", "pids", "hugetlb"];

export interface CgroupsOptions {
	readonly info: Pick<RuntimeInfo, "cgroupDriver" | "cgroupVersion">;
	/** Processes of one pod; -1: no limit. */
	readonly pids: number;
	readonly log: Logger;
	/** Where the kernel shows the groups. Default: /sys/fs/cgroup. */
	readonly root?: string | undefined;
}

type Values = Readonly<Record<string, string>>;

export function createCgroups({ info, pids, log, root = ROOT }: CgroupsOptions): Cgroups {
	const { cgroupDriver, cgroupVersion } = info;
	if (cgroupDriver !== "cgroupfs") {
		const parent = cgroupDriver === "systemd" ? SLICE : undefined;
		return { parentOf: () => parent, make: async () => {}, remove: async () => {} };
	}
	const nameOf = (uid: string) => `${GROUP}/pod${uid}`;
	/** By uid: what a group was last told to be. */
	const made = new Map<string, string>();

	async function makeV1(uid: string, limits: PodLimits, write: typeof writeValues): Promise<void> {
		for (const [controller, values] of Object.entries(filesV1(limits))) {
			if (Object.keys(values).length === 0) continue;
			// Not every kernel counts processes or huge pages.
			if (!(await exists(join(root, controller)))) continue;
			const group = join(root, controller, nameOf(uid));
			await mkdir(group, { recursive: true });
			await write(group, values);
		}
	}

	async function makeV2(uid: string, limits: PodLimits, write: typeof writeValues): Promise<void> {
		const group = join(root, nameOf(uid));
		await mkdir(group, { recursive: true });
		const offered = (await readFile(join(root, "cgroup.controllers"), "utf8")).trim().split(/\s+/);
		const wanted = CONTROLLERS.filter((controller) => offered.includes(controller));
		for (const parent of [root, join(root, GROUP)]) {
			await writeValues(parent, {
				"cgroup.subtree_control": wanted.map((controller) => `+${controller}`).join(" "),
			});
		}
		const files = Object.entries(filesV2(limits)).filter(([file]) =>
			wanted.includes(file.split(".")[0] ?? ""),
		);
		await write(group, Object.fromEntries(files));
	}

	return {
		parentOf: (uid) => `/${nameOf(uid)}`,
		async make(pod, how) {
			const { uid } = pod.metadata;
			try {
				const limits = podLimits(pod, { pids });
				const mark = JSON.stringify({ ...limits, hugePages: [...limits.hugePages] });
				// Every container that starts asks for it.
				if (how === "widen" && made.get(uid) === mark) return;
				const write = how === "widen" ? widenValues : writeValues;
				await (cgroupVersion === 2 ? makeV2 : makeV1)(uid, limits, write);
				if (how === "exact") made.set(uid, mark);
			} catch (error) {
				log.warn({ error, pod: uid }, "cannot set up a pod's control group, its containers have their own");
			}
		},
		async remove(uid) {
			made.delete(uid);
			const trees = cgroupVersion === 2 ? [root] : (await readdir(root)).map((name) => join(root, name));
			for (const tree of trees) await removeGroups(join(tree, nameOf(uid)), log);
		},
	};
}

async function writeValues(directory: string, values: Values): Promise<void> {
	for (const [file, value] of Object.entries(values)) await writeFile(join(directory, file), value);
}

async function widenValues(directory: string, values: Values): Promise<void> {
	for (const [file, value] of Object.entries(values)) {
		const now = (await missingAs(readFile(join(directory, file), "utf8"), "")).trim();
		await writeFile(join(directory, file), now === "" ? value : widest(now, value));
	}
}

/** The group and those below it. */
async function removeGroups(directory: string, log: Logger): Promise<void> {
	const entries = await missingAs(readdir(directory, { withFileTypes: true }), []);
	for (const entry of entries) {
		if (entry.isDirectory()) await removeGroups(join(directory, entry.name), log);
	}
	try {
		await missingAs(rmdir(directory), undefined);
	} catch (error) {
		const processes = await missingAs(readFile(join(directory, "cgroup.procs"), "utf8"), "");
		log.warn({ error, directory, processes: processes.trim() }, "a control group cannot be removed");
	}
}

const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);
