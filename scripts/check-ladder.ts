/** Imports only go down: checks every import between packages against the ladder in ARCHITECTURE.md. */
import { globSync, readFileSync } from "node:fs";
import process from "node:process";

const LADDER: Record<string, readonly string[]> = {
	api: [],
	daemon: [],
	client: ["api"],
	reconcile: ["client", "api"],
	controllers: ["reconcile", "client", "api"],
	scheduler: ["reconcile", "client", "api"],
	agent: ["reconcile", "client", "api", "daemon"],
	proxy: ["reconcile", "client", "api", "daemon"],
	apiserver: ["api", "daemon"],
	cli: ["api", "daemon", "client", "reconcile", "controllers", "scheduler", "agent", "proxy", "apiserver"],
	testing: [
		"api",
		"daemon",
		"client",
		"reconcile",
		"controllers",
		"scheduler",
		"agent",
		"proxy",
		"apiserver",
		"cli",
	],
};

const IMPORT = /(?:from|import)\s*\(?\s*"([^"]+)"/g;
const problems: string[] = [];

for (const file of globSync("packages/*/src/**/*.ts")) {
	const [, owner = ""] = file.split("/");
	const isTest = /\.(test|bench)\.ts$/.test(file);
	for (const [, target = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
		const ours = /^@berth\/([^/]+)(\/.*)?$/.exec(target);
		if (ours) {
			const [, name = "", inside] = ours;
			if (inside) problems.push(`${file}: import ${target} reaches inside a package; use @berth/${name}`);
			const allowed = LADDER[owner]?.includes(name) || (isTest && name === "testing");
			if (!allowed) problems.push(`${file}: packages/${owner} may not import @berth/${name}`);
		}
		if (owner === "api" && !isTest && target.startsWith("node:")) {
			problems.push(`${file}: packages/api is pure and may not import ${target}`);
		}
		if (target === "dockerode" && !file.startsWith("packages/agent/src/runtime/")) {
			problems.push(`${file}: dockerode is imported by packages/agent/src/runtime only`);
		}
	}
}

for (const problem of problems) console.error(problem);
console.log(problems.length ? `ladder: ${problems.length} imports go the wrong way` : "ladder: ok");
process.exitCode = problems.length ? 1 : 0;
