/** Small root file systems made of this machine's own programs: nothing is fetched. */
import { chmod, copyFile, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { findProgram } from "../machine/program.ts";
import { run } from "../machine/run.ts";

export interface Program {
	readonly name: string;
	/** Debian's package that has it. */
	readonly package: string;
	/** Left out where the machine does not have it. */
	readonly optional?: boolean;
}

/** Applets that crash in a static busybox as soon as they look up a name. */
const BROKEN_APPLETS = new Set([
	"wget",
	"nslookup",
	"ping",
	"ping6",
	"telnet",
	"traceroute",
	"ftpget",
	"ftpput",
]);

/**
 * Fills `root` with busybox as the shell and its tools, and the programs with the libraries they are linked with.
 * Throws an Error that names the package to install when a program is missing.
 */
export async function makeRootFilesystem(root: string, programs: readonly Program[]): Promise<void> {
	for (const directory of [
		"usr/bin",
		"usr/lib",
		"usr/lib64",
		"etc",
		"proc",
		"sys",
		"dev",
		"run",
		"var",
		"root",
	]) {
		await mkdir(join(root, directory), { recursive: true });
	}
	for (const [link, target] of MERGED) await symlink(target, join(root, link));
	await mkdir(join(root, "tmp"));
	await chmod(join(root, "tmp"), 0o1777);
	await writeFile(join(root, "etc/passwd"), PASSWD);
	await writeFile(join(root, "etc/group"), GROUP);

	const busybox = await locate({ name: "busybox", package: "busybox-static" });
	await copyFile(busybox ?? "", join(root, "usr/bin/busybox"));
	for (const program of programs) {
		const path = await locate(program);
		if (path) await copyLinked(root, path, join("usr/bin", program.name));
	}
	const given = new Set(programs.map(({ name }) => name));
	for (const applet of (await run([join(root, "usr/bin/busybox"), "--list"])).split("\n")) {
		if (!applet || applet === "busybox" || BROKEN_APPLETS.has(applet) || given.has(applet)) continue;
		await symlink("busybox", join(root, "usr/bin", applet)).catch(ignoreExisting);
	}
}

/** Paths of the libraries, and of the loader, in what `ldd` prints. A static program has none. */
export function librariesIn(output: string): readonly string[] {
	return [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path = ""]) => path);
}

async function copyLinked(root: string, path: string, target: string): Promise<void> {
	await copyFile(path, join(root, target));
	const libraries = librariesIn(await run(["ldd", path]).catch(() => ""));
	for (const library of libraries) {
		const place = join(root, library);
		await mkdir(dirname(place), { recursive: true });
		await copyFile(await realpath(library), place);
	}
}

/** Its real path: Debian's names are often links to links. */
async function locate({ name, package: owner, optional }: Program): Promise<string | undefined> {
	const path = await findProgram(name);
	if (path) return realpath(path);
	if (optional) return undefined;
	throw new Failure(`"${name}" is needed to make images`, `apt-get install ${owner}`);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
	if (error.code !== "EEXIST") throw error;
}

const MERGED = [
	["bin", "usr/bin"],
	["sbin", "usr/bin"],
	["usr/sbin", "bin"],
	["lib", "usr/lib"],
	["lib64", "usr/lib64"],
] as const;

const PASSWD = `root:x:0:0:root:/root:/bin/sh
user:x:1000:1000:user:/tmp:/bin/sh
nobody:x:65534:65534:nobody:/tmp:/bin/sh
`;
const GROUP = `root:x:0:
user:x:1000:
nogroup:x:65534:
`;
