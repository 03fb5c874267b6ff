/** Paths of the host as volumes, checked as their type says. */
import { mkdir, open, stat } from "node:fs/promises";
import type { HostPathVolumeSource } from "@berth/api";
import { missingAs } from "../pod-directory.ts";
import type { VolumeKind } from "./volume-kind.ts";

export const hostPathKind: VolumeKind = {
	applies: ({ hostPath }) => hostPath !== undefined,
	readOnly: () => false,
	setUp: async ({ volume }) => volume.hostPath && hostPath(volume.hostPath),
};

/** Answers with the path to mount. Throws when it is not what it is said to be. */
export async function hostPath({ path, type }: HostPathVolumeSource): Promise<string> {
	const found = await missingAs(stat(path), undefined);
	const check = (passes: boolean | undefined, what: string) => {
		if (!passes) throw new Error(`hostPath type check failed: ${path} is not ${what}`);
	};
	switch (type ?? "") {
		case "Directory":
			check(found?.isDirectory(), "a directory");
			break;
		case "File":
			check(found?.isFile(), "a file");
			break;
		case "Socket":
			check(found?.isSocket(), "a socket file");
			break;
		case "CharDevice":
			check(found?.isCharacterDevice(), "a character device");
			break;
		case "BlockDevice":
			check(found?.isBlockDevice(), "a block device");
			break;
		case "FileOrCreate":
			if (found) check(found.isFile(), "a file");
			else await (await open(path, "a", 0o644)).close();
			break;
		default:
			if (found) check(type !== "DirectoryOrCreate" || found.isDirectory(), "a directory");
			else await mkdir(path, { recursive: true, mode: 0o755 });
	}
	return path;
}
