/** The control plane's directory: where it is, and what other commands need to know from it. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Failure } from "./failure.ts";

export function defaultDataDirectory(): string {
	if (process.getuid?.() === 0) return "/var/lib/berth/server";
	return join(process.env.XDG_DATA_HOME || join(homedir(), ".local/share"), "berth/server");
}

/** Makes the directory, or throws a Failure that says why it cannot be used. */
export function ensureDataDirectory(directory: string): void {
	try {
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new Failure(
			`the data directory cannot be used: ${(error as Error).message}`,
			"choose another with --data-dir, or run as the user who owns it",
		);
	}
}

/** Throws a Failure unless a cluster was made there. */
export function requireCluster(directory: string): void {
	if (existsSync(join(directory, "pki/ca.crt"))) return;
	throw new Failure(
		`no cluster has been made in ${directory}`,
		"name the directory that `berth server` was given with --data-dir",
	);
}

const ADDRESS_FILE = "server-address";

/** The address under which everybody reaches the API server: `https://10.89.0.10:6443`. */
export function recordServerAddress(directory: string, server: string): void {
	writeFileSync(join(directory, ADDRESS_FILE), `${server}\n`);
}

export function recordedServerAddress(directory: string): string {
	try {
		return readFileSync(join(directory, ADDRESS_FILE), "utf8").trim();
	} catch {
		throw new Failure(
			"the API server's address is not known yet: it has never been ready",
			"start it, or name the address with --server https://ADDRESS:6443",
		);
	}
}
