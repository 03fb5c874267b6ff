/** Finds programs as a shell would, and where a user's PATH does not look. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";

const SUPER_USER_PATHS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The program's path; undefined when the machine does not have it. */
export async function findProgram(name: string): Promise<string | undefined> {
	for (const directory of [...(process.env.PATH ?? "").split(delimiter), ...SUPER_USER_PATHS]) {
		const path = join(directory, name);
		try {
			await access(path, constants.X_OK);
			return path;
		} catch {
			// Not here; the next directory may have it.
		}
	}
	return undefined;
}
