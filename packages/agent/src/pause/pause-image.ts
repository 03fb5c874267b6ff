/** The image of a pod's first process, made on the host itself: nothing is pulled. */
import type { Runtime } from "../runtime/runtime.ts";
import { tarOfFile } from "../runtime/tar.ts";
import { PAUSE_PROGRAMS } from "./pause-programs.ts";

export const PAUSE_IMAGE = "berth/pause:1";
const PROGRAM = "pause";

/** Makes the image unless it is here. Throws on an architecture there is no program for. */
export async function ensurePauseImage(runtime: Runtime): Promise<void> {
	if (await runtime.image(PAUSE_IMAGE)) return;
	const { architecture } = await runtime.info();
	const program = PAUSE_PROGRAMS[architecture];
	if (!program) {
		const known = Object.keys(PAUSE_PROGRAMS).join(", ");
		throw new Error(`no pause program for architecture ${architecture}, only for ${known}`);
	}
	const tar = tarOfFile(PROGRAM, 0o755, Buffer.from(program.join(""), "base64"));
	await runtime.importImage(PAUSE_IMAGE, tar, [`/${PROGRAM}`]);
}
