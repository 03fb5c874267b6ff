/**
 * Follows a packet through the text of rules, as the kernel would: a small interpreter of what our rules use. An option
 * it does not know is an error, so that no rule goes untested.
 */
import { isWithin } from "../address.ts";

export interface Packet {
	readonly from: string;
	readonly to: string;
	readonly protocol: "tcp" | "udp" | "sctp";
	readonly port: number;
}

export interface Host {
	/** Addresses that are this host's. */
	readonly own: readonly string[];
	/** In [0, 1): what `statistic` draws. Default 0. */
	readonly random?: () => number;
	/** `list address` that `recent` remembers; added to by the rules. */
	readonly recent?: Set<string>;
}

export interface Verdict {
	/** Where the packet ends: `10.244.1.2:8080`, or where it was going when nothing translated it. */
	readonly to: string;
	readonly verdict: "accept" | "drop" | "reject";
	readonly masqueraded: boolean;
	/** The mark when it leaves. */
	readonly mark: number;
}

type Rules = ReadonlyMap<string, readonly string[]>;
type State = { mark: number; to: string; port: number; translated: boolean; masqueraded: boolean };

/** Reads what `fullTransaction` or `iptables-save` writes: `*table`, `:chain`, `-A chain rule`, `-I chain 1 rule`. */
export function readRules(text: string): ReadonlyMap<string, Rules> {
	const tables = new Map<string, Map<string, string[]>>();
	let chains = new Map<string, string[]>();
	for (const line of text.split("\n")) {
		const [, how, name = "", rule = ""] = /^-(A|I) (\S+) (?:1 )?(.*)$/.exec(line) ?? [];
		if (line.startsWith("*")) {
			chains = tables.get(line.slice(1)) ?? new Map();
			tables.set(line.slice(1), chains);
		} else if (line.startsWith(":")) chains.set(line.slice(1).split(" ")[0] ?? "", []);
		else if (how) {
			const rules = chains.get(name) ?? [];
			chains.set(name, how === "A" ? [...rules, rule] : [rule, ...rules]);
		}
	}
	return tables;
}

/** Chains that are jumped to and are not there, and chains of services that nothing leads to. */
export function looseEnds(text: string): readonly string[] {
	const problems: string[] = [];
	for (const [table, chains] of readRules(text)) {
		const targets = [...chains.values()].flat().map((rule) => / ?-j (\S+)/.exec(rule)?.[1] ?? "");
		for (const target of targets)
			if (target.startsWith("BERTH-") && !chains.has(target)) problems.push(`${table}: no ${target}`);
		for (const name of chains.keys())
			if (/^BERTH-\w+-\w{16}$/.test(name) && !targets.includes(name))
				problems.push(`${table}: ${name} is unused`);
	}
	return problems;
}

/** The first packet of a connection: through PREROUTING or OUTPUT, then INPUT, FORWARD or OUTPUT, then POSTROUTING. */
export function trace(text: string, packet: Packet, host: Host): Verdict {
	const tables = readRules(text);
	const nat = tables.get("nat") ?? new Map();
	const filter = tables.get("filter") ?? new Map();
	const isLocal = host.own.includes(packet.from);
	const state: State = { mark: 0, to: packet.to, port: packet.port, translated: false, masqueraded: false };

	walk(nat, isLocal ? "OUTPUT" : "PREROUTING");
	const arrives = host.own.includes(state.to);
	const verdict = walk(filter, isLocal ? "OUTPUT" : arrives ? "INPUT" : "FORWARD");
	if (!arrives && (verdict === undefined || verdict === "accept")) walk(nat, "POSTROUTING");
	const ended = verdict === undefined || verdict === "accept" || verdict === "return" ? "accept" : verdict;
	return {
		to: `${state.to}:${state.port}`,
		verdict: ended,
		masqueraded: state.masqueraded,
		mark: state.mark,
	};

	function walk(rules: Rules, chain: string, depth = 0): "accept" | "drop" | "reject" | "return" | undefined {
		const found = rules.get(chain);
		if (!found && depth > 0) throw new Error(`no chain ${chain}`);
		if (depth > 16) throw new Error(`chains lead in a circle at ${chain}`);
		for (const rule of found ?? []) {
			const target = match(rule, packet, state, host);
			if (!target) continue;
			const [name = "", ...args] = target;
			switch (name) {
				case "RETURN":
					return undefined;
				case "ACCEPT":
					return "accept";
				case "DROP":
					return "drop";
				case "REJECT":
					return "reject";
				case "MASQUERADE":
					state.masqueraded = true;
					return "accept";
				case "MARK": {
					const [value = 0, mask = 0] = (args[1] ?? "").split("/").map(Number);
					state.mark = (state.mark & ~mask) ^ value;
					break;
				}
				case "DNAT": {
					const [address = "", port = ""] = (args[1] ?? "").split(":");
					Object.assign(state, { to: address, port: Number(port), translated: true });
					return "accept";
				}
				default: {
					const verdict = walk(rules, name, depth + 1);
					if (verdict) return verdict;
				}
			}
		}
		return undefined;
	}
}

/** The target with its arguments when every condition holds. */
function match(rule: string, packet: Packet, state: State, host: Host): readonly string[] | undefined {
	const words = rule.match(/"[^"]*"|\S+/g) ?? [];
	const take = () => words.shift() ?? "";
	let negated = false;
	let list = "";
	let holds = true;
	const check = (condition: boolean) => {
		holds &&= condition !== negated;
		negated = false;
	};
	while (words.length > 0) {
		const word = take();
		switch (word) {
			case "!":
				negated = true;
				break;
			case "-m":
			case "--mode":
				take();
				break;
			case "--comment":
			case "--seconds":
				take();
				break;
			case "--reap":
				break;
			case "-s":
				check(isWithin(packet.from, take()));
				break;
			case "-d":
				check(isWithin(state.to, take()));
				break;
			case "-p":
				check(packet.protocol === take());
				break;
			case "--dport":
				check(state.port === Number(take()));
				break;
			case "--dst-type":
				take();
				check(host.own.includes(state.to));
				break;
			case "--src-type":
				take();
				check(host.own.includes(packet.from));
				break;
			case "--mark": {
				const [value = 0, mask = 0] = take().split("/").map(Number);
				check((state.mark & mask) === value);
				break;
			}
			case "--ctstate":
				check(
					take()
						.split(",")
						.some((each) => each === "NEW" || (each === "DNAT" && state.translated)),
				);
				break;
			case "--probability":
				check((host.random?.() ?? 0) < Number(take()));
				break;
			case "--name":
				list = take();
				break;
			case "--rcheck":
				check(host.recent?.has(`${list} ${packet.from}`) ?? false);
				break;
			case "--set":
				if (holds) host.recent?.add(`${list} ${packet.from}`);
				break;
			case "-j":
				return holds ? words : undefined;
			default:
				throw new Error(`the interpreter does not know ${word} in: ${rule}`);
		}
		if (!holds && word !== "!") return undefined;
	}
	throw new Error(`no target in: ${rule}`);
}
