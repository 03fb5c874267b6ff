/** What this machine must have before something is started on it. Each check throws a Failure that says what to do. */
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "../failure.ts";
import { findProgram } from "./program.ts";

/** Debian's package for each program that Berth calls. */
const PACKAGES: Readonly<Record<string, string>> = {
	dockerd: "docker.io",
	docker: "docker.io",
	iptables: "iptables",
	"iptables-restore": "iptables",
	ip: "iproute2",
	conntrack: "conntrack",
	nsenter: "util-linux",
	unshare: "util-linux",
	setsid: "util-linux",
	busybox: "busybox-static",
	curl: "curl",
	tar: "tar",
};

export function requireRoot(purpose: string): void {
	if (process.getuid?.() === 0) return;
	throw new Failure(`${purpose} needs root`, "run the same command with sudo, or as root");
}

/** Names all that is missing at once, with the one command that installs it. */
export async function requirePrograms(programs: readonly string[]): Promise<void> {
	const missing = [];
	for (const program of programs) if (!(await findProgram(program))) missing.push(program);
	if (missing.length === 0) return;
	const packages = [...new Set(missing.map((program) => PACKAGES[program] ?? program))];
	throw new Failure(`not on this machine: ${missing.join(", ")}`, `apt-get install ${packages.join(" ")}`);
}

/** The directory with the plugins that wire pods' networks. */
export function requireCniPlugins(directories: readonly string[] = ["/usr/lib/cni", "/opt/cni/bin"]): string {
	const found = directories.find((directory) =>
		["bridge", "host-local", "loopback", "portmap"].every((plugin) => existsSync(join(directory, plugin))),
	);
	if (found) return found;
	throw new Failure(
		`no CNI plugins in ${directories.join(" or ")}`,
		"apt-get install containernetworking-plugins",
	);
}

/** Docker's version. */
export async function requireDocker(socketPath = "/var/run/docker.sock"): Promise<string> {
	const advice = "start it with: systemctl start docker (or: service docker start)";
	return new Promise((resolve, reject) => {
		const ask = request({ socketPath, path: "/version", timeout: 5_000 }, async (answer) => {
			const version: unknown = await answer
				.toArray()
				.then((parts) => JSON.parse(Buffer.concat(parts).toString()), reject);
			resolve((version as { Version?: string } | undefined)?.Version ?? "unknown");
		});
		ask.on("timeout", () => ask.destroy(new Error("no answer for 5 s")));
		ask.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT")
				reject(new Failure(`no Docker Engine here: ${socketPath} does not exist`, advice));
			else if (error.code === "EACCES")
				reject(new Failure(`${socketPath} may not be opened by this user`, "run the same command as root"));
			else reject(new Failure(`Docker does not answer at ${socketPath}: ${error.message}`, advice));
		});
		ask.end();
	});
}

/** An error of `listen` in words, when it is one: `flag` is the option that chooses the port. */
export function portFailure(
	error: unknown,
	{ address, port, flag }: { address: string; port: number; flag: string },
): unknown {
	switch (error instanceof Error && "code" in error && "syscall" in error ? error.code : undefined) {
		case "EADDRINUSE":
			return new Failure(
				`port ${port} on ${address} is taken by another program`,
				`stop it (ss -ltnp "sport = :${port}" names it), or choose another port with ${flag}`,
			);
		case "EACCES":
			return new Failure(
				`port ${port} may not be opened by this user`,
				`choose a port above 1023 with ${flag}`,
			);
		case "EADDRNOTAVAIL":
			return new Failure(`this machine has no address ${address}`, "choose one that `ip address` shows");
		default:
			return error;
	}
}

/** All that a host needs to run pods or services. `dockerSocket` is absent where no pods will run. */
export async function requireNodeMachine(command: string, dockerSocket: string | undefined): Promise<void> {
	requireRoot(command);
	await requirePrograms(["ip", "iptables", "iptables-restore", "conntrack"]);
	if (dockerSocket === undefined) return;
	requireCniPlugins();
	await requireDocker(dockerSocket);
}
