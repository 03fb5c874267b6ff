/** Files that hold secrets: readable by their owner alone, and there whole or not at all. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { Failure } from "./failure.ts";

export function writePrivateFile(file: string, text: string): void {
	const fresh = `${file}.${process.pid}.new`;
	try {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(fresh, text, { mode: 0o600 });
		renameSync(fresh, file);
	} catch (error) {
		throw new Failure(
			`${file} cannot be written: ${(error as Error).message}`,
			"choose another place for it",
		);
	}
}
