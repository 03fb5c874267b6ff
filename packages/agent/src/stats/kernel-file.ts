/**
 * Files that the kernel makes up when they are read. A host of a hundred pods has over a thousand of them, and no disk is
 * waited for: reading one at once takes some ten microseconds, by way of a promise forty times as many.
 */
import { readFileSync } from "node:fs";

/** "" for what is not, or no longer, there. */
export function readKernelFile(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		// A group, or a process, that ends while it is read has no device any more.
		if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) return "";
		throw error;
	}
}

const GONE: ReadonlySet<string> = new Set(["ENOENT", "ENODEV", "ESRCH", "EINVAL"]);
