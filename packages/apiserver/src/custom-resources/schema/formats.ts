/** Formats of texts that Kubernetes knows; others say nothing. No check takes more than linear time. */
import { isIP, isIPv4, isIPv6 } from "node:net";
import { dnsLabelErrors, dnsSubdomainErrors } from "@berth/api";

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
	"date-time": isDateTime,
	datetime: isDateTime,
	date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
	duration: isDuration,
	ipv4: isIPv4,
	ipv6: isIPv6,
	cidr: isCidr,
	mac: (text) => /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text),
	uri: (text) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text),
	hostname: (text) => text.length <= 255 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i.test(text),
	email: isEmail,
	uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
	uuid3: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
	uuid4: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
	uuid5: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(text),
	byte: (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
	hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
	bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
	isbn: (text) => isIsbn10(text) || isIsbn13(text),
	isbn10: isIsbn10,
	isbn13: isIsbn13,
	creditcard: isCreditCard,
	ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
	rgbcolor: (text) => {
		const numbers = /^rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)$/.exec(text.replace(/\s/g, ""))?.slice(1);
		return numbers?.every((number) => Number(number) <= 255) ?? false;
	},
	"k8s-short-name": (text) => dnsLabelErrors(text).length === 0,
	"k8s-long-name": (text) => dnsSubdomainErrors(text).length === 0,
};

export function isOfFormat(format: string, text: string): boolean {
	const check = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
	return check?.(text) ?? true;
}

export const isKnownFormat = (format: string): boolean =>
	Object.hasOwn(FORMATS, format) ||
	NUMBER_FORMATS.has(format) ||
	format === "password" ||
	format === "binary";

const NUMBER_FORMATS = new Set(["int32", "int64", "float", "double", "int-or-string"]);

function isDateTime(text: string): boolean {
	const match = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?$/.exec(text);
	if (!match) return false;
	const [, day = "", hour, minute, second] = match;
	return isDay(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61;
}

function isDay(text: string): boolean {
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Go's durations, and those in words: `1h30m`, `3 days`. */
function isDuration(text: string): boolean {
	if (text.length > 256) return false;
	if (/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return true;
	return /^\d+\s*(?:ns|nanos?|us|micros?|ms|millis?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)$/i.test(
		text,
	);
}

function isCidr(text: string): boolean {
	const slash = text.lastIndexOf("/");
	const version = slash < 0 ? 0 : isIP(text.slice(0, slash));
	const bits = text.slice(slash + 1);
	return version !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

function isEmail(text: string): boolean {
	const at = text.lastIndexOf("@");
	if (at < 1 || text.length > 320 || /\s/.test(text)) return false;
	return /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text.slice(at + 1));
}

function isIsbn10(text: string): boolean {
	const digits = text.replace(/[\s-]/g, "");
	if (!/^\d{9}[\dXx]$/.test(digits)) return false;
	const sum = [...digits].reduce(
		(total, digit, i) => total + (10 - i) * (/x/i.test(digit) ? 10 : Number(digit)),
		0,
	);
	return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
	const digits = text.replace(/[\s-]/g, "");
	if (!/^\d{13}$/.test(digits)) return false;
	return [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 ? 3 : 1), 0) % 10 === 0;
}

function isCreditCard(text: string): boolean {
	const digits = text.replace(/[\s-]/g, "");
	if (!/^\d{12,19}$/.test(digits)) return false;
	const sum = [...digits].reverse().reduce((total, digit, i) => {
		const doubled = Number(digit) * (i % 2 ? 2 : 1);
		return total + (doubled > 9 ? doubled - 9 : doubled);
	}, 0);
	return sum % 10 === 0;
}
