/** Docker's json-file: one JSON object on each line, one for each line of output or 16 KB of a longer one. Pure. */

export type LogStream = "stdout" | "stderr";

export interface LogEntry {
	/** Ends with a line break unless the line was longer than an entry. */
	readonly text: string;
	readonly stream: LogStream;
	/** RFC 3339 in UTC, with as many digits as it takes. */
	readonly time: string;
}

/** Undefined for what a full disk or a killed engine left half written. */
export function parseEntry(line: string): LogEntry | undefined {
	try {
		const { log, stream, time } = JSON.parse(line) as { log?: unknown; stream?: unknown; time?: unknown };
		if (typeof log !== "string" || typeof time !== "string") return undefined;
		return { text: log, stream: stream === "stderr" ? "stderr" : "stdout", time };
	} catch {
		return undefined;
	}
}

export interface Wanted {
	readonly timestamps: boolean;
	/** Milliseconds since the epoch. */
	readonly since?: number | undefined;
	/** Absent: both. */
	readonly stream?: LogStream | undefined;
}

/** What of the entries, in turn, is shown; "" for what is not. */
export function createRenderer({ timestamps, since, stream }: Wanted): (entry: LogEntry) => string {
	// Without the zone, a shorter fraction sorts before the longer ones that begin with it.
	const earliest = since === undefined ? undefined : new Date(since).toISOString().replace(/\.?0*Z$/, "");
	const midLine = new Set<LogStream>();
	return (entry) => {
		if (stream && entry.stream !== stream) return "";
		if (earliest && entry.time.slice(0, -1) < earliest) return "";
		const begins = !midLine.has(entry.stream);
		if (entry.text.endsWith("\n")) midLine.delete(entry.stream);
		else midLine.add(entry.stream);
		return timestamps && begins ? `${fixedTime(entry.time)} ${entry.text}` : entry.text;
	};
}

/** Nine digits of a second, so that lines stand below each other. */
function fixedTime(time: string): string {
	const [whole = "", fraction = ""] = time.slice(0, -1).split(".");
	return `${whole}.${fraction.padEnd(9, "0")}Z`;
}
