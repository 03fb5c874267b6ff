/** IP addresses and networks as numbers, and their one canonical text (RFC 5952 for IPv6). */
import { isIPv4, isIPv6 } from "./names.ts";

export type IpFamily = "IPv4" | "IPv6";

export interface IpAddress {
	readonly family: IpFamily;
	readonly value: bigint;
}

export interface IpNetwork {
	readonly family: IpFamily;
	/** The network's own address: bits behind the prefix are zero. */
	readonly base: bigint;
	/** Length of the prefix. */
	readonly prefix: number;
	/** Whether bits behind the prefix were set in the text. */
	readonly hasHostBits: boolean;
}

export const addressBits = (family: IpFamily): number => (family === "IPv4" ? 32 : 128);

export const familyOfAddress = (address: string): IpFamily => (address.includes(":") ? "IPv6" : "IPv4");

/** Undefined for text that is no address. */
export function parseIp(text: string): IpAddress | undefined {
	if (isIPv4(text)) return { family: "IPv4", value: parseIPv4(text) };
	return isIPv6(text) ? { family: "IPv6", value: parseIPv6(text) } : undefined;
}

export const formatIp = ({ family, value }: IpAddress): string =>
	family === "IPv4" ? formatIPv4(value) : formatIPv6(value);

/** The one way to write an address; undefined for text that is none. */
export function canonicalIp(text: string): string | undefined {
	const address = parseIp(text);
	return address && formatIp(address);
}

/** `10.96.0.0/16`; undefined for text that is no network. */
export function parseNetwork(text: string): IpNetwork | undefined {
	const [head = "", bits = "", ...rest] = text.split("/");
	const address = parseIp(head);
	if (!address || rest.length || !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
	const all = addressBits(address.family);
	const prefix = Number(bits);
	if (prefix > all) return undefined;
	const shift = BigInt(all - prefix);
	const base = (address.value >> shift) << shift;
	return { family: address.family, base, prefix, hasHostBits: base !== address.value };
}

export const formatNetwork = ({ family, base, prefix }: IpNetwork): string =>
	`${formatIp({ family, value: base })}/${prefix}`;

export function isInNetwork({ family, base, prefix }: IpNetwork, address: IpAddress): boolean {
	const shift = BigInt(addressBits(family) - prefix);
	return address.family === family && address.value >> shift === base >> shift;
}

/** Whether the two have an address in common. */
export const overlaps = (a: IpNetwork, b: IpNetwork): boolean =>
	a.prefix <= b.prefix
		? isInNetwork(a, { family: b.family, value: b.base })
		: isInNetwork(b, { family: a.family, value: a.base });

const parseIPv4 = (text: string): bigint =>
	text.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);

function parseIPv6(text: string): bigint {
	const lastColon = text.lastIndexOf(":");
	const tail = text.slice(lastColon + 1);
	const whole = tail.includes(".") ? text.slice(0, lastColon + 1) + groupsOfIPv4(tail) : text;
	const [head = "", end] = whole.split("::");
	const before = head === "" ? [] : head.split(":");
	const after = end === undefined || end === "" ? [] : end.split(":");
	const middle = end === undefined ? [] : new Array<string>(8 - before.length - after.length).fill("0");
	return [...before, ...middle, ...after].reduce((value, group) => (value << 16n) + BigInt(`0x${group}`), 0n);
}

function groupsOfIPv4(text: string): string {
	const value = parseIPv4(text);
	return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

const formatIPv4 = (value: bigint): string =>
	[24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");

function formatIPv6(value: bigint): string {
	if (value >> 32n === 0xffffn) return `::ffff:${formatIPv4(value & 0xffffffffn)}`;
	const groups = Array.from({ length: 8 }, (_, index) =>
		((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
	);
	const { start, length } = longestZeros(groups);
	if (length < 2) return groups.join(":");
	return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** The first of the longest runs. */
function longestZeros(groups: readonly string[]): { start: number; length: number } {
	let best = { start: 0, length: 0 };
	let start = 0;
	groups.forEach((group, index) => {
		if (group !== "0") start = index + 1;
		else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
	});
	return best;
}
