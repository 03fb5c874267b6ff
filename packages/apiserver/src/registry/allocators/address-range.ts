/** The addresses of an IPv4 range by number: 0 is the first that may be given out. */

export interface AddressRange {
	/** `10.96.0.0/16`. */
	readonly text: string;
	/** Addresses that may be given out: all but the network's own and the broadcast address. */
	readonly size: number;
	addressAt(index: number): string;
	/** Undefined for an address outside, and for text that is no IPv4 address. */
	indexOf(address: string): number | undefined;
}

/** Throws RangeError for anything but an IPv4 network of at least four addresses. */
export function addressRange(text: string): AddressRange {
	const [network = "", bits = ""] = text.split("/");
	const first = parseAddress(network);
	const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
	if (first === undefined || !(prefix >= 1 && prefix <= 30))
		throw new RangeError(`no range of addresses: ${text}`);
	const total = 2 ** (32 - prefix);
	const base = Math.floor(first / total) * total;
	const size = total - 2;
	return {
		text,
		size,
		addressAt: (index) => formatAddress(base + 1 + index),
		indexOf: (address) => {
			const value = parseAddress(address);
			const index = value === undefined ? -1 : value - base - 1;
			return index >= 0 && index < size ? index : undefined;
		},
	};
}

/** Dotted decimal without leading zeros, which some programs read as octal. */
export function parseAddress(text: string): number | undefined {
	const parts = text.split(".");
	if (parts.length !== 4) return undefined;
	let value = 0;
	for (const part of parts) {
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		value = value * 256 + Number(part);
	}
	return value;
}

const formatAddress = (value: number): string =>
	[24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
