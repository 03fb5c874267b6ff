/**
 * A control group for each pod, so that pods share processors by what they request and not by how many containers they
 * have. With Docker's cgroupfs driver the agent makes and removes the groups; with the systemd driver they would be
 * systemd's, which knows nothing of pods: there all containers are weighed side by side in one slice.
 */
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger, Pod } from "@berth/api";
import { podRequests, quantityValue } from "@berth/api";
import type { RuntimeInfo } from "../../runtime/runtime.ts";
import { missingAs } from "../pod-directory.ts";
import { quotaOf, sharesOf } from "./resources.ts";

export interface Cgroups {
	/** Name of the pod's parent group, as Docker's driver spells it; undefined when there is to be none. */
	parentOf(uid: string): string | undefined;
	/** Makes the group and sets its weight and limits. */
	make(pod: Pod): Promise<void>;
	/** Harmless when there is none. Its processes are dead. */
	remove(uid: string): Promise<void>;
}

const ROOT = "/sys/fs/cgroup";
const GROUP = "berth";
const SLICE = "berth.slice";

export function createCgroups(info: RuntimeInfo, log: Logger): Cgroups {
	const { cgroupDriver, cgroupVersion } = info;
	if (cgroupDriver !== "cgroupfs") {
		const parent = cgroupDriver === "systemd" ? SLICE : undefined;
		return { parentOf: () => parent, make: async () => {}, remove: async () => {} };
	}
	const nameOf = (uid: string) => `${GROUP}/pod${uid}`;
	const set = async (directory: string, values: Readonly<Record<string, string>>) => {
		for (const [file, value] of Object.entries(values)) await writeFile(join(directory, file), value);
	};

	async function makeV1(pod: Pod): Promise<void> {
		const { shares, quota, memory } = weightsOf(pod);
		const cpu = join(ROOT, "cpu", nameOf(pod.metadata.uid));
		await mkdir(cpu, { recursive: true });
		await set(cpu, { "cpu.shares": `${shares}`, ...(quota && { "cpu.cfs_quota_us": `${quota}` }) });
		if (memory === undefined) return;
		const group = join(ROOT, "memory", nameOf(pod.metadata.uid));
		await mkdir(group, { recursive: true });
		await set(group, { "memory.limit_in_bytes": `${memory}` });
	}

	async function makeV2(pod: Pod): Promise<void> {
		const { shares, quota, memory } = weightsOf(pod);
		const group = join(ROOT, nameOf(pod.metadata.uid));
		await mkdir(group, { recursive: true });
		for (const parent of [ROOT, join(ROOT, GROUP)]) {
			await set(parent, { "cgroup.subtree_control": "+cpu +memory +pids" });
		}
		// From the old scale, 2 to 262144, to the new one, 1 to 10000, as runc does it.
		const weight = Math.floor(1 + ((shares - 2) * 9999) / 262_142);
		await set(group, {
			"cpu.weight": `${weight}`,
			...(quota && { "cpu.max": `${quota} 100000` }),
			...(memory !== undefined && { "memory.max": `${memory}` }),
		});
	}

	return {
		parentOf: (uid) => `/${nameOf(uid)}`,
		async make(pod) {
			try {
				await (cgroupVersion === 2 ? makeV2(pod) : makeV1(pod));
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

/** What all containers of a pod together weigh, and may use when each of them is limited. */
function weightsOf({ spec }: Pod) {
	const { cpu } = podRequests(spec);
	const limits = spec.containers.map(({ resources }) => resources?.limits ?? {});
	const all = (name: string) =>
		limits.every((each) => each[name] !== undefined) ? limits.map((each) => each[name] ?? "0") : undefined;
	const sum = (numbers: readonly number[] | undefined) => numbers?.reduce((total, each) => total + each, 0);
	// Init containers may be limited to more than the others: no limit for the whole then.
	const plain = !spec.initContainers?.length;
	return {
		shares: sharesOf(`${cpu}m`),
		quota: plain ? sum(all("cpu")?.map(quotaOf)) : undefined,
		memory: plain ? sum(all("memory")?.map(quantityValue)) : undefined,
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
