/**
 * Variables that a container left for others in a file of a volume: `NAME='value'` a line; a value may span lines and is
 * taken as it is. https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file/
 */
import { open } from "node:fs/promises";
import { missingAs } from "../pod-directory.ts";
import { openWithin } from "../volumes/sub-path.ts";

/** Bytes that are read of a file. */
const MOST = 64 * 1024;

/** The variables of a file; undefined when there is none. Throws when it is none that can be read. */
export async function readEnvFile(
	volume: string,
	path: string,
): Promise<ReadonlyMap<string, string> | undefined> {
	const handle = await missingAs(openWithin(volume, path), undefined);
	if (!handle) return undefined;
	try {
		if (!(await handle.stat()).isFile()) throw new Error(`env file ${JSON.stringify(path)} is no file`);
		const file = await open(`/proc/self/fd/${handle.fd}`);
		try {
			const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST + 1), 0, MOST + 1, 0);
			if (bytesRead > MOST) throw new Error(`env file ${JSON.stringify(path)} is larger than 64 KiB`);
			return parseEnvFile(buffer.subarray(0, bytesRead).toString());
		} finally {
			await file.close();
		}
	} finally {
		await handle.close();
	}
}

const NOTHING = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const VARIABLE = /[ \t]*([^\s=#']+)[ \t]*=[ \t]*'([^']*)'[ \t]*(?:\r?\n|$)/y;

/** Throws with the line that is neither a variable, nor a comment, nor empty. The last of a name counts. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
	const variables = new Map<string, string>();
	let at = 0;
	while (at < text.length) {
		NOTHING.lastIndex = at;
		VARIABLE.lastIndex = at;
		if (NOTHING.test(text)) {
			at = NOTHING.lastIndex;
			continue;
		}
		const [, name = "", value = ""] = VARIABLE.exec(text) ?? [];
		if (!name) {
			const line = text.slice(0, at).split("\n").length;
			throw new Error(`invalid format in env file, line ${line}: a variable is written as NAME='value'`);
		}
		variables.set(name, value);
		at = VARIABLE.lastIndex;
	}
	return variables;
}
