/** What tells this host, and this run of its kernel, from others. */
import { readFile } from "node:fs/promises";
import type { HostIds } from "./node-status.ts";

export async function readHostIds(): Promise<HostIds> {
	const [machineID = "", systemUUID = "", bootID = ""] = await Promise.all(
		["/etc/machine-id", "/sys/class/dmi/id/product_uuid", "/proc/sys/kernel/random/boot_id"].map((path) =>
			readFile(path, "utf8").then(
				(text) => text.trim(),
				// Containers and small boards have no such file.
				() => "",
			),
		),
	);
	return { machineID, systemUUID: systemUUID || machineID, bootID };
}
