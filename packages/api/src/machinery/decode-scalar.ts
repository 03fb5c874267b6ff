/** One scalar off the wire: checked, and in its canonical form. */
import { canonicalQuantity } from "./quantity.ts";
import type { Type } from "./schema.ts";
import { formatMicroTime, formatTime, parseTime } from "./time.ts";

/** The canonical value; or none, with a reason where the type has words of its own for it. */
export type ScalarResult = { readonly value: unknown } | { readonly reason?: string };

export function decodeScalar(type: Type, value: unknown): ScalarResult {
	switch (type.kind) {
		case "string":
			return typeof value === "string" ? { value } : {};
		case "bool":
			return typeof value === "boolean" ? { value } : {};
		case "int32":
			return isInteger(value, 2 ** 31) ? { value } : {};
		case "int64":
			return isInteger(value, 2 ** 63) ? { value } : {};
		case "double":
			return typeof value === "number" ? { value } : {};
		case "intOrString":
			return decodeIntOrString(value);
		case "quantity":
			return decodeQuantity(value);
		case "time":
			return decodeTime(value, formatTime);
		case "microTime":
			return decodeTime(value, formatMicroTime);
		case "duration":
			return decodeDuration(value);
		case "bytes":
			return decodeBytes(value);
		default:
			return { value };
	}
}

const isInteger = (value: unknown, bound: number): value is number =>
	typeof value === "number" && Number.isInteger(value) && value >= -bound && value < bound;

function decodeIntOrString(value: unknown): ScalarResult {
	if (typeof value === "string" || isInteger(value, 2 ** 31)) return { value };
	const got = typeof value === "number" ? `number ${value}` : goShape(value);
	return { reason: `json: cannot unmarshal ${got} into Go value of type int32` };
}

function decodeQuantity(value: unknown): ScalarResult {
	const text = typeof value === "string" ? value.trim() : String(value);
	return attempt(() => canonicalQuantity(text));
}

function decodeTime(value: unknown, format: (ms: number) => string): ScalarResult {
	if (typeof value !== "string") {
		return { reason: `json: cannot unmarshal ${goShape(value)} into Go value of type string` };
	}
	return attempt(() => format(parseTime(value)));
}

function decodeDuration(value: unknown): ScalarResult {
	if (typeof value !== "string") {
		return { reason: `json: cannot unmarshal ${goShape(value)} into Go value of type string` };
	}
	return DURATION.test(value) ? { value } : { reason: `time: invalid duration ${JSON.stringify(value)}` };
}

const DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** base64 as Go reads it: padded, line breaks ignored. */
function decodeBytes(value: unknown): ScalarResult {
	if (typeof value !== "string") return {};
	const text = value.replace(/[\r\n]/g, "");
	const wrong = text.search(/[^A-Za-z0-9+/]/);
	const digits = wrong < 0 ? text.length : wrong;
	const padding = text.slice(digits);
	if (text.length % 4 === 0 && (padding === "" || padding === "=" || padding === "=="))
		return { value: text };
	const isPadding = padding.startsWith("=") && digits % 4 >= 2;
	return { reason: `illegal base64 data at input byte ${isPadding || wrong < 0 ? text.length : digits}` };
}

function attempt(read: () => string): ScalarResult {
	try {
		return { value: read() };
	} catch (error) {
		if (error instanceof RangeError) return { reason: error.message };
		throw error;
	}
}

function goShape(value: unknown): string {
	if (Array.isArray(value)) return "array";
	return typeof value === "boolean" ? "bool" : typeof value;
}
