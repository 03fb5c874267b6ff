import test from "ava";
import fc from "fast-check";
import { route, SETTINGS as settings, someRoutes } from "./routes.fixture.ts";
import { renderRules } from "./rules.ts";
import type { Ruleset } from "./ruleset.ts";
import {
	changeTransaction,
	checkTransaction,
	fullTransaction,
	NOTHING_FOUND,
	parseSaved,
	removalTransaction,
} from "./transaction.ts";

/** What `iptables-restore --noflush` does to rules: table, chain, rules. Throws where it would refuse. */
function restore(before: Tables, text: string): Tables {
	const tables: Tables = new Map([...before].map(([name, chains]) => [name, new Map(chains)]));
	let chains = new Map<string, readonly string[]>();
	for (const line of text.split("\n")) {
		const [, verb, chain = "", rest = ""] = /^(-[AIDXC]) (\S+) ?(.*)$/.exec(line) ?? [];
		const rules = chains.get(chain) ?? [];
		if (line.startsWith("*")) {
			chains = tables.get(line.slice(1)) ?? new Map();
			tables.set(line.slice(1), chains);
		} else if (line.startsWith(":")) chains.set(line.slice(1).split(" ")[0] ?? "", []);
		else if (verb === "-A") chains.set(chain, [...rules, rest]);
		else if (verb === "-I") chains.set(chain, [rest.replace(/^1 /, ""), ...rules]);
		else if (verb === "-C" && !rules.includes(rest)) throw new Error(`no ${rest} in ${chain}`);
		else if (verb === "-D") {
			if (!rules.includes(rest)) throw new Error(`no ${rest} in ${chain}`);
			chains.set(chain, rules.toSpliced(rules.indexOf(rest), 1));
		} else if (verb === "-X") {
			const used = [...chains.values()].flat().some((rule) => rule.endsWith(`-j ${chain}`));
			if (rules.length > 0 || used) throw new Error(`${chain} is in use`);
			chains.delete(chain);
		} else if (line === "COMMIT") {
			for (const rule of [...chains.values()].flat()) {
				const [, target = ""] = /-j (BERTH-\S+)/.exec(rule) ?? [];
				if (target && !chains.has(target)) throw new Error(`no chain ${target}`);
			}
		}
	}
	return tables;
}
type Tables = Map<string, Map<string, readonly string[]>>;

const save = (tables: Tables): string =>
	[...tables]
		.map(([table, chains]) =>
			[
				`*${table}`,
				...[...chains.keys()].map((name) => `:${name} - [0:0]`),
				...[...chains].flatMap(([name, rules]) => rules.map((rule) => `-A ${name} ${rule}`)),
				"COMMIT",
				"",
			].join("\n"),
		)
		.join("");

const sorted = (tables: Tables) =>
	[...tables].map(([table, chains]) => [table, [...chains].filter(([, rules]) => rules.length > 0).sort()]);

const fresh = (next: Ruleset) => restore(new Map(), fullTransaction(next, NOTHING_FOUND));

test("a change applied to the old rules gives the new rules", (t) => {
	fc.assert(
		fc.property(someRoutes, someRoutes, (before, after) => {
			const [old, next] = [renderRules(before, settings), renderRules(after, settings)];
			t.deepEqual(sorted(restore(fresh(old), changeTransaction(old, next))), sorted(fresh(next)));
		}),
		{ numRuns: 100 },
	);
});

test("the whole ruleset replaces whatever was there of ours, and nothing else", (t) => {
	fc.assert(
		fc.property(someRoutes, someRoutes, (before, after) => {
			const others = restore(
				fresh(renderRules(before, settings)),
				"*filter\n-A FORWARD -j DOCKER-USER\nCOMMIT\n",
			);
			const found = parseSaved(save(others));
			const next = renderRules(after, settings);
			const replaced = restore(others, fullTransaction(next, found));
			const expected = restore(fresh(next), "*filter\n-A FORWARD -j DOCKER-USER\nCOMMIT\n");
			t.deepEqual(sorted(replaced), sorted(expected));
		}),
		{ numRuns: 60 },
	);
});

test("removal leaves what is not ours", (t) => {
	const others = restore(
		fresh(renderRules([route({ nodePort: 30_080 })], settings)),
		"*nat\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\nCOMMIT\n",
	);
	const left = restore(others, removalTransaction(parseSaved(save(others))));
	t.deepEqual(sorted(left), [
		["nat", [["PREROUTING", ["-j DOCKER"]]]],
		["filter", []],
	]);
	t.is(removalTransaction(parseSaved(save(left))), "");
});

test("nothing changed gives no transaction; one backend changed touches its service's chains alone", (t) => {
	const others = Array.from({ length: 50 }, (_, i) =>
		route({ id: `default/other-${i}`, clusterIP: `10.96.1.${i}` }),
	);
	const before = renderRules([...others, route()], settings);
	t.is(changeTransaction(before, renderRules([route(), ...others], settings)), "");
	const backends = [{ address: "10.244.1.2", port: 8080 }];
	const change = changeTransaction(before, renderRules([...others, route({ backends })], settings));
	t.is(change.match(/^:/gm)?.length, 2, "the service's chain, and the chain of the backend that has gone");
	t.regex(change, /^-X BERTH-SEP-/m);
	t.notRegex(change, /\*filter/);
});

test("a change fails as a whole where our rules in the kernel's chains are gone", (t) => {
	const before = renderRules([], settings);
	const after = renderRules([route()], settings);
	const flushed = fresh(before);
	flushed.get("nat")?.set("PREROUTING", []);
	t.throws(() => restore(flushed, changeTransaction(before, after)), { message: /PREROUTING/ });
	t.throws(() => restore(flushed, checkTransaction()), { message: /PREROUTING/ });
	t.notThrows(() => restore(fresh(before), checkTransaction()));
});

test("rules of others that lead into ours are found whatever their form", (t) => {
	const saved = `*filter\n:FORWARD DROP [1:2]\n:BERTH-OLD - [0:0]\n-A FORWARD -m comment --comment "x y" -j BERTH-OLD\n-A FORWARD -j DOCKER-USER\nCOMMIT\n*mangle\n:BERTH-X - [0:0]\nCOMMIT\n`;
	t.deepEqual(parseSaved(saved), {
		chains: { nat: [], filter: ["BERTH-OLD"] },
		hooks: [{ table: "filter", chain: "FORWARD", rule: '-m comment --comment "x y" -j BERTH-OLD' }],
		rules: [],
	});
});
