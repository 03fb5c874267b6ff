/**
 * Quantities: `100m`, `2Gi`, `1e3`. Held exactly, as a whole number of nano-units in a bigint; what is finer than a
 * nano-unit rounds away from zero.
 * Grammar: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** What a text that is no quantity is answered with. */
export const QUANTITY_ERROR =
	"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const SUFFIX_ERROR = "unable to parse quantity's suffix";

/** Nano-units. Throws RangeError when the text is no quantity, or beyond any use (over 10^300). */
export const parseQuantity = (quantity: string | number): bigint => parse(String(quantity)).nano;

/** True for text (or a number) that `parseQuantity` reads. */
export function isQuantity(quantity: string | number): boolean {
	try {
		parseQuantity(quantity);
		return true;
	} catch {
		return false;
	}
}

/** Canonical text: no fraction, the largest suffix that keeps it exact. Binary amounts under 1024 are decimal. */
export function formatQuantity(nano: bigint, format: QuantityFormat): string {
	if (nano === 0n) return "0";
	const isWhole = nano % NANO === 0n;
	const isLarge = nano >= 1024n * NANO || nano <= -1024n * NANO;
	if (format === "BinarySI" && isWhole && isLarge) return binary(nano / NANO);
	return decimal(nano, format === "DecimalExponent");
}

/** The same amount as Kubernetes would write it: `0.5` -> `500m`, `1024Mi` -> `1Gi`. Throws RangeError. */
export function canonicalQuantity(quantity: string | number): string {
	const { nano, format } = parse(String(quantity));
	return formatQuantity(nano, format);
}

/** Whole units, rounded away from zero; as a JavaScript number. */
export const quantityValue = (quantity: string | number): number => scaled(quantity, NANO);

/** Thousandths (millicores), rounded away from zero. */
export const quantityMilli = (quantity: string | number): number => scaled(quantity, NANO / 1000n);

/** Below, at or above zero, as for `Array.sort`. */
export function compareQuantities(a: string | number, b: string | number): number {
	const left = parseQuantity(a);
	const right = parseQuantity(b);
	return left < right ? -1 : left > right ? 1 : 0;
}

interface Quantity {
	readonly nano: bigint;
	readonly format: QuantityFormat;
}

const NANO = 1_000_000_000n;
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const MAX_BINARY = (2n ** 63n - 1n) * NANO;
/** Bounds on hostile input: longer texts and larger exponents mean nothing and would cost time. */
const MAX_LENGTH = 1024;
const MAX_DIGITS = 300;

const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const SUFFIX = /^(?:[numkMGTPE]?|[KMGTPE]i|[eE][+-]?\d+)$/;

function parse(text: string): Quantity {
	const match = text.length > 0 && text.length <= MAX_LENGTH ? SHAPE.exec(text) : null;
	if (!match) throw new RangeError(QUANTITY_ERROR);
	const [, sign, whole = "", fraction = "", suffix = ""] = match;
	if (!SUFFIX.test(suffix)) throw new RangeError(SUFFIX_ERROR);
	const unsigned = amount({ digits: whole + fraction, decimals: fraction.length, suffix });
	return { nano: sign === "-" ? -unsigned.nano : unsigned.nano, format: unsigned.format };
}

function amount(parts: { digits: string; decimals: number; suffix: string }): Quantity {
	const digits = parts.digits.replace(/^0+/, "") || "0";
	const power = BINARY_SUFFIXES.indexOf(parts.suffix as "Ki");
	if (power > 0) return binaryAmount(BigInt(digits) * 1024n ** BigInt(power), parts.decimals);
	const known = DECIMAL_SUFFIXES.indexOf(parts.suffix as "k");
	const exponent = known >= 0 ? (known - 3) * 3 : Number(parts.suffix.slice(1));
	const format = known >= 0 ? "DecimalSI" : "DecimalExponent";
	if (digits === "0") return { nano: 0n, format };
	const shift = exponent - parts.decimals + 9;
	if (digits.length + shift > MAX_DIGITS) throw new RangeError(QUANTITY_ERROR);
	if (digits.length + shift < 0) return { nano: 1n, format };
	return { nano: shiftUp(BigInt(digits), shift), format };
}

/** Binary amounts are capped at the largest 64-bit number, and below one unit they count as decimal. */
function binaryAmount(unscaled: bigint, decimals: number): Quantity {
	const nano = shiftUp(unscaled, 9 - decimals);
	if (nano > MAX_BINARY) return { nano: MAX_BINARY, format: "BinarySI" };
	return { nano, format: nano > 0n && nano < NANO ? "DecimalSI" : "BinarySI" };
}

/** times 10^shift, rounded away from zero. */
const shiftUp = (value: bigint, shift: number): bigint =>
	shift >= 0 ? value * 10n ** BigInt(shift) : divideUp(value, 10n ** BigInt(-shift));

function divideUp(value: bigint, by: bigint): bigint {
	const quotient = value / by;
	if (value % by === 0n) return quotient;
	return value > 0n ? quotient + 1n : quotient - 1n;
}

const scaled = (quantity: string | number, unit: bigint): number =>
	Number(divideUp(parseQuantity(quantity), unit));

function binary(units: bigint): string {
	let mantissa = units;
	let power = 0;
	while (power < BINARY_SUFFIXES.length - 1 && mantissa % 1024n === 0n) {
		mantissa /= 1024n;
		power++;
	}
	return `${mantissa}${BINARY_SUFFIXES[power]}`;
}

function decimal(nano: bigint, asExponent: boolean): string {
	let mantissa = nano;
	let exponent = -9;
	while (mantissa % 1000n === 0n && (asExponent || exponent < 18)) {
		mantissa /= 1000n;
		exponent += 3;
	}
	if (asExponent) return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`;
	return `${mantissa}${DECIMAL_SUFFIXES[exponent / 3 + 3]}`;
}
