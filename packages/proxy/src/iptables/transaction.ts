/** Rulesets to the text of `iptables-restore --noflush`: the whole, or the least that changes one into another. Pure. */
import { type Chain, HOOKS, type Hook, PREFIX, type Ruleset, TABLES, type Table } from "./ruleset.ts";

/** What `iptables-save` shows of ours. */
export interface Found {
	/** Names of our chains. */
	readonly chains: Readonly<Record<Table, readonly string[]>>;
	/** Rules in the kernel's chains that lead into ours. */
	readonly hooks: readonly Hook[];
	/** Rules of our chains, as `-A CHAIN RULE`. */
	readonly rules: readonly string[];
}

export const NOTHING_FOUND: Found = { chains: { nat: [], filter: [] }, hooks: [], rules: [] };

/** The whole ruleset, whatever was there of ours before. */
export function fullTransaction(next: Ruleset, found: Found): string {
	return TABLES.map((table) => {
		const stale = found.chains[table].filter((name) => !next[table].has(name));
		const body = tableChange([...next[table]], stale, [
			...found.hooks.filter((hook) => hook.table === table).map(({ chain, rule }) => `-D ${chain} ${rule}`),
			...HOOKS.filter((hook) => hook.table === table).map(({ chain, rule }) => `-I ${chain} 1 ${rule}`),
		]);
		return section(table, body);
	}).join("");
}

/**
 * The chains that differ; empty when none does. It starts by asking for our rules in the kernel's chains, so that it
 * fails as a whole where somebody has taken them away.
 */
export function changeTransaction(previous: Ruleset, next: Ruleset): string {
	return TABLES.map((table) => {
		const changed = [...next[table]].filter(([name, rules]) => !isSame(previous[table].get(name), rules));
		const stale = [...previous[table].keys()].filter((name) => !next[table].has(name));
		if (changed.length === 0 && stale.length === 0) return "";
		return section(table, [...checks(table), ...tableChange(changed, stale, [])]);
	}).join("");
}

/** Changes nothing; fails when our rules in the kernel's chains are not there. */
export const checkTransaction = (): string => TABLES.map((table) => section(table, checks(table))).join("");

/** Takes away all that was found. */
export const removalTransaction = (found: Found): string =>
	TABLES.map((table) => {
		const hooks = found.hooks.filter((hook) => hook.table === table);
		const body = tableChange(
			[],
			found.chains[table],
			hooks.map(({ chain, rule }) => `-D ${chain} ${rule}`),
		);
		return body.length > 0 ? section(table, body) : "";
	}).join("");

/** Reads the output of `iptables-save`. */
export function parseSaved(text: string): Found {
	const chains: Record<Table, string[]> = { nat: [], filter: [] };
	const hooks: Hook[] = [];
	const rules: string[] = [];
	let table: Table | undefined;
	for (const line of text.split("\n")) {
		if (line.startsWith("*")) table = TABLES.find((each) => each === line.slice(1));
		if (!table) continue;
		if (line.startsWith(`:${PREFIX}`)) chains[table].push(line.slice(1, line.indexOf(" ")));
		if (line.startsWith(`-A ${PREFIX}`)) rules.push(line);
		const [, chain = "", rule = ""] = /^-A (\S+) (.*-[jg] BERTH-\S+.*)$/.exec(line) ?? [];
		if (chain && !chain.startsWith(PREFIX)) hooks.push({ table, chain, rule });
	}
	return { chains, hooks, rules };
}

const checks = (table: Table) =>
	HOOKS.filter((hook) => hook.table === table).map(({ chain, rule }) => `-C ${chain} ${rule}`);

/** Naming a chain makes or empties it; only then can it be left out, or filled with rules that lead to others. */
function tableChange(
	changed: readonly (readonly [string, readonly string[]])[],
	stale: readonly string[],
	hooks: readonly string[],
): string[] {
	return [
		...[...changed.map(([name]) => name), ...stale].map((name) => `:${name} - [0:0]`),
		...hooks,
		...changed.flatMap(([name, rules]) => rules.map((rule) => `-A ${name} ${rule}`)),
		...stale.map((name) => `-X ${name}`),
	];
}

const section = (table: Table, lines: readonly string[]) => [`*${table}`, ...lines, "COMMIT", ""].join("\n");

function isSame(a: Chain | undefined, b: Chain): boolean {
	return a === b || (a?.length === b.length && a.every((rule, index) => rule === b[index]));
}
