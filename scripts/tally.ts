/**
 * Adds up test runs: `tally.ts CODE:FILE …`, where FILE holds what a run printed (TAP among other lines) and CODE is
 * its exit code. Prints `N passed, N failed` as its only line, and fails when anything has failed.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

export interface Tally {
	readonly passed: number;
	readonly failed: number;
}

/** TAP ends with `# pass N` and `# fail N`. A run that failed without saying so counts as one failure. */
export function tallyOf(output: string, code: number): Tally {
	const sum = (name: string) =>
		[...output.matchAll(new RegExp(`^# ${name} (\\d+)$`, "gm"))].reduce(
			(total, [, n]) => total + Number(n),
			0,
		);
	const failed = sum("fail");
	return { passed: sum("pass"), failed: code !== 0 && failed === 0 ? 1 : failed };
}

if (import.meta.main) {
	const tallies = process.argv.slice(2).map((argument) => {
		const [code = "", file = ""] = argument.split(":");
		return tallyOf(readFileSync(file, "utf8"), Number(code));
	});
	const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
	const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
	console.log(`${passed} passed, ${failed} failed`);
	process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
