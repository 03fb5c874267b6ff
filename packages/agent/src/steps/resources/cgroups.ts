/**
 * A control group for each pod, so that pods share processors by what they request and not by how many containers they
 * have. With Docker's cgroupfs driver the agent makes and removes the groups; with the systemd driver they would be
 * systemd's, which knows nothing of pods: there all containers are weighed side by side in one slice.
 */
import { access, mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger, Pod } from "@berth/api";
import type { RuntimeInfo } from "../../runtime/runtime.ts";
import { missingAs } from "../pod-directory.ts";
import { filesV1, filesV2, type PodLimits, podLimits } from "./pod-limits.ts";

export interface Cgroups {
	/** Name of the pod's parent group, as Docker's driver spells it; undefined when there is to be none. */
	parentOf(uid: string): string | undefined;
	/** Makes the group, or changes it, so that it has the pod's weight and limits. */
	make(pod: Pod): Promise<void>;
	/** Harmless when there is none. Its processes are dead. */
	remove(uid: string): Promise<void>;
}

const ROOT = "/sys/fs/cgroup";
const GROUP = "berth";
const SLICE = "berth.slice";
const CONTROLLERS = ["cpu", "memory", "pids", "hugetlb"];

export interface CgroupsOptions {
	readonly info: RuntimeInfo;
	/** Processes of one pod; -1: no limit. */
	readonly pids: number;
	readonly log: Logger;
}

export function createCgroups({ info, pids, log }: CgroupsOptions): Cgroups {
	const { cgroupDriver, cgroupVersion } = info;
	if (cgroupDriver !== "cgroupfs") {
		const parent = cgroupDriver === "systemd" ? SLICE : undefined;
		return { parentOf: () => parent, make: async () => {}, remove: async () => {} };
	}
	const nameOf = (uid: string) => `${GROUP}/pod${uid}`;
	const set = async (directory: string, values: Readonly<Record<string, string>>) => {
		for (const [file, value] of Object.entries(values)) await writeFile(join(directory, file), value);
	};

	async function makeV1(uid: string, limits: PodLimits): Promise<void> {
		for (const [controller, values] of Object.entries(filesV1(limits))) {
			if (Object.keys(values).length === 0) continue;
			// Not every kernel counts processes or huge pages.
			if (!(await exists(join(ROOT, controller)))) continue;
			const group = join(ROOT, controller, nameOf(uid));
			await mkdir(group, { recursive: true });
			await set(group, values);
		}
	}

	async function makeV2(uid: string, limits: PodLimits): Promise<void> {
		const group = join(ROOT, nameOf(uid));
		await mkdir(group, { recursive: true });
		const offered = (await readFile(join(ROOT, "cgroup.controllers"), "utf8")).trim().split(/\s+/);
		const wanted = CONTROLLERS.filter((controller) => offered.includes(controller));
		for (const parent of [ROOT, join(ROOT, GROUP)]) {
			await set(parent, { "cgroup.subtree_control": wanted.map((controller) => `+${controller}`).join(" ") });
		}
		const files = Object.entries(filesV2(limits)).filter(([file]) =>
			wanted.includes(file.split(".")[0] ?? ""),
		);
		await set(group, Object.fromEntries(files));
	}

	return {
		parentOf: (uid) => `/${nameOf(uid)}`,
		async make(pod) {
			try {
				const limits = podLimits(pod, { pids });
				await (cgroupVersion === 2 ? makeV2 : makeV1)(pod.metadata.uid, limits);
			} catch (error) {
				log.warn(
					{ error, pod: pod.metadata.uid },
					"cannot set up a pod's control group, its containers have their own",
				);
			}
		},
		async remove(uid) {
			const trees = cgroupVersion === 2 ? [ROOT] : (await readdir(ROOT)).map((name) => join(ROOT, name));
			for (const tree of trees) await removeGroups(join(tree, nameOf(uid)), log);
		},
	};
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
