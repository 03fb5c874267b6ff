/** Operators on numbers, text, lists, maps and times. */
import { type Declared, fn } from "../language/declarations.ts";
import type { CelType } from "../language/types.ts";
import {
	BOOL,
	BYTES,
	DOUBLE,
	DURATION,
	INT,
	listOf,
	mapOf,
	optionalOf,
	parameter,
	STRING,
	TIMESTAMP,
	UINT,
} from "../language/types.ts";
import { compare, isSame } from "../runtime/equality.ts";
import { CelError, noSuchKey, noSuchOverload } from "../runtime/errors.ts";
import { duration, timestamp } from "../runtime/times.ts";
import { type CelValue, ListValue, MapValue, NONE, OptionalValue, UintValue } from "../runtime/values.ts";
import { bool, bytes, double, int, list, nanos, string, uint } from "./arguments.ts";

const A = parameter("A");
const B = parameter("B");
const ORDERED: readonly CelType[] = [BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION];
const NUMBERS: readonly CelType[] = [INT, UINT, DOUBLE];

export const operators: readonly Declared[] = [
	fn("!_", [BOOL], BOOL, ([a]) => !bool(a)),
	fn("_?_:_", [BOOL, A, A], A, ([condition, yes = null, no = null]) => (bool(condition) ? yes : no)),
	fn("_==_", [A, A], BOOL, ([a = null, b = null], meter) => isSame(a, b, meter)),
	fn("_!=_", [A, A], BOOL, ([a = null, b = null], meter) => !isSame(a, b, meter)),
	...comparison("_<_", (order) => order < 0),
	...comparison("_<=_", (order) => order <= 0),
	...comparison("_>_", (order) => order > 0),
	...comparison("_>=_", (order) => order >= 0),
	...arithmetic("_+_", { int: (a, b) => a + b, double: (a, b) => a + b }),
	...arithmetic("_-_", { int: (a, b) => a - b, double: (a, b) => a - b }),
	...arithmetic("_*_", { int: (a, b) => a * b, double: (a, b) => a * b }),
	...arithmetic("_/_", { int: (a, b) => a / nonZero(b, "division by zero"), double: (a, b) => a / b }),
	...arithmetic("_%_", { int: (a, b) => a % nonZero(b, "modulus by zero") }),
	fn("-_", [INT], INT, ([a]) => int64(-int(a))),
	fn("-_", [DOUBLE], DOUBLE, ([a]) => -double(a)),
	fn("_+_", [STRING, STRING], STRING, ([a, b], meter) => {
		meter.spend((string(a).length + string(b).length) * 0.1);
		return string(a) + string(b);
	}),
	fn("_+_", [BYTES, BYTES], BYTES, ([a, b], meter) => {
		meter.spend((bytes(a).length + bytes(b).length) * 0.1);
		return new Uint8Array(Buffer.concat([bytes(a), bytes(b)]));
	}),
	fn("_+_", [listOf(A), listOf(A)], listOf(A), ([a, b], meter) => {
		meter.spend((list(a).size + list(b).size) * 0.1);
		return ListValue.of([...list(a), ...list(b)]);
	}),
	fn("_+_", [TIMESTAMP, DURATION], TIMESTAMP, ([a, b]) => timestamp(nanos(a) + nanos(b))),
	fn("_+_", [DURATION, TIMESTAMP], TIMESTAMP, ([a, b]) => timestamp(nanos(a) + nanos(b))),
	fn("_+_", [DURATION, DURATION], DURATION, ([a, b]) => duration(nanos(a) + nanos(b))),
	fn("_-_", [TIMESTAMP, TIMESTAMP], DURATION, ([a, b]) => duration(nanos(a) - nanos(b))),
	fn("_-_", [TIMESTAMP, DURATION], TIMESTAMP, ([a, b]) => timestamp(nanos(a) - nanos(b))),
	fn("_-_", [DURATION, DURATION], DURATION, ([a, b]) => duration(nanos(a) - nanos(b))),
	fn("_[_]", [listOf(A), INT], A, ([a, index]) => elementAt(list(a), index)),
	fn("_[_]", [mapOf(A, B), A], B, ([a, key = null]) => atKey(a, key)),
	...optionalIndex(),
	fn("@in", [A, listOf(A)], BOOL, ([item = null, a], meter) => {
		for (const element of list(a)) {
			meter.spend(1);
			if (isSame(element, item, meter)) return true;
		}
		return false;
	}),
	fn("@in", [A, mapOf(A, B)], BOOL, ([key = null, a]) => a instanceof MapValue && a.find(key) !== undefined),
];

