/** Whether the host's kernel enforces AppArmor profiles. */
import { readFile } from "node:fs/promises";

const ENABLED = "/sys/module/apparmor/parameters/enabled";

/** False too where the kernel does not know AppArmor. */
export async function hasAppArmor(file = ENABLED): Promise<boolean> {
	const text = await readFile(file, "utf8").catch(() => "");
	return text.trim() === "Y";
}
