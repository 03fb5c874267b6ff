import test from "ava";
import fc from "fast-check";
import {
	canonicalQuantity,
	compareQuantities,
	formatQuantity,
	isQuantity,
	parseQuantity,
	QUANTITY_ERROR,
	quantityMilli,
	quantityValue,
} from "./quantity.ts";

const CANONICAL: Readonly<Record<string, string>> = {
	"0": "0",
	"0Ki": "0",
	"0.5": "500m",
	"00.5": "500m",
	".5": "500m",
	"5.": "5",
	"1.0": "1",
	"1000m": "1",
	"1500m": "1500m",
	"-1500m": "-1500m",
	"+1": "1",
	"1500": "1500",
	"10000": "10k",
	"1000k": "1M",
	"1024Mi": "1Gi",
	"1.5Gi": "1536Mi",
	"1000Ki": "1000Ki",
	"0.5Ki": "512",
	"0.5Mi": "512Ki",
	"1.024Ki": "1048576m",
	"0.0001Ki": "102400u",
	"12e1": "120",
	"15e2": "1500",
	"1e3": "1e3",
	"1E3": "1e3",
	"1e+3": "1e3",
	"1e9": "1e9",
	"1E": "1E",
	"1e-10": "1e-9",
	"0.0000000001": "1n",
	"1.0000000001": "1000000001n",
	"9Ei": "9223372036854775807",
	".": "0",
};

for (const [text, canonical] of Object.entries(CANONICAL))
	test(`${text} is written ${canonical}`, (t) => {
		t.is(canonicalQuantity(text), canonical);
	});

for (const text of ["", " 1", "1 ", "0x1", "abc", "1.2.3", "1e5x", "Infinity", "NaN"])
	test(`${JSON.stringify(text)} is no quantity`, (t) => {
		t.throws(() => parseQuantity(text), { instanceOf: RangeError, message: QUANTITY_ERROR });
		t.false(isQuantity(text));
	});

for (const text of ["1K", "1ki", "1m1", "1e", "1Mii", "--1"])
	test(`${text} has a wrong suffix`, (t) => {
		t.throws(() => parseQuantity(text), { message: "unable to parse quantity's suffix" });
	});

test("hostile quantities cost nothing", (t) => {
	for (const text of ["1e999999999", "-1e999999999", `1e${"9".repeat(1000)}`, "9".repeat(100_000)]) {
		t.throws(() => parseQuantity(text), { instanceOf: RangeError });
	}
	t.is(parseQuantity("1e-999999999"), 1n);
	t.is(parseQuantity("0e999999999"), 0n);
});

test("numbers of units and of thousandths round away from zero", (t) => {
	t.is(quantityValue("1.1"), 2);
	t.is(quantityValue("-1.1"), -2);
	t.is(quantityValue("1Gi"), 2 ** 30);
	t.is(quantityMilli("1u"), 1);
	t.is(quantityMilli("250m"), 250);
	t.is(quantityMilli(2), 2000);
});

test("amounts compare whatever their suffixes", (t) => {
	t.is(compareQuantities("1Gi", "1024Mi"), 0);
	t.is(compareQuantities("999m", "1"), -1);
});

const nano = fc.bigInt(-(10n ** 24n), 10n ** 24n);
const format = fc.constantFrom("DecimalSI" as const, "BinarySI" as const, "DecimalExponent" as const);

test("formatting loses nothing", (t) => {
	fc.assert(fc.property(nano, format, (value, as) => parseQuantity(formatQuantity(value, as)) === value));
	t.pass();
});

test("canonical text stays as it is", (t) => {
	fc.assert(
		fc.property(nano, format, (value, as) => {
			const text = formatQuantity(value, as);
			return canonicalQuantity(text) === text;
		}),
	);
	t.pass();
});

test("any text gives an amount or a RangeError", (t) => {
	const text = fc.string({ unit: fc.constantFrom(..."0123456789.+-eEinumkKMGTP ") });
	fc.assert(
		fc.property(text, (any) => {
			try {
				return typeof parseQuantity(any) === "bigint";
			} catch (error) {
				return error instanceof RangeError;
			}
		}),
		{ numRuns: 500 },
	);
	t.pass();
});
