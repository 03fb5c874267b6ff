/** Timestamps and durations from and to text. Durations are Go's (`1h30m`), timestamps RFC 3339; both to the nanosecond. */
import { parseTime } from "@berth/api";
import { CelError } from "./errors.ts";
import { DurationValue, TimestampValue } from "./values.ts";

const SECOND = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
	ns: 1n,
	us: 1000n,
	µs: 1000n,
	μs: 1000n,
	ms: 1_000_000n,
	s: SECOND,
	m: 60n * SECOND,
	h: 3600n * SECOND,
};
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
const MAX = 2n ** 63n - 1n;
/** 0001-01-01 and 9999-12-31, in nanoseconds since the epoch. */
const FIRST = -62_135_596_800n * SECOND;
const LAST = 253_402_300_800n * SECOND - 1n;

/** Throws CelError. */
export function parseDuration(text: string): DurationValue {
	const negative = text.startsWith("-");
	const body = negative || text.startsWith("+") ? text.slice(1) : text;
	if (body === "0") return new DurationValue(0n);
	let nanos = 0n;
	let at = 0;
	while (at < body.length) {
		PART.lastIndex = at;
		const part = PART.exec(body);
		const [whole = "", digits = "", fraction = "", unit = ""] = part ?? [];
		if (!part || digits.length + fraction.length === 0 || digits.length > 20 || fraction.length > 40) {
			throw invalidDuration(text);
		}
		const size = UNITS[unit] ?? 0n;
		nanos += BigInt(digits || "0") * size;
		if (fraction) nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
		if (nanos > MAX) throw invalidDuration(text);
		at += whole.length;
	}
	if (at === 0) throw invalidDuration(text);
	return new DurationValue(negative ? -nanos : nanos);
}

const invalidDuration = (text: string) => new CelError(`time: invalid duration ${JSON.stringify(text)}`);

/** Seconds with as many decimals as there are: `5400s`, `0.5s`. */
export function formatDuration({ nanos }: DurationValue): string {
	const size = nanos < 0n ? -nanos : nanos;
	return `${nanos < 0n ? "-" : ""}${size / SECOND}${decimals(size % SECOND)}s`;
}

const decimals = (nanos: bigint): string =>
	nanos === 0n ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;

/** Throws CelError. */
export function parseTimestamp(text: string): TimestampValue {
	let seconds: number;
	try {
		seconds = Math.floor(parseTime(text.replace(/[.,]\d+/, "")) / 1000);
	} catch (error) {
		throw new CelError(error instanceof Error ? error.message : String(error));
	}
	const fraction = /[.,](\d{1,9})/.exec(text)?.[1] ?? "";
	return timestamp(BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, "0")));
}

/** Throws CelError for a moment that RFC 3339 cannot write. */
export function timestamp(nanos: bigint): TimestampValue {
	if (nanos < FIRST || nanos > LAST) throw new CelError("timestamp overflow");
	return new TimestampValue(nanos);
}

/** Throws CelError for what 64 bits of nanoseconds cannot hold. */
export function duration(nanos: bigint): DurationValue {
	if (nanos > MAX || nanos < -MAX - 1n) throw new CelError("duration overflow");
	return new DurationValue(nanos);
}

/** RFC 3339 in UTC, with as many decimals as there are. */
export function formatTimestamp({ nanos }: TimestampValue): string {
	const seconds = nanos >= 0n ? nanos / SECOND : (nanos - SECOND + 1n) / SECOND;
	const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
	return `${text}${decimals(nanos - seconds * SECOND)}Z`;
}
