/** The official Python client; skipped where Debian's python3-kubernetes is not installed. */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { startCluster } from "./cluster.ts";

const run = promisify(execFile);
/** Debian's client belongs to Debian's Python, which need not be the first. */
const python = ["python3", "/usr/bin/python3"].find(
	(program) => spawnSync(program, ["-c", "import kubernetes"]).status === 0,
);

(python ? test : test.skip)("the Python client finds its way", async (t) => {
	await using cluster = await startCluster();
	await cluster.addNode("one");
	const script = join(import.meta.dirname, "client.py");
	const { stdout } = await run(python ?? "", [script, cluster.kubeconfig], { timeout: 50_000 });
	t.deepEqual(stdout.trim().split("\n"), [
		"ready 3",
		"address True TCP",
		"scaled 1 Running one",
		"lists True",
		"missing 404 Not Found",
		"dynamic 2",
		"every kind True",
		"token 2",
	]);
});
