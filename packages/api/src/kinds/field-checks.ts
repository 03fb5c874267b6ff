/** Checks of one field that many kinds make, with the paths and words of the reference API. */
import {
	duplicate,
	type FieldError,
	invalidValue,
	notSupported,
	required,
} from "../machinery/field-error.ts";
import {
	dnsLabelErrors,
	dnsSubdomainErrors,
	ipErrors,
	isIPv4,
	percentErrors,
	portNameErrors,
	portNumberErrors,
	qualifiedNameErrors,
} from "../machinery/names.ts";
import { canonicalQuantity, parseQuantity } from "../machinery/quantity.ts";
import type { Type } from "../machinery/schema.ts";
import { sameValue } from "./same-value.ts";

/** One error for each message about a value. */
export const invalids = (field: string, value: unknown, messages: readonly string[]): FieldError[] =>
	messages.map((message) => invalidValue(field, value, message));

/** Required when empty, else judged by `judge`. */
export const requiredName = (
	field: string,
	value: string | undefined,
	judge: (value: string) => string[],
): FieldError[] => (value ? invalids(field, value, judge(value)) : [required(field)]);

/** Only judged when there is something to judge. */
export const optionalName = (
	field: string,
	value: string | undefined | null,
	judge: (value: string) => string[],
): FieldError[] => (value ? invalids(field, value, judge(value)) : []);

export const requiredText = (field: string, value: string | undefined | null): FieldError[] =>
	value ? [] : [required(field)];

export const dnsLabel = (field: string, value: string | undefined | null): FieldError[] =>
	optionalName(field, value, dnsLabelErrors);

export const dnsSubdomain = (field: string, value: string | undefined | null): FieldError[] =>
	optionalName(field, value, dnsSubdomainErrors);

/** A qualified name that must be there: an empty one is invalid, not missing. */
export const qualifiedName = (field: string, value: string | undefined): FieldError[] =>
	invalids(field, value ?? "", qualifiedNameErrors(value ?? ""));

export const nonNegative = (field: string, value: number | undefined | null): FieldError[] =>
	(value ?? 0) < 0 ? [invalidValue(field, value, "must be greater than or equal to 0")] : [];

/** Both ends belong to the range. */
export const inRange = (field: string, value: number, low: number, high: number): FieldError[] =>
	value < low || value > high
		? [invalidValue(field, value, `must be between ${low} and ${high}, inclusive`)]
		: [];

export const portNumber = (field: string, port: number | undefined): FieldError[] =>
	invalids(field, port ?? 0, portNumberErrors(port ?? 0));

export const portNumberOrName = (field: string, port: number | string | undefined): FieldError[] =>
	typeof port === "string" ? invalids(field, port, portNameErrors(port)) : portNumber(field, port);

/** Required, or one of `allowed`. For sets of values that the schema cannot close. */
export const oneOf = (field: string, value: string | undefined, allowed: readonly string[]): FieldError[] =>
	!value ? [required(field)] : allowed.includes(value) ? [] : [notSupported(field, value, allowed)];

/** An error for every value that was there before. `fieldOf` gives the path of the element at an index. */
export function duplicates(
	values: readonly (string | undefined)[],
	fieldOf: (index: number) => string,
): FieldError[] {
	const seen = new Set<string>();
	return values.flatMap((value, index) => {
		if (!value) return [];
		if (seen.has(value)) return [duplicate(fieldOf(index), value)];
		seen.add(value);
		return [];
	});
}

/** Immutable once it is there. */
export const unchanged = (type: Type, field: string, value: unknown, old: unknown): FieldError[] =>
	sameValue(type, value, old) ? [] : [immutable(field, value)];

/** The same for numbers, texts and booleans whose absence means something. */
export const unchangedScalar = <T extends string | number | boolean>(
	field: string,
	value: T | undefined | null,
	old: T | undefined | null,
): FieldError[] => ((value ?? null) === (old ?? null) ? [] : [immutable(field, value)]);

const immutable = (field: string, value: unknown) => invalidValue(field, value, "field is immutable");

