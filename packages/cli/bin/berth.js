#!/usr/bin/env node
// Starts `src/main.ts` with a Node.js that runs TypeScript. `npm ci` brings one; the machine's own may be too old, and
// then this hands over to that one. Plain JavaScript for that reason.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const main = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../src/main.ts");
const bundled = join(main, "../../../../node_modules/node/bin/node");

if (Number.parseInt(process.versions.node, 10) >= 24) {
	await import(main);
} else if (existsSync(bundled)) {
	const child = spawn(bundled, [main, ...process.argv.slice(2)], { stdio: "inherit" });
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
	child.on("exit", (code, signal) => {
		process.exitCode = code ?? 128 + (signal === "SIGKILL" ? 9 : 15);
	});
} else {
	console.error(
		`berth: Node.js ${process.versions.node} is too old; it takes 24\n  "npm ci" brings one along`,
	);
	process.exitCode = 1;
}
