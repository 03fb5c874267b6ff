/** Makes a lab, runs the end-to-end tests on it and removes it, also when they fail or are interrupted. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const LAB = "e2e";
const directory = mkdtempSync(join(tmpdir(), "berth-e2e-"));
const kubeconfig = join(directory, "kubeconfig");
const environment = { ...process.env, BERTH_LAB: LAB, KUBECONFIG: kubeconfig };
const keep = process.argv.includes("--keep");
const files = process.argv.slice(2).filter((argument) => argument !== "--keep");

process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

let code = 1;
try {
	await berth("down");
	// Tests that kill hosts need not wait as long as people would.
	await berth(
		"up",
		...["--hosts", "3", "--kubeconfig", kubeconfig],
		"--server-option=--node-grace-period=10s",
		"--node-option=--agent-config=/run/berth/code/test/e2e/agent.yaml",
	);
	await berth("load-image", "berth/hello:1", "berth/hello:2", "berth/tools:1");
	code = await run("npx", ["ava", "--config", "test/e2e/ava.config.js", ...files]);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
} finally {
	if (keep) console.log(`the lab stays: KUBECONFIG=${kubeconfig} npx berth lab status --name ${LAB}`);
	else {
		await berth("down");
		rmSync(directory, { recursive: true, force: true });
	}
}
process.exitCode = code;

async function berth(verb: string, ...args: string[]): Promise<void> {
	const failed = await run("npx", ["berth", "lab", verb, "--name", LAB, ...args]);
	if (failed) throw new Error(`berth lab ${verb} failed`);
}

function run(command: string, args: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { stdio: "inherit", env: environment });
		child.on("error", reject);
		child.on("exit", (status) => resolve(status ?? 1));
	});
}
