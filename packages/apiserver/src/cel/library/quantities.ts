/** Kubernetes quantities: `100m`, `2Gi`. */
import { parseQuantity } from "@berth/api";
import { type Declared, fn, method } from "../language/declarations.ts";
import { BOOL, DOUBLE, INT, opaque, STRING } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, OpaqueValue } from "../runtime/values.ts";
import { int, string } from "./arguments.ts";

const QUANTITY = opaque("kubernetes.Quantity");
const UNIT = 1_000_000_000n;
const MAX = 2n ** 63n - 1n;

class QuantityValue extends OpaqueValue {
	readonly type = QUANTITY;
	/** Billionths of a unit. */
	readonly nano: bigint;

	constructor(nano: bigint) {
		super();
		this.nano = nano;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof QuantityValue && other.nano === this.nano;
	}
}

export const quantities: readonly Declared[] = [
	fn("quantity", [STRING], QUANTITY, ([text], meter) => {
		meter.spend(string(text).length * 0.1);
		return new QuantityValue(read(string(text)));
	}),
	fn("isQuantity", [STRING], BOOL, ([text], meter) => {
		meter.spend(string(text).length * 0.1);
		return isReadable(string(text));
	}),
	method("sign", [QUANTITY], INT, ([value]) => BigInt(order(nano(value), 0n))),
	method("isInteger", [QUANTITY], BOOL, ([value]) => isWhole(nano(value))),
	method("asInteger", [QUANTITY], INT, ([value]) => {
		if (!isWhole(nano(value))) throw new CelError("cannot convert value to integer");
		return nano(value) / UNIT;
	}),
	method("asApproximateFloat", [QUANTITY], DOUBLE, ([value]) => Number(nano(value)) / Number(UNIT)),
	method("compareTo", [QUANTITY, QUANTITY], INT, ([a, b]) => BigInt(order(nano(a), nano(b)))),
	method("isGreaterThan", [QUANTITY, QUANTITY], BOOL, ([a, b]) => nano(a) > nano(b)),
	method("isLessThan", [QUANTITY, QUANTITY], BOOL, ([a, b]) => nano(a) < nano(b)),
	method("add", [QUANTITY, QUANTITY], QUANTITY, ([a, b]) => new QuantityValue(nano(a) + nano(b))),
	method("add", [QUANTITY, INT], QUANTITY, ([a, b]) => new QuantityValue(nano(a) + int(b) * UNIT)),
	method("sub", [QUANTITY, QUANTITY], QUANTITY, ([a, b]) => new QuantityValue(nano(a) - nano(b))),
	method("sub", [QUANTITY, INT], QUANTITY, ([a, b]) => new QuantityValue(nano(a) - int(b) * UNIT)),
];

function nano(value: CelValue | undefined): bigint {
	if (!(value instanceof QuantityValue)) throw noSuchOverload();
	return value.nano;
}

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

const isWhole = (value: bigint): boolean =>
	value % UNIT === 0n && value / UNIT <= MAX && value / UNIT >= -MAX - 1n;

function read(text: string): bigint {
	try {
		return parseQuantity(text);
	} catch (error) {
		throw new CelError(error instanceof Error ? error.message : String(error));
	}
}

function isReadable(text: string): boolean {
	try {
		parseQuantity(text);
		return true;
	} catch {
		return false;
	}
}
