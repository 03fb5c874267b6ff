/** What option values may look like. Commander prints the complaint with the option's name. */
import { isIP, isIPv4 } from "node:net";
import { InvalidArgumentError } from "commander";

export function port(text: string): number {
	const number = wholeNumber(text);
	if (number < 1 || number > 65_535) throw new InvalidArgumentError("A port is 1 to 65535.");
	return number;
}

export function wholeNumber(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
	return Number(text);
}

export function address(text: string): string {
	if (isIP(text) === 0) throw new InvalidArgumentError("Not an IP address.");
	return text;
}

/** `10.96.0.0/16`; IPv4. */
export function cidr(text: string): string {
	const [network = "", length = "", more] = text.split("/");
	const good = isIPv4(network) && /^\d{1,2}$/.test(length) && Number(length) <= 32 && more === undefined;
	if (!good) throw new InvalidArgumentError("Not an address range such as 10.96.0.0/16.");
	return text;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `15m`, `24h`, `7d`: answers seconds. */
export function duration(text: string): number {
	const [, number = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
	const seconds = Number(number) * (SECONDS[unit] ?? 0);
	if (seconds === 0) throw new InvalidArgumentError("Not a time such as 90s, 15m, 24h or 7d.");
	return seconds;
}

/** For options that may be given several times. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
	return [...(before ?? []), text];
}

export function severalAddresses(text: string, before: readonly string[] | undefined): readonly string[] {
	return several(address(text), before);
}
