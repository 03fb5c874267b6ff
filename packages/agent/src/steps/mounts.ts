/** The host's mounts that the agent makes and takes back. */
import { readFile } from "node:fs/promises";
import { mustRun, run } from "./spawn.ts";

/** Mount points at or below a directory, deepest first. */
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

/** Memory as a file system; `size` in bytes, absent: half of the host's memory. */
export async function mountMemory(path: string, mode: string, size?: number): Promise<void> {
	if (await isMountPoint(path)) return;
	const options = [`mode=${mode}`, ...(size ? [`size=${size}`] : [])].join(",");
	await mustRun("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
}

/** The file or directory appears at a second path. */
export async function bindMount(source: string, target: string): Promise<void> {
	await mustRun("mount", ["--bind", source, target]);
}

/** Takes back all mounts at or below a directory, those still in use as soon as they are not. */
export async function unmountBelow(directory: string): Promise<void> {
	for (const path of await mountsBelow(directory)) {
		const { code } = await run("umount", [path]);
		if (code !== 0) await mustRun("umount", ["--lazy", path]);
	}
}

/** The kernel writes blanks and their like as octal. */
const unescaped = (text: string) =>
	text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
