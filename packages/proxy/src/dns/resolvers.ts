/** Which resolvers answer for names outside of the cluster. */
import { readFile, stat } from "node:fs/promises";
import { familyOf } from "../address.ts";

export interface Resolver {
	readonly address: string;
	readonly port: number;
}

/** Answers the resolvers to ask now, best first. */
export type Resolvers = () => Promise<readonly Resolver[]>;

/** `1.2.3.4`, `1.2.3.4:5353`, `fd00::1`, `[fd00::1]:5353`. Undefined for anything else. */
export function parseResolver(text: string): Resolver | undefined {
	const [, inBrackets, plain, port] =
		/^(?:\[([^\]]+)\]|([^:]+|[^[\]]*:[^[\]]*:[^[\]]*?))(?::(\d+))?$/.exec(text) ?? [];
	const whole = stripZone(text) ? { address: text, port: 53 } : undefined;
	if (whole) return whole;
	const address = inBrackets ?? plain ?? "";
	const number = Number(port ?? 53);
	return stripZone(address) && number > 0 && number < 65_536 ? { address, port: number } : undefined;
}

/** Link-local resolvers are written with their interface: `fe80::1%eth0`. */
const stripZone = (text: string) => familyOf(text.replace(/%\w+$/, ""));

/** The `nameserver` lines of a resolv.conf, without our own address: we do not ask ourselves. */
export function parseResolvConf(text: string, own: string): readonly Resolver[] {
	return text.split("\n").flatMap((line) => {
		const [, address = ""] = /^\s*nameserver\s+(\S+)/.exec(line) ?? [];
		const resolver = address === own ? undefined : parseResolver(address);
		return resolver ? [resolver] : [];
	});
}

/** Reads the file again when it has changed: laptops and DHCP change it at any time. */
export function resolversOfFile(file: string, own: string): Resolvers {
	let known: readonly Resolver[] = [];
	let version = "";
	return async () => {
		try {
			const { mtimeMs, ino, size } = await stat(file);
			const now = `${mtimeMs} ${ino} ${size}`;
			if (now !== version) {
				known = parseResolvConf(await readFile(file, "utf8"), own);
				version = now;
			}
		} catch {
			// No file: nobody to ask.
			known = [];
			version = "";
		}
		return known;
	};
}
