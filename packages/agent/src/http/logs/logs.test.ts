import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { systemClock } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { createRenderer, parseEntry } from "./entry.ts";
import { type LogRead, readLog } from "./read-log.ts";

const entry = (log: string, { second = 0, stream = "stdout" } = {}) =>
	`${JSON.stringify({ log, stream, time: `2026-01-01T00:00:0${second}.5Z` })}\n`;

function directoryFor(t: ExecutionContext): string {
	const directory = mkdtempSync(join(tmpdir(), "berth-logs-"));
	t.teardown(() => rmSync(directory, { recursive: true, force: true }));
	return join(directory, "c-json.log");
}

async function read(path: string, options: Partial<LogRead> = {}): Promise<string> {
	const signal = new AbortController().signal;
	const lines = await readLog({ path, timestamps: false, clock: systemClock, signal, ...options });
	return lines ? text(lines) : "no log";
}

test("what was rotated away comes first", async (t) => {
	const path = directoryFor(t);
	t.is(await read(path), "no log");
	writeFileSync(`${path}.2`, entry("1\n"));
	writeFileSync(`${path}.1`, entry("2\n") + entry("3\n"));
	writeFileSync(path, `${entry("4\n")}{"log":"half`);
	t.is(await read(path), "1\n2\n3\n4\n");
	t.is(await read(path, { limitBytes: 3 }), "1\n2");
});

test("the last lines, of however many files", async (t) => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
			fc.nat({ max: 20 }),
			async (files, tailLines) => {
				const directory = mkdtempSync(join(tmpdir(), "berth-logs-"));
				try {
					const path = join(directory, "log");
					files.toReversed().forEach((lines, age) => {
						const name = age === 0 ? path : `${path}.${age}`;
						writeFileSync(name, lines.map((line) => entry(`${line}\n`)).join(""));
					});
					const all = files.flat();
					const last = all.slice(Math.max(0, all.length - tailLines)).map((line) => `${line}\n`);
					return (await read(path, { tailLines })) === last.join("");
				} finally {
					rmSync(directory, { recursive: true });
				}
			},
		),
		{ numRuns: 40 },
	);
	t.pass();
});

test("a follower goes on with the next file, and ends with the container", async (t) => {
	const path = directoryFor(t);
	writeFileSync(path, entry("0\n"));
	const ended = Promise.withResolvers<void>();
	const signal = new AbortController().signal;
	const options = { path, timestamps: false, clock: systemClock, ended: ended.promise, signal };
	const lines = await readLog(options);
	let seen = "";
	lines?.on("data", (chunk: Buffer) => {
		seen += chunk;
	});
	for (let count = 1; count < 40; count += 1) {
		if (count % 4 === 0) {
			// As Docker rotates with three files.
			if (count > 4) renameSync(`${path}.1`, `${path}.2`);
			renameSync(path, `${path}.1`);
		}
		appendFileSync(path, entry(`${count}\n`));
		if (count % 3 === 0) await new Promise((resolve) => lines?.once("data", resolve));
	}
	ended.resolve();
	await new Promise((resolve) => lines?.once("end", resolve));
	t.is(seen, Array.from({ length: 40 }, (_, count) => `${count}\n`).join(""));
});

test("a follower who leaves is let go, though nothing happens", async (t) => {
	const path = directoryFor(t);
	writeFileSync(path, entry("0\n"));
	const stop = new AbortController();
	const lines = await readLog({
		path,
		timestamps: false,
		clock: systemClock,
		ended: new Promise(() => {}),
		signal: stop.signal,
	});
	lines?.on("data", () => stop.abort());
	await new Promise((resolve) => lines?.once("end", resolve));
	t.true(stop.signal.aborted);
});

test("time, stream and timestamps", (t) => {
	const entries = [
		{ text: "a", stream: "stdout", time: "2026-01-01T00:00:00.5Z" },
		{ text: "b\n", stream: "stdout", time: "2026-01-01T00:00:01Z" },
		{ text: "c\n", stream: "stderr", time: "2026-01-01T00:00:02.000000001Z" },
	] as const;
	const shown = (wanted: Partial<Parameters<typeof createRenderer>[0]>) =>
		entries.map(createRenderer({ timestamps: false, ...wanted })).join("");
	t.is(shown({ stream: "stderr" }), "c\n");
	t.is(shown({ since: Date.parse("2026-01-01T00:00:01Z") }), "b\nc\n");
	t.is(shown({ timestamps: true }), "2026-01-01T00:00:00.500000000Z ab\n2026-01-01T00:00:02.000000001Z c\n");
});

test("what is no entry is passed over", (t) => {
	for (const line of ["", "null", "[]", "{}", '{"log":1,"time":"x"}', '{"log":"a']) {
		t.is(parseEntry(line), undefined);
	}
});
