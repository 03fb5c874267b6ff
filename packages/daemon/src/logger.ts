/** The log of a process: made once where the process is composed, and handed down from there. */
import { Writable } from "node:stream";
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LoggerOptions {
	/** Of the process or part: `berth server`. */
	readonly name: string;
	readonly level: LogLevel;
	/** One line for people instead of one JSON object. */
	readonly pretty?: boolean | undefined;
	/** Default: standard error, so that standard output stays for results. */
	readonly stream?: DestinationStream | undefined;
}

export function createLogger({ name, level, pretty, stream = destination(2) }: LoggerOptions): Logger {
	return pino(
		{
			name,
			level,
			base: { name },
			serializers: { err: stdSerializers.err },
			formatters: { level: (label) => ({ level: label }) },
		},
		pretty ? prettyStream(stream) : stream,
	);
}

function prettyStream(out: DestinationStream): DestinationStream {
	return new Writable({
		decodeStrings: false,
		write: (line: string, _encoding, done) => {
			out.write(prettyLine(line));
			done();
		},
	});
}

const SHOWN_APART = new Set(["level", "time", "name", "msg", "err", "stack"]);

/** `09:30:01.250 WARN  berth agent: cannot pull the image pod=default/web image=x` and the error's stack below it. */
export function prettyLine(line: string): string {
	let entry: Record<string, unknown>;
	try {
		entry = JSON.parse(line);
	} catch {
		return line;
	}
	const time = new Date(Number(entry.time)).toISOString().slice(11, 23);
	const level = String(entry.level).toUpperCase().padEnd(5);
	const fields = Object.entries(entry)
		.filter(([key]) => !SHOWN_APART.has(key))
		.map(([key, value]) => ` ${key}=${shown(value)}`);
	const error = entry.err as { stack?: string; message?: string } | undefined;
	const trace = error ? `\n    ${(error.stack ?? error.message ?? "").replaceAll("\n", "\n    ")}` : "";
	return `${time} ${level} ${entry.name}: ${entry.msg ?? ""}${fields.join("")}${trace}\n`;
}

/** Plain words stay as they are; what has spaces or structure is JSON. */
const shown = (value: unknown) =>
	typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