/** A count in a status that can not be larger than another. */
export const atMost = (field: string, value: number, most: number, what: string): FieldError[] =>
	value > most ? [invalidValue(field, value, `cannot be greater than ${what}`)] : [];

/** Hashes of templates that met before: the count only grows. */
export const notDecremented = (
	field: string,
	value: number | undefined | null,
	old: number | undefined | null,
): FieldError[] =>
	(value ?? 0) < (old ?? 0) ? [invalidValue(field, value ?? 0, "cannot be decremented")] : [];

/** The number, of pods or per cent; malformed text counts as nothing. */
export function amountOf(value: number | string | undefined | null): number {
	if (typeof value === "string") return /^\d+%$/.test(value) ? Number(value.slice(0, -1)) : 0;
	return value ?? 0;
}

export const noMoreThanAll = (field: string, value: number | string | undefined | null): FieldError[] =>
	typeof value === "string" && amountOf(value) > 100
		? [invalidValue(field, value, "must not be greater than 100%")]
		: [];

/** A count, or a share such as `25%`. */
export const countOrPercent = (field: string, value: number | string | undefined | null): FieldError[] =>
	typeof value === "string" ? invalids(field, value, percentErrors(value)) : nonNegative(field, value);

/** `quantity` as it is kept is canonical. */
export const nonNegativeQuantity = (field: string, quantity: string): FieldError[] =>
	parseQuantity(quantity) < 0n
		? [invalidValue(field, canonicalQuantity(quantity), "must be greater than or equal to 0")]
		: [];

export const positiveQuantity = (field: string, quantity: string): FieldError[] =>
	parseQuantity(quantity) > 0n
		? []
		: [invalidValue(field, canonicalQuantity(quantity), "must be greater than zero")];

export const noBacksteps = (field: string, path: string): FieldError[] =>
	path.split("/").includes("..") ? [invalidValue(field, path, "must not contain '..'")] : [];

/** A path that stays below where it starts. */
export const localPath = (field: string, path: string): FieldError[] => [
	...(path.startsWith("/") ? [invalidValue(field, path, "must be a relative path")] : []),
	...noBacksteps(field, path),
];

/** As `localPath`; names that start with two dots are the volume's own. */
export const localUnreservedPath = (field: string, path: string): FieldError[] => [
	...localPath(field, path),
	...(path.startsWith("..") && !path.startsWith("../") && path !== ".."
		? [invalidValue(field, path, "must not start with '..'")]
		: []),
];

/** Permission bits of files in volumes. */
export const fileMode = (field: string, mode: number | undefined | null): FieldError[] =>
	mode !== undefined && mode !== null && (mode < 0 || mode > 0o777)
		? [invalidValue(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")]
		: [];

export const ipAddress = (field: string, ip: string | undefined): FieldError[] =>
	invalids(field, ip ?? "", ipErrors(ip ?? ""));

/** `10.0.0.0/8` or `fd00::/64`. */
export function cidrErrors(cidr: string): string[] {
	const [address = "", bits = "", ...rest] = cidr.split("/");
	const most = isIPv4(address) ? 32 : 128;
	const isValid =
		rest.length === 0 &&
		ipErrors(address).length === 0 &&
		/^(0|[1-9]\d{0,2})$/.test(bits) &&
		Number(bits) <= most;
	return isValid ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}

/** Addresses that mean something else on every host can be nobody's endpoint. */
export function ordinaryAddress(field: string, ip: string): FieldError[] {
	const reasons: [boolean, string][] = [
		[ip === "0.0.0.0" || /^[0:]*$/.test(ip), `may not be unspecified (${ip})`],
		[
			ip.startsWith("127.") || /^[0:]*:0*1$/.test(ip),
			"may not be in the loopback range (127.0.0.0/8, ::1/128)",
		],
		[
			ip.startsWith("169.254.") || /^fe[89ab][0-9a-f]:/i.test(ip),
			"may not be in the link-local range (169.254.0.0/16, fe80::/10)",
		],
		[
			ip.startsWith("224.0.0.") || /^ff02:/i.test(ip),
			"may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
		],
	];
	return reasons.filter(([holds]) => holds).map(([, message]) => invalidValue(field, ip, message));
}
