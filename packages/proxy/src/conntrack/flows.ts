/**
 * UDP flows that conntrack remembers and that lead where their service no longer does. UDP has no end: a client that
 * keeps sending keeps its flow alive, and with it the old choice. Pure.
 */
import type { ServiceRoute } from "../services.ts";

export interface Flow {
	/** Where the client sends to. */
	readonly address: string;
	readonly port: number;
	/** Who answers: the backend, or `address` itself when nothing was translated. */
	readonly answeredBy: string;
	readonly answeredPort: number;
}

/** Where clients may send UDP to, and who may then answer, as `address port`. */
export interface UdpEntrances {
	/** By `address port`. */
	readonly addresses: ReadonlyMap<string, ReadonlySet<string>>;
	/** By port. */
	readonly nodePorts: ReadonlyMap<number, ReadonlySet<string>>;
}

export const NO_ENTRANCES: UdpEntrances = { addresses: new Map(), nodePorts: new Map() };

export function udpEntrances(routes: readonly ServiceRoute[]): UdpEntrances {
	const addresses = new Map<string, ReadonlySet<string>>();
	const nodePorts = new Map<number, ReadonlySet<string>>();
	for (const route of routes) {
		if (route.protocol !== "UDP") continue;
		const backends = new Set(
			[...route.backends, ...route.localBackends].map(({ address, port }) => `${address} ${port}`),
		);
		for (const address of [route.clusterIP, ...route.externalIPs, ...route.loadBalancerIPs])
			addresses.set(`${address} ${route.port}`, backends);
		if (route.nodePort !== undefined) nodePorts.set(route.nodePort, backends);
	}
	return { addresses, nodePorts };
}

/** Whether a change from one to the other can leave flows behind. */
export function isUnchanged(before: UdpEntrances, after: UdpEntrances): boolean {
	return sameMap(before.addresses, after.addresses) && sameMap(before.nodePorts, after.nodePorts);
}

/** `before` holds entrances that may be gone by now. Flows to addresses that never were a service's are not touched. */
export function staleFlows(
	flows: readonly Flow[],
	before: UdpEntrances,
	after: UdpEntrances,
	isOwnAddress: (address: string) => boolean,
): readonly Flow[] {
	const stale = new Map<string, Flow>();
	for (const flow of flows) {
		const key = `${flow.address} ${flow.port}`;
		const answer = `${flow.answeredBy} ${flow.answeredPort}`;
		const now = after.addresses.get(key) ?? (isOwnAddress(flow.address) && after.nodePorts.get(flow.port));
		const then = before.addresses.get(key) ?? (isOwnAddress(flow.address) && before.nodePorts.get(flow.port));
		// Nothing may answer for a service without backends: the client is to be refused instead.
		if (now ? now.has(answer) : !then) continue;
		stale.set(`${key} ${answer}`, flow);
	}
	return [...stale.values()];
}

/** Reads the output of `conntrack -L -p udp`. */
export function parseFlows(text: string): readonly Flow[] {
	const flows: Flow[] = [];
	const pattern = /src=\S+ dst=(\S+) sport=\d+ dport=(\d+) .*?src=(\S+) dst=\S+ sport=(\d+) dport=\d+/;
	for (const line of text.split("\n")) {
		const [, address, port, answeredBy, answeredPort] = pattern.exec(line) ?? [];
		if (!address || !answeredBy) continue;
		flows.push({ address, port: Number(port), answeredBy, answeredPort: Number(answeredPort) });
	}
	return flows;
}

/** UDP entrances that rules of an earlier run led from; their backends do not matter any more. */
export function savedEntrances(savedRules: readonly string[]): UdpEntrances {
	const addresses = new Map<string, ReadonlySet<string>>();
	const nodePorts = new Map<number, ReadonlySet<string>>();
	for (const rule of savedRules) {
		const [, port] = /-p udp .*--dport (\d+)/.exec(rule) ?? [];
		if (!port) continue;
		const [, address] = /^-A BERTH-NET-\S+ -d ([^\s/]+)\/\d+ /.exec(rule) ?? [];
		if (address) addresses.set(`${address} ${port}`, new Set());
		else if (rule.startsWith("-A BERTH-NODEPORTS ")) nodePorts.set(Number(port), new Set());
	}
	return { addresses, nodePorts };
}

function sameMap<K>(a: ReadonlyMap<K, ReadonlySet<string>>, b: ReadonlyMap<K, ReadonlySet<string>>): boolean {
	if (a.size !== b.size) return false;
	for (const [key, values] of a) {
		const others = b.get(key);
		if (!others || others.size !== values.size || [...values].some((value) => !others.has(value)))
			return false;
	}
	return true;
}
