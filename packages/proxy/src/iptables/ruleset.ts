/** The rules of Berth as data: chains of two tables, and where they hang in the kernel's own chains. Pure. */
import { createHash } from "node:crypto";
import type { Backend, ServiceRoute } from "../services.ts";

export const TABLES = ["nat", "filter"] as const;
export type Table = (typeof TABLES)[number];

/** Rules in order, each as iptables takes it after `-A CHAIN`. */
export type Chain = readonly string[];
export type Chains = ReadonlyMap<string, Chain>;
export type Ruleset = Readonly<Record<Table, Chains>>;

/** Every chain of ours begins so, and no other does. */
export const PREFIX = "BERTH-";

/** The one rule by which a chain of the kernel's leads into ours; it stands first there. */
export interface Hook {
	readonly table: Table;
	readonly chain: string;
	readonly rule: string;
}

export const HOOKS: readonly Hook[] = [
	{ table: "nat", chain: "PREROUTING", rule: "-j BERTH-SERVICES" },
	{ table: "nat", chain: "OUTPUT", rule: "-j BERTH-SERVICES" },
	{ table: "nat", chain: "POSTROUTING", rule: "-j BERTH-POSTROUTING" },
	{ table: "filter", chain: "INPUT", rule: "-j BERTH-INPUT" },
	{ table: "filter", chain: "FORWARD", rule: "-j BERTH-FORWARD" },
	{ table: "filter", chain: "OUTPUT", rule: "-j BERTH-OUTPUT" },
];

/** Chains of one route. Names of chains have at most 28 characters. */
export const chainNames = (route: ServiceRoute) => {
	const hash = hashOf(route);
	return {
		/** Spreads over all backends. */
		cluster: `BERTH-SVC-${hash}`,
		/** Spreads over this node's backends. */
		local: `BERTH-SVL-${hash}`,
		/** Where traffic from outside the cluster comes in. */
		external: `BERTH-EXT-${hash}`,
		/** Lets allowed sources pass to `external`. */
		firewall: `BERTH-FW-${hash}`,
		/** Leads to one backend. */
		backend: (backend: Backend) => `BERTH-SEP-${hashOf(route, backend)}`,
	};
};

/** Chain that holds the addresses of services in one small network. */
export const networkChain = (network: string): string => `BERTH-NET-${digest(network)}`;

function hashOf({ id, family, protocol }: ServiceRoute, backend?: Backend): string {
	const target = backend ? ` ${backend.address} ${backend.port}` : "";
	return digest(`${id} ${protocol} ${family}${target}`);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** 16 characters of five bits each. */
function digest(text: string): string {
	const bytes = createHash("sha256").update(text).digest();
	return Array.from(bytes.subarray(0, 16), (byte) => ALPHABET[byte & 31]).join("");
}
