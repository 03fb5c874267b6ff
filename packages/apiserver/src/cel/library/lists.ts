/** Kubernetes' functions of lists, and sets over lists. */
import { type Declared, fn, method } from "../language/declarations.ts";
import {
	BOOL,
	BYTES,
	type CelType,
	DOUBLE,
	DURATION,
	INT,
	listOf,
	parameter,
	STRING,
	TIMESTAMP,
	UINT,
} from "../language/types.ts";
import type { Meter } from "../runtime/budget.ts";
import { compare, isSame } from "../runtime/equality.ts";
import { CelError } from "../runtime/errors.ts";
import { duration } from "../runtime/times.ts";
import { type CelValue, DurationValue, type ListValue, UintValue } from "../runtime/values.ts";
import { double, int, list, nanos, uint } from "./arguments.ts";
import { int64, uint64 } from "./operators.ts";

const A = parameter("A");
const ANY = listOf(A);
const ORDERED: readonly CelType[] = [INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES];

export const lists: readonly Declared[] = [
	...ORDERED.flatMap((type) => [
		method("isSorted", [listOf(type)], BOOL, ([items], meter) => isSorted(list(items), meter)),
		method("min", [listOf(type)], type, ([items], meter) =>
			extreme("min", list(items), meter, (order) => order < 0),
		),
		method("max", [listOf(type)], type, ([items], meter) =>
			extreme("max", list(items), meter, (order) => order > 0),
		),
	]),
	summing(INT, 0n, (sum, item) => int64(int(sum) + int(item))),
	summing(UINT, new UintValue(0n), (sum, item) => new UintValue(uint64(uint(sum) + uint(item)))),
	summing(DOUBLE, 0, (sum, item) => double(sum) + double(item)),
	summing(DURATION, new DurationValue(0n), (sum, item) => duration(nanos(sum) + nanos(item))),
	method("indexOf", [ANY, A], INT, ([items, wanted = null], meter) => {
		const found = list(items);
		for (let i = 0; i < found.size; i += 1) if (same(found.at(i), wanted, meter)) return BigInt(i);
		return -1n;
	}),
	method("lastIndexOf", [ANY, A], INT, ([items, wanted = null], meter) => {
		const found = list(items);
		for (let i = found.size - 1; i >= 0; i -= 1) if (same(found.at(i), wanted, meter)) return BigInt(i);
		return -1n;
	}),
	fn("sets.contains", [ANY, ANY], BOOL, ([items, wanted], meter) =>
		contains(list(items), list(wanted), meter),
	),
	fn(
		"sets.equivalent",
		[ANY, ANY],
		BOOL,
		([a, b], meter) => contains(list(a), list(b), meter) && contains(list(b), list(a), meter),
	),
	fn("sets.intersects", [ANY, ANY], BOOL, ([a, b], meter) => {
		for (const item of list(b)) if (has(list(a), item, meter)) return true;
		return false;
	}),
];

function same(a: CelValue, b: CelValue, meter: Meter): boolean {
	meter.spend(1);
	return isSame(a, b, meter);
}

function isSorted(items: ListValue, meter: Meter): boolean {
	for (let i = 1; i < items.size; i += 1) {
		meter.spend(1);
		if (compare(items.at(i - 1), items.at(i), meter) > 0) return false;
	}
	return true;
}

function extreme(name: string, items: ListValue, meter: Meter, better: (order: number) => boolean): CelValue {
	if (items.size === 0) throw new CelError(`${name} called on empty list`);
	let best = items.at(0);
	for (let i = 1; i < items.size; i += 1) {
		meter.spend(1);
		const item = items.at(i);
		if (better(compare(item, best, meter))) best = item;
	}
	return best;
}

function summing(type: CelType, zero: CelValue, add: (sum: CelValue, item: CelValue) => CelValue): Declared {
	return method("sum", [listOf(type)], type, ([items], meter) => {
		let sum = zero;
		for (const item of list(items)) {
			meter.spend(1);
			sum = add(sum, item);
		}
		return sum;
	});
}

function has(items: ListValue, wanted: CelValue, meter: Meter): boolean {
	for (const item of items) if (same(item, wanted, meter)) return true;
	return false;
}

function contains(items: ListValue, wanted: ListValue, meter: Meter): boolean {
	for (const item of wanted) if (!has(items, item, meter)) return false;
	return true;
}
