/** Routes to rules. Pure: the same routes in any order give the same rules. */
import type { Family } from "../address.ts";
import type { ServiceRoute } from "../services.ts";
import type { Chain, Ruleset } from "./ruleset.ts";
import { MARK_MASQUERADE, MASQUERADE_BIT, type RouteRules, routeRules } from "./service-chains.ts";

export interface RuleSettings {
	readonly family: Family;
	/** Addresses of pods. */
	readonly clusterCidr: string;
	/** Addresses of services. */
	readonly serviceCidr: string;
	/** Answered by the node itself. */
	readonly clusterDns: string;
	/** Addresses of all nodes: what pods send there keeps its source. */
	readonly nodeAddresses: readonly string[];
	/** Whether MASQUERADE may pick its ports fully at random, which loses no packets to races. */
	readonly randomFully: boolean;
}

/** Rules of routes that have not changed; belongs to whoever renders again and again with the same cluster CIDR. */
export type RouteMemo = WeakMap<ServiceRoute, RouteRules>;

export function renderRules(
	routes: readonly ServiceRoute[],
	settings: RuleSettings,
	memo: RouteMemo = new WeakMap(),
): Ruleset {
	const { family, clusterCidr, clusterDns } = settings;
	const nat = new Map<string, Chain>();
	const networks = new Map<string, { chain: string; rules: string[] }>();
	const nodePorts: string[] = [];
	const verdicts: string[] = [];
	const taken = new Set<string>();

	const mine = routes.filter((route) => route.family === family && route.clusterIP !== clusterDns);
	for (const route of mine.sort(byName)) {
		const rules = memo.get(route) ?? routeRules(route, clusterCidr);
		memo.set(route, rules);
		for (const [name, chain] of rules.chains) nat.set(name, chain);
		verdicts.push(...rules.verdicts);
		for (const { key, network, rule } of rules.entrances) {
			if (taken.has(key)) continue;
			taken.add(key);
			if (!network) {
				nodePorts.push(rule);
				continue;
			}
			const known = networks.get(network.cidr) ?? { chain: network.chain, rules: [] };
			networks.set(network.cidr, known);
			known.rules.push(rule);
		}
	}
	const sorted = [...networks].sort(([a], [b]) => (a < b ? -1 : 1));
	for (const [, { chain, rules }] of sorted) nat.set(chain, rules);
	nat.set("BERTH-SERVICES", [
		...sorted.map(([cidr, { chain }]) => `-d ${cidr} -j ${chain}`),
		// Last: most packets are for no address of a service. Loopback would need route_localnet.
		`! -d ${family === "IPv4" ? "127.0.0.0/8" : "::1/128"} -m addrtype --dst-type LOCAL -j BERTH-NODEPORTS`,
	]);
	nat.set("BERTH-NODEPORTS", nodePorts);
	for (const [name, chain] of masquerading(settings)) nat.set(name, chain);
	return { nat, filter: new Map([...admission(settings), ["BERTH-SERVICES", verdicts]]) };
}

/** Changes the source of what must find its way back through this node, and of what pods send out of the cluster. */
function masquerading({ clusterCidr, family, nodeAddresses, randomFully }: RuleSettings): Map<string, Chain> {
	const masquerade = `-j MASQUERADE${randomFully ? " --random-fully" : ""}`;
	const length = family === "IPv4" ? 32 : 128;
	return new Map([
		[MARK_MASQUERADE, [`-j MARK --set-xmark ${MASQUERADE_BIT}`]],
		[
			"BERTH-POSTROUTING",
			[`-m mark --mark ${MASQUERADE_BIT} -j BERTH-MASQUERADE`, `-s ${clusterCidr} -j BERTH-LEAVING`],
		],
		// The bit is cleared: wrapped for another host, the packet passes POSTROUTING once more.
		["BERTH-MASQUERADE", ["-j MARK --set-xmark 0x0/0x1000", masquerade]],
		[
			"BERTH-LEAVING",
			[
				`-d ${clusterCidr} -j RETURN`,
				...[...new Set(nodeAddresses)].sort().map((address) => `-d ${address}/${length} -j RETURN`),
				`-d ${family === "IPv4" ? "224.0.0.0/4" : "ff00::/8"} -j RETURN`,
				masquerade,
			],
		],
	]);
}

/** Who may pass this node: pods, traffic of services, and questions to the cluster DNS. */
function admission({ family, clusterCidr, serviceCidr, clusterDns }: RuleSettings): Map<string, Chain> {
	const dns = `-s ${clusterCidr} -d ${clusterDns}/${family === "IPv4" ? 32 : 128}`;
	const refuse = `-j REJECT --reject-with ${family === "IPv4" ? "icmp-port-unreachable" : "icmp6-port-unreachable"}`;
	const begin = "-m conntrack --ctstate NEW -j BERTH-SERVICES";
	return new Map([
		[
			"BERTH-INPUT",
			[begin, `${dns} -p udp -m udp --dport 53 -j ACCEPT`, `${dns} -p tcp -m tcp --dport 53 -j ACCEPT`],
		],
		[
			"BERTH-FORWARD",
			[
				begin,
				// What still has a service's address here is a port that no service has.
				`-d ${serviceCidr} ${refuse}`,
				// Packets that conntrack cannot place would reach the other side without their translation.
				`-s ${clusterCidr} -m conntrack --ctstate INVALID -j DROP`,
				`-m mark --mark ${MASQUERADE_BIT} -j ACCEPT`,
				`-s ${clusterCidr} -j ACCEPT`,
				`-d ${clusterCidr} -j ACCEPT`,
				"-m conntrack --ctstate RELATED,ESTABLISHED -m conntrack --ctstate DNAT -j ACCEPT",
			],
		],
		[
			"BERTH-OUTPUT",
			[begin, `-d ${clusterDns}/${family === "IPv4" ? 32 : 128} -j RETURN`, `-d ${serviceCidr} ${refuse}`],
		],
	]);
}

const byName = (a: ServiceRoute, b: ServiceRoute) => {
	const [left, right] = [`${a.id} ${a.protocol} ${a.port}`, `${b.id} ${b.protocol} ${b.port}`];
	return left < right ? -1 : left > right ? 1 : 0;
};
