/**
 * Control groups, through whichever hierarchies the machine has mounted. In a lab every process of a host, its
 * containers included, lives below the host's own group in each of them: what is in there is the host's, whatever
 * crashed, and nothing else is.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

export interface Hierarchy {
	readonly path: string;
	readonly version: 1 | 2;
}

/** The mounted hierarchies, read from the text of /proc/self/mountinfo. Hybrid machines have both versions. */
export function hierarchiesOf(mountinfo: string): readonly Hierarchy[] {
	const found = new Map<string, Hierarchy>();
	for (const line of mountinfo.split("\n")) {
		const [mount = "", filesystem = ""] = line.split(" - ");
		const type = filesystem.split(" ")[0];
		const [root, path] = mount.split(" ").slice(3);
		if (root !== "/" || path === undefined) continue;
		if (type === "cgroup") found.set(path, { path, version: 1 });
		if (type === "cgroup2") found.set(path, { path, version: 2 });
	}
	return [...found.values()];
}

function hierarchies(): readonly Hierarchy[] {
	const found = hierarchiesOf(readFileSync("/proc/self/mountinfo", "utf8"));
	if (found.length === 0) throw new Error("no control groups are mounted under /sys/fs/cgroup");
	return found;
}

/** The group's directory in every hierarchy. */
export function directoriesOf(group: string): readonly string[] {
	return hierarchies().map(({ path }) => join(path, group));
}

/** Makes the group in every hierarchy, able to take processes. Harmless when it exists. */
export function makeGroup(group: string): void {
	for (const { path, version } of hierarchies()) {
		eachStep(path, group, (parent, directory) => {
			mkdirSync(directory, { recursive: true });
			if (version === 1) inheritCpuset(parent, directory);
		});
	}
}

/**
 * Lets the groups beside this one limit what is in them. In version 2 that has to be said on every step from the root,
 * and forbids processes in the groups above: so it is said after they have moved down.
 */
export function delegateTo(group: string): void {
	for (const { path, version } of hierarchies()) {
		if (version === 2) eachStep(path, group, (parent) => delegateControllers(parent));
	}
}

/** Processes in the group and below, by this machine's numbers. */
function processesBelow(group: string): readonly number[] {
	const found = new Set<number>();
	for (const { path } of hierarchies()) {
		for (const directory of tree(join(path, group))) {
			for (const pid of processesIn(directory)) found.add(pid);
		}
	}
	found.delete(process.pid);
	return [...found];
}

/** Processes in the group itself. */
export function processesOf(group: string): readonly number[] {
	const [first] = hierarchies();
	return first ? processesIn(join(first.path, group)) : [];
}

/** Bytes of memory that the group's processes hold, or undefined where nobody counts. */
export function memoryOf(group: string): number | undefined {
	for (const { path } of hierarchies()) {
		for (const file of ["memory.usage_in_bytes", "memory.current"]) {
			const counter = join(path, group, file);
			if (existsSync(counter)) return Number(readFileSync(counter, "utf8"));
		}
	}
	return undefined;
}

/** Kills all processes below the group until none is left. Throws after 20 s with the ones that would not die. */
export async function killGroup(group: string): Promise<void> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const pids = processesBelow(group);
		if (pids.length === 0) return;
		if (Date.now() > deadline) throw new Error(`processes ${pids.join(", ")} of ${group} do not die`);
		for (const pid of pids) {
			try {
				process.kill(pid, "SIGKILL");
			} catch {
				// It died between the look and the shot.
			}
		}
		await sleep(10);
	}
}

/** Removes the group and all below it from every hierarchy. Its processes must be dead. */
export async function removeGroup(group: string): Promise<void> {
	for (const { path } of hierarchies()) {
		for (const directory of tree(join(path, group)).reverse()) await removeEmpty(directory);
	}
}

function eachStep(root: string, group: string, step: (parent: string, directory: string) => void): void {
	let parent = root;
	for (const part of group.split("/")) {
		step(parent, join(parent, part));
		parent = join(parent, part);
	}
}

function processesIn(directory: string): readonly number[] {
	try {
		// Zeroes are processes of PID namespaces that this one does not see.
		return readFileSync(join(directory, "cgroup.procs"), "utf8").split("\n").map(Number).filter(Boolean);
	} catch {
		return [];
	}
}

/** The directory and all below it, parents first. */
function tree(directory: string): string[] {
	if (!existsSync(directory)) return [];
	const below = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	return [directory, ...below.flatMap((entry) => tree(join(directory, entry.name)))];
}

async function removeEmpty(directory: string): Promise<void> {
	// A group stays busy for a moment after its last process is gone.
	for (let attempt = 1; ; attempt++) {
		try {
			rmdirSync(directory);
			return;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "ENOENT") return;
			if (code !== "EBUSY" || attempt === 100) throw error;
			await sleep(10);
		}
	}
}

/** A new cpuset of version 1 has no processors and takes no processes until it is given some. */
function inheritCpuset(parent: string, child: string): void {
	for (const file of ["cpuset.cpus", "cpuset.mems"]) {
		if (!existsSync(join(child, file))) continue;
		if (readFileSync(join(child, file), "utf8").trim() === "") {
			writeFileSync(join(child, file), readFileSync(join(parent, file), "utf8"));
		}
	}
}

function delegateControllers(parent: string): void {
	const available = readFileSync(join(parent, "cgroup.controllers"), "utf8").trim();
	if (available === "") return;
	writeFileSync(
		join(parent, "cgroup.subtree_control"),
		available
			.split(" ")
			.map((controller) => `+${controller}`)
			.join(" "),
	);
}
