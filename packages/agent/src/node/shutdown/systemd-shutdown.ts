/**
 * Shutdowns as systemd announces them: a lock of the kind `delay` makes it wait, and a signal on the bus tells of it.
 * Source: systemd.io/INHIBITOR_LOCKS. On a host without these programs the agent learns of a shutdown when it is stopped.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Logger } from "@berth/api";
import { run } from "../../steps/spawn.ts";
import type { Shutdown, ShutdownSource } from "./shutdown-keeper.ts";

const LOGIND = ["--system", "--dest", "org.freedesktop.login1", "--object-path", "/org/freedesktop/login1"];
const INHIBIT = [
	...["--what=shutdown", "--who=berth", "--mode=delay"],
	...["--why=Kubernetes pods have time to end", "sleep", "infinity"],
];

export interface SystemdOptions {
	/** Seconds that pods are to have. */
	readonly wanted: number;
	readonly log: Logger;
	/** Where the programs are. Default: the process's own. */
	readonly path?: string | undefined;
}

export function systemdShutdown({
	wanted,
	log,
	path = process.env.PATH ?? "",
}: SystemdOptions): ShutdownSource {
	const env = { ...process.env, PATH: path };

	async function checkPatience(): Promise<void> {
		const method = ["--method", "org.freedesktop.DBus.Properties.Get"];
		const property = ["org.freedesktop.login1.Manager", "InhibitDelayMaxUSec"];
		const { stdout } = await run("gdbus", ["call", ...LOGIND, ...method, ...property], { env });
		const patience = Number(/(\d+)>/.exec(stdout)?.[1] ?? Number.NaN) / 1e6;
		if (patience < wanted) {
			log.warn(
				{ patience, wanted },
				`this host waits too short a time for its pods: set InhibitDelayMaxSec=${Math.ceil(wanted)} in /etc/systemd/logind.conf`,
			);
		}
	}

	/** Resolves once an announcement says so; undefined when nobody can announce any more. */
	async function announced(lines: AsyncIterator<string>, going: boolean): Promise<boolean> {
		for (;;) {
			const { value, done } = await lines.next();
			if (done) return false;
			if (value.includes(`PrepareForShutdown (${going},)`)) return true;
		}
	}

	return {
		async next(signal): Promise<Shutdown | undefined> {
			const aborted = new Promise<undefined>((resolve) =>
				signal.addEventListener("abort", () => resolve(undefined), { once: true }),
			);
			await checkPatience().catch(() => {});
			if (signal.aborted) return undefined;
			const lock = quiet(spawn("systemd-inhibit", INHIBIT, { env, stdio: ["ignore", "ignore", "pipe"] }));
			const monitor = quiet(
				spawn("gdbus", ["monitor", ...LOGIND], { env, stdio: ["ignore", "pipe", "ignore"] }),
			);
			const close = () => {
				lock.kill();
				monitor.kill();
			};
			signal.addEventListener("abort", close, { once: true });
			const lines = createInterface({ input: monitor.stdout! })[Symbol.asyncIterator]();
			if (await announced(lines, true)) {
				const cancelled = announced(lines, false).then(async (isCancelled) => {
					monitor.kill();
					signal.removeEventListener("abort", close);
					if (!isCancelled) await aborted;
				});
				return { release: () => void lock.kill(), cancelled };
			}
			close();
			if (!signal.aborted) {
				log.warn(
					{},
					"systemd cannot be asked to announce a shutdown: pods end when the agent is stopped for it",
				);
			}
			return aborted;
		},
		async isUnderWay() {
			const { stdout } = await run("systemctl", ["is-system-running"], { env }).catch(() => ({ stdout: "" }));
			return stdout.trim() === "stopping";
		},
	};
}

/** One that cannot be started ends at once, and its streams with it. */
function quiet(child: ChildProcess): ChildProcess {
	child.on("error", () => {});
	return child;
}
