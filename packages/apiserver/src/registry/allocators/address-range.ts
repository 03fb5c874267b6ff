/** The addresses of a range by number: 0 is the first that may be given out. */
import { addressBits, formatIp, type IpFamily, isInNetwork, parseIp, parseNetwork } from "@berth/api";

export interface AddressRange {
	/** `10.96.0.0/16`. */
	readonly text: string;
	readonly family: IpFamily;
	/**
	 * Addresses that may be given out by number: all but the network's own and, for IPv4, the broadcast address. Of huge
	 * ranges only the first part has numbers.
	 */
	readonly size: number;
	addressAt(index: number): string;
	/** Whether the address may be given out. */
	contains(address: string): boolean;
}

/** Numbers stay exact; nobody has more services. */
const MOST_BITS = 48;

/** Undefined for anything but a network. */
export function addressRange(text: string): AddressRange | undefined {
	const network = parseNetwork(text);
	if (!network) return undefined;
	const { family, base } = network;
	const hostBits = addressBits(family) - network.prefix;
	const total = 1n << BigInt(hostBits);
	// A range of one or two addresses spares none.
	const first = hostBits > 1 ? 1n : 0n;
	const last = hostBits > 1 && family === "IPv4" ? total - 2n : total - 1n;
	const most = 1n << BigInt(MOST_BITS);
	const count = last - first + 1n;
	return {
		text,
		family,
		size: Number(count < most ? count : most),
		addressAt: (index) => formatIp({ family, value: base + first + BigInt(index) }),
		contains: (address) => {
			const parsed = parseIp(address);
			if (!parsed || !isInNetwork(network, parsed)) return false;
			const offset = parsed.value - base;
			return offset >= first && offset <= last;
		},
	};
}

/** `10.96.0.0/16` to `10.96.0.1`: the one that the API server's own service has. Throws RangeError for no network. */
export function firstAddress(text: string): string {
	const range = addressRange(text);
	if (!range) throw new RangeError(`no range of addresses: ${text}`);
	return range.addressAt(0);
}
