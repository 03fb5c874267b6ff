/** The host's mounts that the agent makes and takes back. */
import { chmod, readFile } from "node:fs/promises";
import { mustRun, run } from "./spawn.ts";

/** Mount points at or below a directory, the last made first; one path may be several. */
export async function mountsBelow(directory: string): Promise<readonly string[]> {
	const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
	return lines
		.map((line) => unescaped(line.split(" ")[4] ?? ""))
		.filter((path) => path === directory || path.startsWith(`${directory}/`))
		.sort((a, b) => b.length - a.length);
}

export async function isMountPoint(path: string): Promise<boolean> {
	return (await mountsBelow(path)).includes(path);
}

export interface MemoryOptions {
	/** Octal: `2777`. */
	readonly mode: string;
	/** Id of the group that owns its root. */
	readonly group?: number | undefined;
	/** Bytes; absent: half of the host's memory. */
	readonly size?: number | undefined;
}

/** Memory as a file system. */
export async function mountMemory(path: string, { mode, group, size }: MemoryOptions): Promise<void> {
	if (await isMountPoint(path)) return;
	const options = [
		`mode=${mode}`,
		...(group === undefined ? [] : [`gid=${group}`]),
		...(size ? [`size=${size}`] : []),
	];
	await mustRun("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", path]);
}

/** Huge pages as a file system; `pageSize` as the kernel spells it: `2M`. */
export async function mountHugePages(path: string, pageSize: string, options: MemoryOptions): Promise<void> {
	if (await isMountPoint(path)) return;
	const gid = options.group === undefined ? "" : `,gid=${options.group}`;
	await mustRun("mount", ["-t", "hugetlbfs", "-o", `pagesize=${pageSize}${gid}`, "nodev", path]);
	// As an option it would lose its bit for the group.
	await chmod(path, options.mode);
}

/** The file or directory appears at a second path. */
export async function bindMount(source: string, target: string): Promise<void> {
	await mustRun("mount", ["--bind", source, target]);
}

/** What is mounted below the directory is seen wherever the directory is bound, and the other way round. */
export async function shareMounts(directory: string): Promise<void> {
	if (!(await isMountPoint(directory))) await bindMount(directory, directory);
	await mustRun("mount", ["--make-rshared", directory]);
}

/** Takes back all mounts at or below a directory, those still in use as soon as they are not. */
export async function unmountBelow(directory: string): Promise<void> {
	for (const path of await mountsBelow(directory)) {
		const { code } = await run("umount", [path]);
		if (code !== 0) await mustRun("umount", ["--lazy", path]);
	}
	const [left] = await mountsBelow(directory);
	// Whoever removes the directory next must not reach into it.
	if (left !== undefined) throw new Error(`${left} is still mounted`);
}

/** The kernel writes blanks and their like as octal. */
const unescaped = (text: string) =>
	text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
