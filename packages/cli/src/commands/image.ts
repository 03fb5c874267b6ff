/** `berth image`: the images of examples and tests, made on the spot without a registry. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";

export function imageCommand(): Command {
	return new Command("image")
		.description("make the images of the examples from this machine's programs; nothing is fetched")
		.addCommand(new Command("list").description("what can be made").action(list))
		.addCommand(
			new Command("load")
				.argument("<image...>")
				.description("make images and load them into this machine's Docker")
				.action(load),
		)
		.addCommand(
			new Command("save")
				.argument("<image>")
				.argument("<file>")
				.description("make an image as an archive for `docker load`")
				.action(save),
		);
}

async function list(): Promise<void> {
	const [{ IMAGES }, { renderTable }] = await Promise.all([
		import("../images/images.ts"),
		import("../render-table.ts"),
	]);
	console.log(renderTable([["IMAGE", "WHAT IT IS"], ...Object.entries(IMAGES)]));
}

async function load(images: readonly string[]): Promise<void> {
	const [{ requireDocker }, { run }, { runSteps }] = await Promise.all([
		import("../machine/machine.ts"),
		import("../machine/run.ts"),
		import("../progress.ts"),
	]);
	await requireDocker();
	await runSteps(
		images.map((image) => ({
			title: `Load ${image}`,
			run: () =>
				made(image, async (archive) => {
					await run(["docker", "load", "--quiet"], { input: archive });
				}),
		})),
	);
}

async function save(image: string, file: string): Promise<void> {
	await made(image, async (archive) => copyFileSync(archive, file));
}

/** Makes the image in a directory of its own, which is gone afterwards. */
async function made(image: string, use: (archive: string) => Promise<void>): Promise<void> {
	const { makeImage } = await import("../images/images.ts");
	const scratch = mkdtempSync(join(tmpdir(), "berth-image-"));
	try {
		await use(await makeImage(image, scratch));
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}
