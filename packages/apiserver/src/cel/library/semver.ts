/** Semantic versions (semver.org, 2.0.0). */
import { type Declared, fn, method } from "../language/declarations.ts";
import { BOOL, INT, opaque, STRING } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, OpaqueValue } from "../runtime/values.ts";
import { bool, string } from "./arguments.ts";

const SEMVER = opaque("kubernetes.Semver");
const SHAPE =
	/^(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.(0|[1-9]\d{0,17})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

class SemverValue extends OpaqueValue {
	readonly type = SEMVER;
	/** Major, minor, patch. */
	readonly numbers: readonly bigint[];
	readonly pre: readonly string[];

	constructor(numbers: readonly bigint[], pre: readonly string[]) {
		super();
		this.numbers = numbers;
		this.pre = pre;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof SemverValue && compare(this, other) === 0;
	}
}

export const semver: readonly Declared[] = [
	...[false, true].flatMap((normalizing) => {
		const params = normalizing ? [STRING, BOOL] : [STRING];
		const parseArgs = ([text, normalize]: readonly CelValue[]) =>
			parse(normalizing && bool(normalize) ? normalized(string(text)) : string(text));
		return [
			fn("semver", params, SEMVER, (args) => {
				const version = parseArgs(args);
				if (!version)
					throw new CelError(`semver parse error: Invalid Semantic Version ${JSON.stringify(args[0])}`);
				return version;
			}),
			fn("isSemver", params, BOOL, (args) => parseArgs(args) !== undefined),
		];
	}),
	...["major", "minor", "patch"].map((name, index) =>
		method(name, [SEMVER], INT, ([value]) => versionOf(value).numbers[index] ?? 0n),
	),
	method("compareTo", [SEMVER, SEMVER], INT, ([a, b]) => BigInt(compare(versionOf(a), versionOf(b)))),
	method("isLessThan", [SEMVER, SEMVER], BOOL, ([a, b]) => compare(versionOf(a), versionOf(b)) < 0),
	method("isGreaterThan", [SEMVER, SEMVER], BOOL, ([a, b]) => compare(versionOf(a), versionOf(b)) > 0),
];

function versionOf(value: CelValue | undefined): SemverValue {
	if (!(value instanceof SemverValue)) throw noSuchOverload();
	return value;
}

function parse(text: string): SemverValue | undefined {
	const found = text.length <= 1024 ? SHAPE.exec(text) : null;
	if (!found) return undefined;
	const pre = found[4]?.split(".") ?? [];
	if (pre.some((part) => /^0\d+$/.test(part))) return undefined;
	return new SemverValue(
		found.slice(1, 4).map((part) => BigInt(part ?? "0")),
		pre,
	);
}

/** `v1.02` is 1.2.0: no `v`, no leading zeros, three numbers. */
function normalized(text: string): string {
	const found = /^v?(\d+(?:\.\d+){0,2})(.*)$/s.exec(text.slice(0, 1024));
	if (!found) return text;
	const numbers = (found[1] ?? "").split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
	while (numbers.length < 3) numbers.push("0");
	return numbers.join(".") + (found[2] ?? "");
}

function compare(a: SemverValue, b: SemverValue): number {
	for (let i = 0; i < 3; i += 1) {
		const order = ordered(a.numbers[i] ?? 0n, b.numbers[i] ?? 0n);
		if (order) return order;
	}
	// A version comes after all that lead up to it.
	if (!a.pre.length || !b.pre.length) return ordered(b.pre.length, a.pre.length) && (a.pre.length ? -1 : 1);
	for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i += 1) {
		const order = compareParts(a.pre[i] ?? "", b.pre[i] ?? "");
		if (order) return order;
	}
	return ordered(a.pre.length, b.pre.length);
}

function compareParts(a: string, b: string): number {
	const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
	if (left && right) return ordered(BigInt(a), BigInt(b));
	if (left !== right) return left ? -1 : 1;
	return ordered(a, b);
}

const ordered = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
