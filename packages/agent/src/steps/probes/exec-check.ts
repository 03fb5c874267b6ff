/** Does a command in the container end with 0? */
import type { ExecAction } from "@berth/api";
import { isRuntimeError, type Streams } from "../../runtime/runtime.ts";
import { type CheckResult, failed, PASSED } from "./result.ts";

/** Characters of output that a message shows. */
const MOST_OUTPUT = 1_024;

/** The signal is the timeout; `seconds` is what it stands for. */
export async function checkExec(
	runtime: Streams,
	containerId: string,
	{ command = [] }: ExecAction,
	{ signal, seconds }: { readonly signal: AbortSignal; readonly seconds: number },
): Promise<CheckResult> {
	const late = Promise.withResolvers<undefined>();
	const expire = () => late.resolve(undefined);
	if (signal.aborted) expire();
	else signal.addEventListener("abort", expire, { once: true });
	const timedOut = failed(`command timed out: "${command.join(" ")}" timed out after ${seconds}s`);
	try {
		const opening = runtime.exec(containerId, {
			command,
			stdin: false,
			stdout: true,
			stderr: true,
			tty: false,
		});
		await using session = await Promise.race([opening, late.promise]);
		if (!session) {
			opening.then((opened) => opened.kill()).catch(() => {});
			return timedOut;
		}
		const output: string[] = [];
		const read = [session.stdout, session.stderr].map((stream) => collect(stream, output));
		const code = await Promise.race([session.ended, late.promise]);
		if (code !== undefined) await Promise.race([Promise.all(read), late.promise]);
		if (code === 0) return PASSED;
		if (code === undefined) return timedOut;
		return failed(output.join("").slice(0, MOST_OUTPUT).trimEnd());
	} catch (error) {
		if (!isRuntimeError(error, "cannotStart", "notRunning", "noContainer", "other")) throw error;
		return failed(error.message);
	} finally {
		signal.removeEventListener("abort", expire);
	}
}

/** Keeps the beginning of a stream, and reads the rest: nobody waits for its reader. */
async function collect(stream: AsyncIterable<Buffer | string> | undefined, output: string[]): Promise<void> {
	let length = 0;
	try {
		for await (const chunk of stream ?? []) {
			if (length < MOST_OUTPUT) output.push(chunk.toString());
			length += chunk.length;
		}
	} catch {
		// A command that is given up leaves its streams broken.
	}
}
