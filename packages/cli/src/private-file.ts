/** Files that hold secrets: readable by their owner alone, and there whole or not at all. */
import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Failure } from "./failure.ts";

export function writePrivateFile(file: string, text: string): void {
	const fresh = `${file}.${process.pid}.new`;
	try {
		writeFileSync(fresh, text, { mode: 0o600 });
		renameSync(fresh, file);
	} catch (error) {
		throw new Failure(
			`${file} cannot be written: ${(error as Error).message}`,
			"choose another place for it",
		);
	}
}
