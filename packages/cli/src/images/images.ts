/** The images that Berth's examples and tests run, made on the spot from this machine's programs. */
import { existsSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { type ImageRecipe, writeArchive } from "./archive.ts";
import { HELLO, HELLO_PAGES } from "./hello.ts";
import { makeRootFilesystem, type Program } from "./root-filesystem.ts";

/** What can be made, with what it is for. */
export const IMAGES: Readonly<Record<string, string>> = {
	"berth/tools:1": "a shell with network clients (curl, nc, getent)",
	"berth/hello:1": "a web server on port 8080 that says its host name and version",
	"berth/hello:2": "the same, saying version 2: for rolling updates",
};

const PROGRAMS: readonly Program[] = [
	{ name: "bash", package: "bash" },
	{ name: "curl", package: "curl" },
	{ name: "getent", package: "libc-bin" },
	{ name: "nc", package: "netcat-openbsd", optional: true },
];

/** Makes the image unless `directory` has it from before. Answers the archive's path, ready for `docker load`. */
export async function makeImage(reference: string, directory: string): Promise<string> {
	if (!(reference in IMAGES)) {
		throw new Failure(
			`no image "${reference}" can be made here; there are ${Object.keys(IMAGES).join(", ")}`,
		);
	}
	const file = join(directory, `${reference.replaceAll(/[/:]/g, "-")}.tar`);
	if (existsSync(file)) return file;
	const scratch = `${file}.layers`;
	await rm(scratch, { recursive: true, force: true });
	try {
		await writeArchive(file, await makeLayers(reference, scratch));
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
	return file;
}

async function makeLayers(reference: string, scratch: string): Promise<ImageRecipe> {
	const tools = join(scratch, "tools");
	await makeRootFilesystem(tools, PROGRAMS);
	if (!reference.startsWith("berth/hello:")) {
		return {
			reference,
			layers: [tools],
			command: ["/bin/sh", "-c", "trap exit TERM; sleep infinity & wait"],
		};
	}
	const hello = join(scratch, "hello");
	await writeProgram(join(hello, "usr/bin/hello"), HELLO);
	for (const [page, text] of Object.entries(HELLO_PAGES)) {
		await writeProgram(join(hello, "www/cgi-bin", page), text);
	}
	const version = join(scratch, "version");
	await mkdir(join(version, "etc"), { recursive: true });
	await writeFile(join(version, "etc/hello-version"), `${reference.split(":")[1]}\n`);
	return { reference, layers: [tools, hello, version], command: ["hello"], ports: [8080] };
}

async function writeProgram(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, text);
	await chmod(path, 0o755);
}
