/**
 * Runs benchmarks one after the other and prints their ratios: `npm run bench`, or `npm run bench -- api cold-start`. What
 * follows the first option goes to each of them: `npm run bench -- api --kubeconfig FILE`.
 * Absolute times of a noisy machine say little; each figure stands beside a floor or a peer measured in the same run.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";

/** Some need root: the rules of proxy, which are skipped without, and the last three, which make labs. */
const BENCHMARKS = ["cold-start", "idle", "api", "scheduler", "proxy", "pod-start", "pods", "soak"];

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith("-"));
const chosen = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);
const unknown = chosen.filter((name) => !BENCHMARKS.includes(name));
if (unknown.length) {
	console.error(`no benchmark ${unknown.join(", ")}; there are ${BENCHMARKS.join(", ")}`);
	process.exit(2);
}
let failed = false;
for (const name of chosen.length ? chosen : BENCHMARKS) {
	console.log(`\n# ${name}`);
	const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${name}.ts`, ...options], {
		stdio: "inherit",
	});
	if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
