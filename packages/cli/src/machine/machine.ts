/** What this machine must have before something is started on it. Each check throws a Failure that says what to do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "../failure.ts";
import { pingDocker } from "./ping-docker.ts";
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

/** That a Docker Engine answers. */
export async function requireDocker(socketPath = "/var/run/docker.sock"): Promise<void> {
	try {
		await pingDocker(socketPath);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === "EACCES") {
			throw new Failure(`${socketPath} may not be opened by this user`, "run the same command as root");
		}
		const problem = code === "ENOENT" ? `no Docker Engine here: ${socketPath} does not exist` : "";
		const installed = (await findProgram("dockerd")) !== undefined;
		throw new Failure(
			problem || `Docker does not answer at ${socketPath}: ${message}`,
			installed ? "start it: systemctl start docker (or: service docker start)" : "apt-get install docker.io",
			error,
		);
	}
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
