/** Arguments as JavaScript values. Types are checked before a function is called; these only say so to the compiler. */
import { noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, DurationValue, ListValue, TimestampValue, UintValue } from "../runtime/values.ts";

type Argument = CelValue | undefined;

export function bool(value: Argument): boolean {
	if (typeof value !== "boolean") throw noSuchOverload();
	return value;
}
export function int(value: Argument): bigint {
	if (typeof value !== "bigint") throw noSuchOverload();
	return value;
}
export function uint(value: Argument): bigint {
	if (!(value instanceof UintValue)) throw noSuchOverload();
	return value.value;
}
export function double(value: Argument): number {
	if (typeof value !== "number") throw noSuchOverload();
	return value;
}
export function string(value: Argument): string {
	if (typeof value !== "string") throw noSuchOverload();
	return value;
}
export function bytes(value: Argument): Uint8Array {
	if (!(value instanceof Uint8Array)) throw noSuchOverload();
	return value;
}
export function list(value: Argument): ListValue {
	if (!(value instanceof ListValue)) throw noSuchOverload();
	return value;
}
/** Of a timestamp or a duration. */
export function nanos(value: Argument): bigint {
	if (!(value instanceof TimestampValue || value instanceof DurationValue)) throw noSuchOverload();
	return value.nanos;
}
