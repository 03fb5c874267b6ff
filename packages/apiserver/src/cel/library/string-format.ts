/** `"%s has %d".format([…])`: verbs s, d, f, e, b, x, X, o, with a precision for f and e. */
import type { Meter } from "../runtime/budget.ts";
import { CelError } from "../runtime/errors.ts";
import { formatDuration, formatTimestamp } from "../runtime/times.ts";
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
import { formatDouble } from "./standard.ts";

const CLAUSE = /%(?:(%)|(\.\d{1,3})?([sdfebxXo])|)/g;

/** Throws CelError. */
export function format(text: string, args: ListValue, meter: Meter): string {
	let next = 0;
	meter.spend(text.length * 0.1);
	return text.replace(CLAUSE, (clause: string, percent?: string, precision?: string, verb?: string) => {
		if (percent) return "%";
		if (!verb)
			throw new CelError(
				`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(clause)}`,
			);
		if (next >= args.size) throw new CelError(`index ${next} out of range`);
		const made = FORMATTERS[verb]?.(args.at(next), precision ? Number(precision.slice(1)) : 6, meter) ?? "";
		next += 1;
		meter.spend(made.length * 0.1);
		return made;
	});
}

const FORMATTERS: Readonly<Record<string, (value: CelValue, precision: number, meter: Meter) => string>> = {
	s: (value, _, meter) => textOf(value, meter),
	d: (value) => String(whole(value, "d")),
	f: (value, precision) => fixed(real(value, "f"), (number) => number.toFixed(Math.min(precision, 100))),
	e: (value, precision) =>
		fixed(real(value, "e"), (number) =>
			number.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/, "e$10$2"),
		),
	b: (value) => (typeof value === "boolean" ? (value ? "1" : "0") : whole(value, "b").toString(2)),
	o: (value) => whole(value, "o").toString(8),
	x: (value) => hexadecimal(value, "x"),
	X: (value) => hexadecimal(value, "X").toUpperCase(),
};

const wrong = (verb: string, value: CelValue) =>
	new CelError(`error during formatting: ${verb} clause does not take a ${typeNameOf(value)}`);

function whole(value: CelValue, verb: string): bigint {
	if (typeof value === "bigint") return value;
	if (value instanceof UintValue) return value.value;
	if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
	throw wrong(verb, value);
}

function real(value: CelValue, verb: string): number {
	if (typeof value === "number") return value;
	return Number(whole(value, verb));
}

const fixed = (value: number, write: (value: number) => string): string =>
	Number.isFinite(value) ? write(value) : formatDouble(value).replace("+Inf", "+∞").replace("-Inf", "-∞");

function hexadecimal(value: CelValue, verb: string): string {
	if (typeof value === "string") return Buffer.from(value).toString("hex");
	if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
	return whole(value, verb).toString(16);
}

/** Any value as text. Costs its size. */
function textOf(value: CelValue, meter: Meter): string {
	meter.spend(1);
	if (value === null) return "null";
	if (typeof value === "string") return value;
	if (typeof value === "bigint" || typeof value === "boolean") return String(value);
	if (typeof value === "number") return formatDouble(value);
	if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
	if (value instanceof UintValue) return String(value.value);
	if (value instanceof TimestampValue) return formatTimestamp(value);
	if (value instanceof DurationValue) return formatDuration(value);
	if (value instanceof TypeValue) return value.typeName;
	if (value instanceof ListValue) return `[${[...value].map((item) => textOf(item, meter)).join(", ")}]`;
	if (value instanceof MapValue) {
		const entries = [...value.keys()].map(
			(key) => `${textOf(key, meter)}: ${textOf(value.find(key) ?? null, meter)}`,
		);
		return `{${entries.sort().join(", ")}}`;
	}
	throw wrong("string", value);
}
