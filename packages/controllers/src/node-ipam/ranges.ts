/** Cutting the cluster's pod addresses into one range for each node. Pure, IPv4. */

export interface Ranges {
	/** The lowest free range, or undefined when all are taken. `taken` are ranges in CIDR notation. */
	next(taken: ReadonlySet<string>): string | undefined;
	readonly size: number;
}

/** `ranges("10.244.0.0/16", 24)` has 256 ranges of 256 addresses. Throws RangeError when that makes no sense. */
export function ranges(cidr: string, nodePrefix: number): Ranges {
	const [address = "", prefixText = ""] = cidr.split("/");
	const prefix = Number(prefixText);
	const base = toNumber(address);
	if (
		base === undefined ||
		!Number.isInteger(prefix) ||
		prefix < 1 ||
		prefix > nodePrefix ||
		nodePrefix > 30
	) {
		throw new RangeError(`cannot cut ${cidr} into ranges of /${nodePrefix}`);
	}
	const step = 2 ** (32 - nodePrefix);
	const size = 2 ** (nodePrefix - prefix);
	return {
		size,
		next: (taken) => {
			for (let i = 0; i < size; i += 1) {
				const range = `${toText(base + i * step)}/${nodePrefix}`;
				if (!taken.has(range)) return range;
			}
			return undefined;
		},
	};
}

function toNumber(address: string): number | undefined {
	const octets = address.split(".").map(Number);
	if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) {
		return undefined;
	}
	return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

const toText = (address: number) =>
	[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
