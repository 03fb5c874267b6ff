/** When two values are the same, and which comes first. */
import type { Meter } from "./budget.ts";
import { noSuchOverload } from "./errors.ts";
import {
	type CelValue,
	DurationValue,
	ListValue,
	MapValue,
	ObjectValue,
	OpaqueValue,
	OptionalValue,
	TimestampValue,
	TypeValue,
	UintValue,
} from "./values.ts";

/** Numbers of different types are the same when their amounts are; values of different types are never the same. */
export function isSame(a: CelValue, b: CelValue, meter: Meter): boolean {
	if (a === b) return true;
	if (a === null || b === null) return false;
	const left = numeric(a);
	if (left !== undefined) {
		const right = numeric(b);
		// biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number
		return right !== undefined && left == right;
	}
	if (typeof a === "string" || typeof a === "boolean") {
		if (typeof a === "string" && typeof b === "string") meter.spend(Math.min(a.length, b.length) * 0.1);
		return false;
	}
	if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
	if (a instanceof ListValue) return b instanceof ListValue && isSameList(a, b, meter);
	if (a instanceof MapValue) return b instanceof MapValue && isSameMap(a, b, meter);
	if (a instanceof ObjectValue) return b instanceof ObjectValue && isSameObject(a, b, meter);
	if (a instanceof TimestampValue) return b instanceof TimestampValue && a.nanos === b.nanos;
	if (a instanceof DurationValue) return b instanceof DurationValue && a.nanos === b.nanos;
	if (a instanceof TypeValue) return b instanceof TypeValue && a.typeName === b.typeName;
	if (a instanceof OptionalValue) {
		if (!(b instanceof OptionalValue)) return false;
		if (a.value === undefined || b.value === undefined) return a.value === b.value;
		return isSame(a.value, b.value, meter);
	}
	return (
		a instanceof OpaqueValue && b instanceof OpaqueValue && a.constructor === b.constructor && a.equals(b)
	);
}

function numeric(value: CelValue): bigint | number | undefined {
	if (typeof value === "bigint" || typeof value === "number") return value;
	return value instanceof UintValue ? value.value : undefined;
}

function isSameList(a: ListValue, b: ListValue, meter: Meter): boolean {
	if (a.size !== b.size) return false;
	for (let i = 0; i < a.size; i += 1) {
		meter.spend(0.1);
		if (!isSame(a.at(i), b.at(i), meter)) return false;
	}
	return true;
}

function isSameMap(a: MapValue, b: MapValue, meter: Meter): boolean {
	if (a.size !== b.size) return false;
	for (const key of a.keys()) {
		meter.spend(0.1);
		const left = a.find(key);
		const right = b.find(key);
		if (left === undefined || right === undefined || !isSame(left, right, meter)) return false;
	}
	return true;
}

function isSameObject(a: ObjectValue, b: ObjectValue, meter: Meter): boolean {
	if (a.type.name !== b.type.name) return false;
	const fields = a.fields();
	if (fields.length !== b.fields().length) return false;
	return fields.every((field) => {
		meter.spend(0.1);
		const left = a.get(field);
		const right = b.get(field);
		return left !== undefined && right !== undefined ? isSame(left, right, meter) : left === right;
	});
}

/** Below, at or above zero; NaN when there is no order (NaN itself). Throws CelError for values that have none. */
export function compare(a: CelValue, b: CelValue, meter: Meter): number {
	const left = ordinal(a);
	const right = ordinal(b);
	if (left === undefined || right === undefined) throw noSuchOverload();
	if (typeof left === "string" || typeof right === "string") {
		if (typeof left !== typeof right) throw noSuchOverload();
		meter.spend(Math.min(String(left).length, String(right).length) * 0.1);
	}
	if (a instanceof TimestampValue !== b instanceof TimestampValue) throw noSuchOverload();
	if (a instanceof DurationValue !== b instanceof DurationValue) throw noSuchOverload();
	if (typeof a === "boolean" ? typeof b !== "boolean" : typeof b === "boolean") throw noSuchOverload();
	if (left < right) return -1;
	if (left > right) return 1;
	// biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number
	return left == right ? 0 : Number.NaN;
}

function ordinal(value: CelValue): bigint | number | string | undefined {
	if (typeof value === "bigint" || typeof value === "number" || typeof value === "string") return value;
	if (typeof value === "boolean") return value ? 1 : 0;
	if (value instanceof UintValue) return value.value;
	if (value instanceof TimestampValue || value instanceof DurationValue) return value.nanos;
	if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
	return undefined;
}
