/** Image archives as `docker load` takes them, made without Docker: the same input gives the same image everywhere. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "../machine/run.ts";

export interface ImageRecipe {
	/** `name:tag`. */
	readonly reference: string;
	/** Directories that become the image's layers, lowest first. */
	readonly layers: readonly string[];
	readonly command: readonly string[];
	readonly ports?: readonly number[];
	readonly labels?: Readonly<Record<string, string>>;
}

/** Writes the archive of one image; `file` is there whole or not at all. */
export async function writeArchive(file: string, recipe: ImageRecipe): Promise<void> {
	const scratch = `${file}.making`;
	await rm(scratch, { recursive: true, force: true });
	await mkdir(scratch, { recursive: true });
	await mkdir(dirname(file), { recursive: true });
	const digests: string[] = [];
	for (const [index, layer] of recipe.layers.entries()) {
		const tar = join(scratch, `layer-${index}.tar`);
		await pack(layer, tar);
		digests.push(await sha256(tar));
	}
	const config = JSON.stringify(imageConfig(recipe, digests));
	const configFile = `${createHash("sha256").update(config).digest("hex")}.json`;
	await writeFile(join(scratch, configFile), config);
	const layers = digests.map((_, index) => `layer-${index}.tar`);
	const manifest = [{ Config: configFile, RepoTags: [recipe.reference], Layers: layers }];
	await writeFile(join(scratch, "manifest.json"), JSON.stringify(manifest));
	await pack(scratch, `${file}.new`);
	await rename(`${file}.new`, file);
	await rm(scratch, { recursive: true });
}

/** The image's configuration in the form of the OCI image specification; `digests` are those of the layers, in hex. */
export function imageConfig(recipe: ImageRecipe, digests: readonly string[]): object {
	const ports = (recipe.ports ?? []).map((port) => [`${port}/tcp`, {}]);
	return {
		architecture: arch() === "x64" ? "amd64" : arch(),
		os: "linux",
		// An image's name must not depend on the hour it was made.
		created: "2026-01-01T00:00:00Z",
		config: {
			Cmd: recipe.command,
			Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
			WorkingDir: "/",
			Labels: recipe.labels ?? {},
			...(ports.length > 0 && { ExposedPorts: Object.fromEntries(ports) }),
		},
		rootfs: { type: "layers", diff_ids: digests.map((digest) => `sha256:${digest}`) },
		history: digests.map(() => ({ created: "2026-01-01T00:00:00Z", created_by: "berth image" })),
	};
}

async function pack(directory: string, tar: string): Promise<void> {
	const reproducible = ["--sort=name", "--mtime=@1767225600", "--owner=0", "--group=0", "--numeric-owner"];
	await run(["tar", "--format=gnu", ...reproducible, "-C", directory, "-cf", tar, "."]);
}

async function sha256(file: string): Promise<string> {
	const hash = createHash("sha256");
	await pipeline(createReadStream(file), hash);
	return hash.digest("hex");
}
