/** Where a request for `nodes|pods|services/NAME/proxy` goes. Pure: from the objects to an address. */
import { isIP } from "node:net";
import {
	badRequest,
	type Endpoints,
	type Node,
	type Pod,
	type Service,
	serviceUnavailable,
} from "@berth/api";
import { type AgentAddress, agentAddress } from "../agent-road/locate.ts";

export interface ProxyTarget {
	readonly scheme: "http" | "https";
	readonly host: string;
	readonly port: number;
	/** Set for a node's own agent: the cluster's certificates on both sides. */
	readonly agent?: AgentAddress;
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT` taken apart. */
export interface ProxyName {
	readonly scheme: "http" | "https" | undefined;
	readonly name: string;
	/** A number or a port's name; empty: the first. */
	readonly port: string;
}

/** Throws BadRequest when it has another form. */
export function parseProxyName(kind: string, text: string): ProxyName {
	const parts = text.split(":");
	const [first = "", second = "", third = ""] = parts;
	if (parts.length <= 2) return { scheme: undefined, name: first, port: second };
	if (parts.length === 3 && (first === "http" || first === "https"))
		return { scheme: first, name: second, port: third };
	throw badRequest(`invalid ${kind} request ${JSON.stringify(text)}`);
}

export function nodeTarget(node: Node, { port }: ProxyName): ProxyTarget {
	const agent = agentAddress(node);
	const number = port ? portNumber(port) : agent.port;
	return { scheme: "https", host: agent.host, port: number, agent: { ...agent, port: number } };
}

export function podTarget(pod: Pod, { scheme, port }: ProxyName): ProxyTarget {
	const first = pod.spec.containers.flatMap((container) => container.ports ?? [])[0]?.containerPort;
	const host = pod.status?.podIP ?? "";
	if (!host) throw serviceUnavailable(`pod ${JSON.stringify(pod.metadata.name)} has no address yet`);
	return { scheme: scheme ?? "http", host: reachable(host), port: port ? portNumber(port) : (first ?? 80) };
}

/** A ready endpoint of the service; `random` in [0, 1) chooses among them. */
export function serviceTarget(
	service: Service,
	endpoints: Endpoints | undefined,
	{ scheme, port }: ProxyName,
	random: number,
): ProxyTarget {
	const { name } = service.metadata;
	const ports = service.spec?.ports ?? [];
	const wanted = port ? ports.find((entry) => entry.name === port || String(entry.port) === port) : ports[0];
	if (!wanted)
		throw serviceUnavailable(
			`no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`,
		);
	const candidates = (endpoints?.subsets ?? []).flatMap((subset) => {
		const matching = subset.ports?.find((entry) => (entry.name ?? "") === (wanted.name ?? ""));
		return matching ? (subset.addresses ?? []).map(({ ip }) => ({ host: ip, port: matching.port })) : [];
	});
	const chosen = candidates[Math.floor(random * candidates.length)];
	if (!chosen) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
	return { scheme: scheme ?? "http", host: reachable(chosen.host), port: chosen.port };
}

function portNumber(text: string): number {
	const number = Number(text);
	if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
	throw badRequest(`invalid port ${JSON.stringify(text)}`);
}

/** Who may write a pod's status must not reach this host's own services through it. */
function reachable(host: string): string {
	const forbidden = /^(?:127\.|0\.|169\.254\.|22[4-9]\.|23\d\.|::1?$|fe80:|ff|::ffff:)/i;
	if (!isIP(host) || forbidden.test(host)) throw badRequest("address not allowed");
	return host;
}
