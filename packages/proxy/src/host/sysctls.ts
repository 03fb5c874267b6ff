/** Kernel settings that traffic of pods and services needs. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { Logger } from "@berth/api";
import type { Run } from "./run.ts";

const ROOT = "/proc/sys/net";
const BRIDGE = "bridge/bridge-nf-call-iptables";

/** Never throws: what cannot be set is logged, with what will not work. `route_localnet` is left alone. */
export async function prepareSysctls({ run, log }: { run: Run; log: Logger }): Promise<void> {
	await ensure("ipv4/ip_forward", "1", "pods cannot reach other hosts");
	if ((await read(BRIDGE)) === undefined) {
		// Loaded where it is a module; where it is neither built in nor loadable there is nothing to set.
		await run("modprobe", ["br_netfilter"]).catch(() => undefined);
	}
	if ((await read(BRIDGE)) !== undefined) {
		await ensure(BRIDGE, "1", "a pod cannot reach a service whose backend is on its own host");
	}
	// The larger of "all" and the interface's own counts: 2 is loose, 1 drops answers that take another way back.
	const interfaces = await readdir(`${ROOT}/ipv4/conf`).catch(() => []);
	const filters = await Promise.all(interfaces.map((each) => read(`ipv4/conf/${each}/rp_filter`)));
	if (filters.includes("1"))
		await ensure("ipv4/conf/all/rp_filter", "2", "answers of services may be dropped");

	async function ensure(name: string, value: string, otherwise: string): Promise<void> {
		if ((await read(name)) === value) return;
		const sysctl = `net.${name.replaceAll("/", ".")}`;
		try {
			await writeFile(`${ROOT}/${name}`, value);
			log.info({ sysctl, value }, "kernel setting changed");
		} catch (error) {
			log.warn({ err: error, sysctl }, `cannot be set: ${otherwise}`);
		}
	}
}

const read = (name: string): Promise<string | undefined> =>
	readFile(`${ROOT}/${name}`, "utf8").then(
		(text) => text.trim(),
		() => undefined,
	);