/** Times compare with their like, numbers with all numbers. */
function comparison(name: string, holds: (order: number) => boolean): readonly Declared[] {
	const call = ([a = null, b = null]: readonly CelValue[], meter: Parameters<typeof compare>[2]) =>
		holds(compare(a, b, meter));
	const same = ORDERED.map((type) => fn(name, [type, type], BOOL, call));
	const mixed = NUMBERS.flatMap((left) =>
		NUMBERS.filter((right) => right !== left).map((right) => fn(name, [left, right], BOOL, call)),
	);
	return [...same, ...mixed];
}

function arithmetic(
	name: string,
	on: {
		readonly int: (a: bigint, b: bigint) => bigint;
		readonly double?: (a: number, b: number) => number;
	},
): readonly Declared[] {
	const { double: onDouble } = on;
	return [
		fn(name, [INT, INT], INT, ([a, b]) => int64(on.int(int(a), int(b)))),
		fn(name, [UINT, UINT], UINT, ([a, b]) => new UintValue(uint64(on.int(uint(a), uint(b))))),
		...(onDouble ? [fn(name, [DOUBLE, DOUBLE], DOUBLE, ([a, b]) => onDouble(double(a), double(b)))] : []),
	];
}

/** Throws CelError for what 64 bits cannot hold. */
export function int64(value: bigint): bigint {
	if (BigInt.asIntN(64, value) !== value) throw new CelError("integer overflow");
	return value;
}

export function uint64(value: bigint): bigint {
	if (BigInt.asUintN(64, value) !== value) throw new CelError("unsigned integer overflow");
	return value;
}

function nonZero(value: bigint, message: string): bigint {
	if (value === 0n) throw new CelError(message);
	return value;
}

function elementAt(items: ListValue, index: CelValue | undefined): CelValue {
	const found = optionalElement(items, index);
	if (found === undefined) throw new CelError(`index out of bounds: ${String(index)}`);
	return found;
}

function optionalElement(items: ListValue, index: CelValue | undefined): CelValue | undefined {
	const position = index instanceof UintValue ? index.value : index;
	if (typeof position !== "bigint") throw noSuchOverload();
	return position >= 0n && position < items.size ? items.at(Number(position)) : undefined;
}

function atKey(map: CelValue | undefined, key: CelValue): CelValue {
	if (!(map instanceof MapValue)) throw noSuchOverload();
	const found = map.find(key);
	if (found === undefined) throw noSuchKey(key instanceof UintValue ? key.value : key);
	return found;
}

/** `a[?b]` on lists and maps, and on optional ones. */
function optionalIndex(): readonly Declared[] {
	const call = ([whole = null, key = null]: readonly CelValue[]): CelValue => {
		const value = whole instanceof OptionalValue ? whole.value : whole;
		if (value === undefined) return NONE;
		const found =
			value instanceof ListValue
				? optionalElement(value, key)
				: value instanceof MapValue
					? value.find(key)
					: undefined;
		return found === undefined ? NONE : new OptionalValue(found);
	};
	const on = (name: string, wrap: (type: CelType) => CelType) => [
		fn(name, [wrap(listOf(A)), INT], optionalOf(A), call),
		fn(name, [wrap(mapOf(A, B)), A], optionalOf(B), call),
	];
	return [...on("_[?_]", (type) => type), ...on("_[?_]", optionalOf), ...on("_[_]", optionalOf)];
}
