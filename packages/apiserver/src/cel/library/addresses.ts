/** IP addresses and networks. */
import { formatIp, type IpAddress, type IpNetwork, isInNetwork, parseIp, parseNetwork } from "@berth/api";
import { type Declared, fn, method } from "../language/declarations.ts";
import { BOOL, INT, opaque, STRING } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import { type CelValue, OpaqueValue } from "../runtime/values.ts";
import { string } from "./arguments.ts";

const IP = opaque("net.IP");
const CIDR = opaque("net.CIDR");

class IpValue extends OpaqueValue {
	readonly type = IP;
	readonly address: IpAddress;

	constructor(address: IpAddress) {
		super();
		this.address = address;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof IpValue && formatIp(other.address) === formatIp(this.address);
	}
}

class CidrValue extends OpaqueValue {
	readonly type = CIDR;
	readonly network: IpNetwork;
	/** As it was written, bits behind the prefix included. */
	readonly address: IpAddress;

	constructor(network: IpNetwork, address: IpAddress) {
		super();
		this.network = network;
		this.address = address;
	}

	equals(other: OpaqueValue): boolean {
		return other instanceof CidrValue && other.toString() === this.toString();
	}

	override toString(): string {
		return `${formatIp(this.address)}/${this.network.prefix}`;
	}
}

export const addresses: readonly Declared[] = [
	fn("ip", [STRING], IP, ([text]) => new IpValue(readIp(string(text)))),
	fn("isIP", [STRING], BOOL, ([text]) => plainIp(string(text)) !== undefined),
	fn("ip.isCanonical", [STRING], BOOL, ([text]) => formatIp(readIp(string(text))) === string(text)),
	fn("string", [IP], STRING, ([value]) => formatIp(ipOf(value))),
	method("family", [IP], INT, ([value]) => (ipOf(value).family === "IPv4" ? 4n : 6n)),
	...isKind("isUnspecified", { four: ["0.0.0.0/32"], six: ["::/128"] }),
	...isKind("isLoopback", { four: ["127.0.0.0/8"], six: ["::1/128"] }),
	...isKind("isLinkLocalMulticast", { four: ["224.0.0.0/24"], six: ["ff02::/16"] }),
	...isKind("isLinkLocalUnicast", { four: ["169.254.0.0/16"], six: ["fe80::/10"] }),
	method(
		"isGlobalUnicast",
		[IP],
		BOOL,
		([value]) => !NOT_GLOBAL.some((network) => isInNetwork(network, ipOf(value))),
	),
	fn("cidr", [STRING], CIDR, ([text]) => readCidr(string(text))),
	fn("isCIDR", [STRING], BOOL, ([text]) => isCidr(string(text))),
	fn("string", [CIDR], STRING, ([value]) => String(cidrOf(value))),
	method("containsIP", [CIDR, IP], BOOL, ([value, ip]) => isInNetwork(cidrOf(value).network, ipOf(ip))),
	method("containsIP", [CIDR, STRING], BOOL, ([value, ip]) =>
		isInNetwork(cidrOf(value).network, readIp(string(ip))),
	),
	method("containsCIDR", [CIDR, CIDR], BOOL, ([value, other]) => isInside(cidrOf(value), cidrOf(other))),
	method("containsCIDR", [CIDR, STRING], BOOL, ([value, other]) =>
		isInside(cidrOf(value), readCidr(string(other))),
	),
	method("ip", [CIDR], IP, ([value]) => new IpValue(cidrOf(value).address)),
	method("masked", [CIDR], CIDR, ([value]) => {
		const { network } = cidrOf(value);
		return new CidrValue(network, { family: network.family, value: network.base });
	}),
	method("prefixLength", [CIDR], INT, ([value]) => BigInt(cidrOf(value).network.prefix)),
];

function isKind(
	name: string,
	networks: { readonly four: readonly string[]; readonly six: readonly string[] },
): readonly Declared[] {
	const known = [...networks.four, ...networks.six].map(networkOf);
	return [method(name, [IP], BOOL, ([value]) => known.some((network) => isInNetwork(network, ipOf(value))))];
}

function networkOf(text: string): IpNetwork {
	const network = parseNetwork(text);
	if (!network) throw new Error(`${text} is no network`);
	return network;
}

const NOT_GLOBAL = [
	"0.0.0.0/32",
	"255.255.255.255/32",
	"127.0.0.0/8",
	"224.0.0.0/4",
	"169.254.0.0/16",
	"::/128",
	"::1/128",
	"ff00::/8",
	"fe80::/10",
].map(networkOf);

function ipOf(value: CelValue | undefined): IpAddress {
	if (!(value instanceof IpValue)) throw noSuchOverload();
	return value.address;
}

function cidrOf(value: CelValue | undefined): CidrValue {
	if (!(value instanceof CidrValue)) throw noSuchOverload();
	return value;
}

const MAPPED = /^::ffff:\d+\.\d+\.\d+\.\d+$/i;

/** Undefined for IPv4 written as IPv6, too: what it means is not the same everywhere. */
const plainIp = (text: string): IpAddress | undefined => (MAPPED.test(text) ? undefined : parseIp(text));

function readIp(text: string): IpAddress {
	if (MAPPED.test(text))
		throw new CelError(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
	const address = parseIp(text);
	if (!address) {
		throw new CelError(
			`IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
		);
	}
	return address;
}

function readCidr(text: string): CidrValue {
	const network = parseNetwork(text);
	const address = plainIp(text.slice(0, text.indexOf("/")));
	if (!network || !address) {
		throw new CelError(
			`network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): unable to parse`,
		);
	}
	return new CidrValue(network, address);
}

const isCidr = (text: string): boolean =>
	parseNetwork(text) !== undefined && plainIp(text.slice(0, text.indexOf("/"))) !== undefined;

const isInside = ({ network }: CidrValue, other: CidrValue): boolean =>
	other.network.prefix >= network.prefix && isInNetwork(network, other.address);
