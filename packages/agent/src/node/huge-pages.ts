/** Huge pages that the host's kernel has set aside. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { missingAs } from "../steps/pod-directory.ts";

const DIRECTORY = "/sys/kernel/mm/hugepages";

/** Bytes by page size, as Kubernetes writes it: `2Mi`, `1Gi`. Sizes without any page count too: they are known, and none. */
export async function readHugePages(directory = DIRECTORY): Promise<ReadonlyMap<string, number>> {
	const names = await missingAs(readdir(directory), []);
	const found = await Promise.all(
		names.map(async (name): Promise<readonly [string, number] | undefined> => {
			const kibi = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]);
			if (!kibi) return undefined;
			const count = Number(await missingAs(readFile(join(directory, name, "nr_hugepages"), "utf8"), "0"));
			return [sizeName(kibi), count * kibi * 1024];
		}),
	);
	return new Map(found.filter((entry) => entry !== undefined));
}

function sizeName(kibi: number): string {
	if (kibi % (1024 * 1024) === 0) return `${kibi / (1024 * 1024)}Gi`;
	return kibi % 1024 === 0 ? `${kibi / 1024}Mi` : `${kibi}Ki`;
}
