/** Addresses as text: which family they are of, and the small networks they lie in. Pure. */
import { isIP } from "node:net";

export type Family = "IPv4" | "IPv6";

/** Undefined for anything that is not a plain address (names, zones, networks). */
export function familyOf(text: string): Family | undefined {
	if (text.includes("%")) return undefined;
	const version = isIP(text);
	if (version === 0) return undefined;
	return version === 4 ? "IPv4" : "IPv6";
}

/** Undefined for anything that is not an address followed by a prefix length. */
export function familyOfNetwork(text: string): Family | undefined {
	const [address = "", length = "", ...more] = text.split("/");
	const family = familyOf(address);
	if (!family || more.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
	return Number(length) <= (family === "IPv4" ? 32 : 128) ? family : undefined;
}

/** The network of 256 (IPv4) or 65,536 (IPv6) addresses around an address. */
export function neighbourhoodOf(address: string, family: Family): string {
	if (family === "IPv4") return `${address.split(".").slice(0, 3).join(".")}.0/24`;
	return `${groupsOf(address).slice(0, 7).join(":")}:0/112`;
}

/** Whether an IPv4 or IPv6 network, such as `10.244.0.0/16`, holds the address. */
export function isWithin(address: string, network: string): boolean {
	const family = familyOf(address);
	if (!family || familyOfNetwork(network) !== family) return false;
	const [base = "", length = "0"] = network.split("/");
	const rest = BigInt((family === "IPv4" ? 32 : 128) - Number(length));
	return numberOf(address, family) >> rest === numberOf(base, family) >> rest;
}

/** The same text for every way to write an address. */
export const addressKey = (address: string): string =>
	address.includes(":") ? groupsOf(address).join(":") : address;

/** The eight groups of an IPv6 address in lower-case hexadecimal, without leading zeros. */
export function groupsOf(address: string): readonly string[] {
	const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
		return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
	});
	const [head = "", tail] = hexadecimal.split("::");
	const before = head ? head.split(":") : [];
	const after = tail ? tail.split(":") : [];
	const missing = tail === undefined ? 0 : 8 - before.length - after.length;
	return [...before, ...Array.from({ length: missing }, () => "0"), ...after].map((group) =>
		Number.parseInt(group, 16).toString(16),
	);
}

function numberOf(address: string, family: Family): bigint {
	const parts =
		family === "IPv4" ? address.split(".").map(BigInt) : groupsOf(address).map((g) => BigInt(`0x${g}`));
	const width = family === "IPv4" ? 8n : 16n;
	return parts.reduce((sum, part) => (sum << width) | part, 0n);
}

/** A port that something can listen on: 0 is none. */
export const isPort = (port: number | undefined | null): port is number =>
	typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536;
