/** The rules of one route. Pure. */
import { neighbourhoodOf } from "../address.ts";
import type { Backend, ServiceRoute } from "../services.ts";
import { type Chain, chainNames, networkChain } from "./ruleset.ts";

/** Bit 12 of the packet mark; no other bit is read or written. */
export const MASQUERADE_BIT = "0x1000/0x1000";
export const MARK_MASQUERADE = "BERTH-MARK-MASQ";

export interface RouteRules {
	/** Chains of the nat table. */
	readonly chains: ReadonlyMap<string, Chain>;
	/** Rules of the nat table that lead into `chains`. */
	readonly entrances: readonly Entrance[];
	/** Rules of the filter table for what was led nowhere. */
	readonly verdicts: readonly string[];
}

export interface Entrance {
	/** Two routes with an entrance of the same key: the first has it. */
	readonly key: string;
	/** The network that the address lies in, or undefined for node ports. */
	readonly network: { readonly cidr: string; readonly chain: string } | undefined;
	readonly rule: string;
}

export function routeRules(route: ServiceRoute, clusterCidr: string): RouteRules {
	const names = chainNames(route);
	const chains = new Map<string, Chain>();
	const entrances: Entrance[] = [];
	const verdicts: string[] = [];
	const { backends, localBackends, internalPolicy, externalPolicy } = route;
	const comment = `-m comment --comment "${route.id.replace(/[^\w./:-]/g, "_")}"`;
	const outside = [...new Set([...route.externalIPs, ...route.loadBalancerIPs])];
	const guarded = new Set(route.allowedSources.length > 0 ? route.loadBalancerIPs : []);
	const hasOutside = outside.length > 0 || route.nodePort !== undefined;
	const at = (address: string) => `-d ${host(address, route)} ${portMatch(route, route.port)}`;
	const atNodePort = `-m addrtype --dst-type LOCAL ${portMatch(route, route.nodePort ?? 0)}`;

	const enter = (address: string, chain: string) => {
		const cidr = neighbourhoodOf(address, route.family);
		entrances.push({
			key: `${address} ${route.protocol} ${route.port}`,
			network: { cidr, chain: networkChain(cidr) },
			rule: `${at(address)} ${comment} -j ${chain}`,
		});
	};
	const refuse = (match: string) => verdicts.push(`${match} ${comment} ${rejection(route)}`);
	const drop = (match: string) => verdicts.push(`${match} ${comment} -j DROP`);

	if (backends.length === 0 && localBackends.length === 0) {
		for (const address of [route.clusterIP, ...outside]) refuse(at(address));
		if (route.nodePort !== undefined) refuse(atNodePort);
		return { chains, entrances, verdicts };
	}

	const prefersLocal = internalPolicy === "Local" || (hasOutside && externalPolicy === "Local");
	const needsLocal = prefersLocal && localBackends.length > 0;
	const needsCluster = internalPolicy === "Cluster" || hasOutside;
	if (needsCluster) chains.set(names.cluster, spread(route, backends, clusterCidr));
	if (needsLocal) chains.set(names.local, spread(route, localBackends, clusterCidr));
	const used = [...(needsCluster ? backends : []), ...(needsLocal ? localBackends : [])];
	for (const backend of used) chains.set(names.backend(backend), lead(route, backend));

	if (internalPolicy === "Cluster") enter(route.clusterIP, names.cluster);
	else if (needsLocal) enter(route.clusterIP, names.local);
	else drop(at(route.clusterIP));

	if (!hasOutside) return { chains, entrances, verdicts };
	chains.set(names.external, external(route, clusterCidr));
	if (guarded.size > 0) {
		const allow = route.allowedSources.map((source) => `-s ${source} -j ${names.external}`);
		chains.set(names.firewall, allow);
	}
	const strands = externalPolicy === "Local" && localBackends.length === 0;
	for (const address of outside) {
		enter(address, guarded.has(address) ? names.firewall : names.external);
		if (strands || guarded.has(address)) drop(at(address));
	}
	if (route.nodePort !== undefined) {
		entrances.push({
			key: `node ${route.protocol} ${route.nodePort}`,
			network: undefined,
			rule: `${portMatch(route, route.nodePort)} ${comment} -j ${names.external}`,
		});
		if (strands) drop(atNodePort);
	}
	return { chains, entrances, verdicts };
}

/** One backend at random, all alike; with affinity the one that the client had before. */
function spread(route: ServiceRoute, backends: readonly Backend[], clusterCidr: string): Chain {
	const names = chainNames(route);
	const targets = backends.map(names.backend);
	const ofClusterIP = `-d ${host(route.clusterIP, route)} ${portMatch(route, route.port)}`;
	const rules = [`! -s ${clusterCidr} ${ofClusterIP} -j ${MARK_MASQUERADE}`];
	if (route.affinity !== undefined) {
		for (const target of targets) {
			rules.push(`-m recent --name ${target} --rcheck --seconds ${route.affinity} --reap -j ${target}`);
		}
	}
	targets.forEach((target, index) => {
		const left = targets.length - index;
		const chance = left === 1 ? "" : `-m statistic --mode random --probability ${(1 / left).toFixed(10)} `;
		rules.push(`${chance}-j ${target}`);
	});
	return rules;
}

/** To the backend; a backend that reaches itself must see another address than its own. */
function lead(route: ServiceRoute, { address, port }: Backend): Chain {
	const name = chainNames(route).backend({ address, port });
	const remember = route.affinity === undefined ? "" : `-m recent --name ${name} --set `;
	const target = route.family === "IPv4" ? `${address}:${port}` : `[${address}]:${port}`;
	return [
		`-s ${host(address, route)} -j ${MARK_MASQUERADE}`,
		`-p ${protocol(route)} ${remember}-j DNAT --to-destination ${target}`,
	];
}

function external(route: ServiceRoute, clusterCidr: string): Chain {
	const names = chainNames(route);
	if (route.externalPolicy === "Cluster") return [`-j ${MARK_MASQUERADE}`, `-j ${names.cluster}`];
	// Clients within the cluster are not outside: they may use every backend.
	const rules = [
		`-s ${clusterCidr} -j ${names.cluster}`,
		`-m addrtype --src-type LOCAL -j ${MARK_MASQUERADE}`,
		`-m addrtype --src-type LOCAL -j ${names.cluster}`,
	];
	return route.localBackends.length > 0 ? [...rules, `-j ${names.local}`] : rules;
}

const protocol = (route: ServiceRoute) => route.protocol.toLowerCase();

const portMatch = (route: ServiceRoute, port: number) =>
	`-p ${protocol(route)} -m ${protocol(route)} --dport ${port}`;

const host = (address: string, { family }: ServiceRoute) => `${address}/${family === "IPv4" ? 32 : 128}`;

const rejection = ({ family }: ServiceRoute) =>
	`-j REJECT --reject-with ${family === "IPv4" ? "icmp-port-unreachable" : "icmp6-port-unreachable"}`;
