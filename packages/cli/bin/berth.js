#!/usr/bin/env node
// Starts `src/main.ts` with a Node.js that runs TypeScript. `npm ci` brings one; the machine's own may be too old, and
// then this hands over to that one. Plain JavaScript for that reason.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const modules = join(dirname(self), "../../../node_modules");
const bundled = join(modules, "node/bin/node");

/**
 * Commands that run until they are stopped, and the megabytes they have for objects that die young: a server's die in
 * numbers, a host has better use for its memory. The default holds on to five times as much and is no faster.
 */
const YOUNG = {
	apiserver: 16,
	controllers: 16,
	scheduler: 16,
	server: 16,
	up: 16,
	agent: 2,
	node: 2,
	proxy: 2,
};
/** Freed memory goes back to the system: large blocks at once, and from few heaps (glibc's mallopt(3)). */
const MALLOC = {
	MALLOC_ARENA_MAX: "2",
	MALLOC_MMAP_THRESHOLD_: "65536",
	MALLOC_TRIM_THRESHOLD_: "131072",
};

if (Number.parseInt(process.versions.node, 10) >= 24) {
	// Both are settings of a process from its start on.
	const young = Object.entries(YOUNG).find(([command]) => command === process.argv[2])?.[1];
	const limit = `--max-semi-space-size=${young}`;
	if (young !== undefined && process.execve && !process.execArgv.includes(limit)) {
		const args = [process.execPath, limit, ...process.execArgv, self, ...process.argv.slice(2)];
		process.execve(process.execPath, args, { ...MALLOC, ...process.env });
	}
	// Halves the time it takes to start. Where it cannot be written it is done without.
	module.enableCompileCache(join(modules, ".cache/berth"));
	await import("../src/main.ts");
} else if (existsSync(bundled)) {
	const child = spawn(bundled, [self, ...process.argv.slice(2)], { stdio: "inherit" });
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
