/** Numbers: the math extension. */
import { type Declared, fn } from "../language/declarations.ts";
import { BOOL, type CelType, DOUBLE, DYN, INT, listOf, UINT } from "../language/types.ts";
import type { Meter } from "../runtime/budget.ts";
import { compare } from "../runtime/equality.ts";
import { CelError } from "../runtime/errors.ts";
import { type CelValue, UintValue } from "../runtime/values.ts";
import { double, int, list, uint } from "./arguments.ts";
import { int64 } from "./operators.ts";

const NUMBERS: readonly CelType[] = [INT, UINT, DOUBLE];
/** Arguments of `greatest` and `least` that can be written one by one. */
const MOST_ARGUMENTS = 8;

export const math: readonly Declared[] = [
	...choosing("math.greatest", (order) => order > 0),
	...choosing("math.least", (order) => order < 0),
	...onDouble("math.ceil", Math.ceil),
	...onDouble("math.floor", Math.floor),
	...onDouble("math.round", (value) => Math.sign(value) * Math.round(Math.abs(value))),
	...onDouble("math.trunc", Math.trunc),
	fn("math.isInf", [DOUBLE], BOOL, ([value]) => Math.abs(double(value)) === Number.POSITIVE_INFINITY),
	fn("math.isNaN", [DOUBLE], BOOL, ([value]) => Number.isNaN(double(value))),
	fn("math.isFinite", [DOUBLE], BOOL, ([value]) => Number.isFinite(double(value))),
	fn("math.abs", [INT], INT, ([value]) => int64(int(value) < 0n ? -int(value) : int(value))),
	fn("math.abs", [UINT], UINT, ([value = null]) => value),
	fn("math.abs", [DOUBLE], DOUBLE, ([value]) => Math.abs(double(value))),
	fn("math.sign", [INT], INT, ([value]) => signOf(int(value))),
	fn("math.sign", [UINT], UINT, ([value]) => new UintValue(signOf(uint(value)))),
	fn("math.sign", [DOUBLE], DOUBLE, ([value]) => Math.sign(double(value))),
	fn("math.sqrt", [DOUBLE], DOUBLE, ([value]) => Math.sqrt(double(value))),
	fn("math.sqrt", [INT], DOUBLE, ([value]) => Math.sqrt(Number(int(value)))),
	fn("math.sqrt", [UINT], DOUBLE, ([value]) => Math.sqrt(Number(uint(value)))),
	...bitwise("math.bitAnd", (a, b) => a & b),
	...bitwise("math.bitOr", (a, b) => a | b),
	...bitwise("math.bitXor", (a, b) => a ^ b),
	fn("math.bitNot", [INT], INT, ([value]) => ~int(value)),
	fn("math.bitNot", [UINT], UINT, ([value]) => new UintValue(BigInt.asUintN(64, ~uint(value)))),
	...shifting("math.bitShiftLeft", (value, by) => value << by),
	...shifting("math.bitShiftRight", (value, by) => BigInt.asUintN(64, value) >> by),
];

function choosing(name: string, better: (order: number) => boolean): readonly Declared[] {
	const best = (items: Iterable<CelValue>, meter: Meter): CelValue => {
		let found: CelValue | undefined;
		for (const item of items) {
			meter.spend(1);
			if (typeof item !== "bigint" && typeof item !== "number" && !(item instanceof UintValue)) {
				throw new CelError("no such overload");
			}
			if (found === undefined || better(compare(item, found, meter))) found = item;
		}
		if (found === undefined) throw new CelError(`${name}(list) argument must not be empty`);
		return found;
	};
	const overloads: Declared[] = [];
	for (const type of NUMBERS) {
		overloads.push(fn(name, [listOf(type)], type, ([items], meter) => best(list(items), meter)));
		overloads.push(fn(name, [type], type, (args, meter) => best(args, meter)));
	}
	for (let count = 2; count <= MOST_ARGUMENTS; count += 1) {
		for (const type of NUMBERS) {
			overloads.push(
				fn(name, new Array<CelType>(count).fill(type), type, (args, meter) => best(args, meter)),
			);
		}
		overloads.push(fn(name, new Array<CelType>(count).fill(DYN), DYN, (args, meter) => best(args, meter)));
	}
	return overloads;
}

function onDouble(name: string, change: (value: number) => number): readonly Declared[] {
	return [fn(name, [DOUBLE], DOUBLE, ([value]) => change(double(value)))];
}

const signOf = (value: bigint): bigint => (value > 0n ? 1n : value < 0n ? -1n : 0n);

function bitwise(name: string, change: (a: bigint, b: bigint) => bigint): readonly Declared[] {
	return [
		fn(name, [INT, INT], INT, ([a, b]) => change(int(a), int(b))),
		fn(name, [UINT, UINT], UINT, ([a, b]) => new UintValue(change(uint(a), uint(b)))),
	];
}

function shifting(name: string, change: (value: bigint, by: bigint) => bigint): readonly Declared[] {
	const shift = (value: bigint, by: bigint): bigint => {
		if (by < 0n) throw new CelError(`${name}() negative offset: ${by}`);
		return by > 63n ? 0n : change(value, by);
	};
	return [
		fn(name, [INT, INT], INT, ([value, by]) => BigInt.asIntN(64, shift(int(value), int(by)))),
		fn(
			name,
			[UINT, INT],
			UINT,
			([value, by]) => new UintValue(BigInt.asUintN(64, shift(uint(value), int(by)))),
		),
	];
}
