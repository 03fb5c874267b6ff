/** The language's own functions: sizes, conversions, parts of text, of timestamps and of durations. */
import { type Declared, fn, method, type Overload } from "../language/declarations.ts";
import {
	BOOL,
	BYTES,
	type CelType,
	DOUBLE,
	DURATION,
	DYN,
	INT,
	listOf,
	mapOf,
	parameter,
	STRING,
	TIMESTAMP,
	typeOf,
	UINT,
} from "../language/types.ts";
import { CelError } from "../runtime/errors.ts";
import {
	formatDuration,
	formatTimestamp,
	parseDuration,
	parseTimestamp,
	timestamp,
} from "../runtime/times.ts";
import {
	type CelValue,
	DurationValue,
	ListValue,
	MapValue,
	TimestampValue,
	TypeValue,
	typeNameOf,
	UintValue,
} from "../runtime/values.ts";
import { bytes, double, int, nanos, string, uint } from "./arguments.ts";
import { int64, uint64 } from "./operators.ts";
import { lengthOf } from "./text.ts";

const A = parameter("A");
const B = parameter("B");

export const standard: readonly Declared[] = [
	...sized(STRING, (value, meter) => {
		meter(string(value).length * 0.1);
		return lengthOf(string(value));
	}),
	...sized(BYTES, (value) => bytes(value).length),
	...sized(listOf(A), (value) => (value instanceof ListValue ? value.size : 0)),
	...sized(mapOf(A, B), (value) => (value instanceof MapValue ? value.size : 0)),
	fn("type", [A], typeOf(A), ([value = null]) => new TypeValue(typeNameOf(value))),
	fn("dyn", [A], DYN, ([value = null]) => value),
	...within("contains", (text, part) => text.includes(part)),
	...within("startsWith", (text, part) => text.startsWith(part)),
	...within("endsWith", (text, part) => text.endsWith(part)),
	...conversions("int", INT, [
		[INT, (value) => int(value)],
		[UINT, (value) => int64(uint(value))],
		[DOUBLE, (value) => truncated(double(value), int64)],
		[STRING, (value) => int64(wholeNumber(string(value), "int"))],
		[TIMESTAMP, (value) => nanos(value) / 1_000_000_000n],
		[DURATION, (value) => nanos(value)],
	]),
	...conversions("uint", UINT, [
		[UINT, (value) => new UintValue(uint(value))],
		[INT, (value) => new UintValue(uint64(int(value)))],
		[DOUBLE, (value) => new UintValue(truncated(double(value), uint64))],
		[STRING, (value) => new UintValue(uint64(wholeNumber(string(value), "uint")))],
	]),
	...conversions("double", DOUBLE, [
		[DOUBLE, (value) => double(value)],
		[INT, (value) => Number(int(value))],
		[UINT, (value) => Number(uint(value))],
		[STRING, (value) => decimal(string(value))],
	]),
	...conversions("bool", BOOL, [
		[BOOL, (value = null) => value],
		[STRING, (value) => truth(string(value))],
	]),
	...conversions("bytes", BYTES, [
		[BYTES, (value = null) => value],
		[STRING, (value) => new TextEncoder().encode(string(value))],
	]),
	...conversions("string", STRING, [
		[STRING, (value) => string(value)],
		[BOOL, (value) => String(value)],
		[INT, (value) => String(value)],
		[UINT, (value) => String(uint(value))],
		[DOUBLE, (value) => formatDouble(double(value))],
		[BYTES, (value) => utf8(bytes(value))],
		[TIMESTAMP, (value) => (value instanceof TimestampValue ? formatTimestamp(value) : "")],
		[DURATION, (value) => (value instanceof DurationValue ? formatDuration(value) : "")],
	]),
	...conversions("timestamp", TIMESTAMP, [
		[TIMESTAMP, (value = null) => value],
		[STRING, (value) => parseTimestamp(string(value))],
		[INT, (value) => timestamp(int(value) * 1_000_000_000n)],
	]),
	...conversions("duration", DURATION, [
		[DURATION, (value = null) => value],
		[STRING, (value) => parseDuration(string(value))],
		[INT, (value) => new DurationValue(int(value))],
	]),
];

function sized(
	type: CelType,
	size: (value: CelValue | undefined, spend: (units: number) => void) => number,
): readonly Declared[] {
	const call = ([value]: readonly CelValue[], meter: { spend(units: number): void }) =>
		BigInt(size(value, (units) => meter.spend(units)));
	return [fn("size", [type], INT, call), method("size", [type], INT, call)];
}

function within(name: string, holds: (text: string, part: string) => boolean): readonly Declared[] {
	return [
		method(name, [STRING, STRING], BOOL, ([text, part], meter) => {
			meter.spend(string(name === "contains" ? text : part).length * 0.1);
			return holds(string(text), string(part));
		}),
	];
}

function conversions(
	name: string,
	to: CelType,
	from: readonly (readonly [CelType, (value: CelValue | undefined) => CelValue])[],
): readonly Declared[] {
	return from.map(([type, convert]) =>
		fn(
			name,
			[type],
			to,
			([value]) => convert(value),
			type === STRING && (to === TIMESTAMP || to === DURATION) ? once(convert) : undefined,
		),
	);
}

/** Times that are literals are read once. */
function once(convert: (value: CelValue) => CelValue): Overload["prepare"] {
	return ([literal]) => {
		if (literal === undefined) return undefined;
		const value = convert(literal);
		return () => value;
	};
}

function truncated(value: number, within64: (value: bigint) => bigint): bigint {
	if (!Number.isFinite(value)) throw new CelError("integer overflow");
	return within64(BigInt(Math.trunc(value)));
}

function wholeNumber(text: string, type: "int" | "uint"): bigint {
	const pattern = type === "int" ? /^[+-]?\d{1,20}$/ : /^\d{1,20}$/;
	if (!pattern.test(text)) throw new CelError(`type conversion error from 'string' to '${type}'`);
	return BigInt(text.replace(/^\+/, ""));
}

function decimal(text: string): number {
	if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
	if (/^nan$/i.test(text)) return Number.NaN;
	const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
	if (!infinite) throw new CelError("type conversion error from 'string' to 'double'");
	return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function truth(text: string): boolean {
	if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
	if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
	throw new CelError("type conversion error from 'string' to 'bool'");
}

/** As Go prints it: no exponent for what is not very large or small. */
export function formatDouble(value: number): string {
	if (Number.isNaN(value)) return "NaN";
	if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
	return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

function utf8(data: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
	} catch {
		throw new CelError("invalid UTF-8 in bytes, cannot convert to string");
	}
}
