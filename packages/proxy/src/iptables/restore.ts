/** The host's own iptables: the only place that calls it. */
import { readFile } from "node:fs/promises";
import type { Logger } from "@berth/api";
import type { Family } from "../address.ts";
import type { Run } from "../host/run.ts";
import { TABLES } from "./ruleset.ts";
import { type Found, parseSaved } from "./transaction.ts";

export interface Iptables {
	/** As `iptables --version` says. */
	readonly variant: "nf_tables" | "legacy";
	/** Whether MASQUERADE knows `--random-fully`. */
	readonly randomFully: boolean;
	/** What is there of ours. */
	find(): Promise<Found>;
	/** Applies one transaction, each of its tables wholly or not at all. Throws a RestoreError. */
	restore(text: string): Promise<void>;
}

/** A transaction was refused. */
export class RestoreError extends Error {
	/** The offending line of the transaction, where the host's iptables named one. */
	readonly line: string | undefined;

	constructor(reason: string, line: string | undefined) {
		super(`iptables refused the rules: ${reason}${line === undefined ? "" : ` (line: ${line})`}`);
		this.name = "RestoreError";
		this.line = line;
	}
}

const PROGRAMS = { IPv4: "iptables", IPv6: "ip6tables" } as const;
/** Seconds to wait for others who are changing rules. */
const PATIENCE = "10";

export interface IptablesOptions {
	readonly run: Run;
	readonly log: Logger;
	readonly family?: Family;
}

/**
 * Finds out which iptables the host uses; the alternatives system of the distribution has chosen one. Throws
 * ProgramMissing when there is none.
 */
export async function openIptables({ run, log, family = "IPv4" }: IptablesOptions): Promise<Iptables> {
	const program = PROGRAMS[family];
	const { stdout } = await run(program, ["--version"]);
	const [, major = "0", minor = "0", patch = "0"] = /v(\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? [];
	const version = Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
	const variant = stdout.includes("nf_tables") ? "nf_tables" : "legacy";
	if (variant === "nf_tables" && (await hasLegacyRules(family))) {
		log.warn(
			{ program },
			"this host uses tables of iptables-legacy beside iptables-nft; packets must pass both",
		);
	}

	return {
		variant,
		randomFully: version >= 1_006_002,
		find: async () => {
			const saved: string[] = [];
			for (const table of TABLES) {
				const { code, stdout, stderr } = await run(`${program}-save`, ["-t", table]);
				if (code !== 0) throw new Error(`${program}-save failed: ${stderr}`);
				saved.push(stdout);
			}
			return parseSaved(saved.join(""));
		},
		restore: async (text) => {
			const { code, stderr } = await run(`${program}-restore`, ["-w", PATIENCE, "--noflush"], {
				input: text,
			});
			if (code === 0) return;
			const [, number] = /line:? (\d+)/i.exec(stderr) ?? [];
			const line = number === undefined ? undefined : text.split("\n")[Number(number) - 1];
			throw new RestoreError(stderr.split("\n")[0] || `exit code ${code}`, line);
		},
	};
}

/** The kernel lists the tables that iptables-legacy has used. */
async function hasLegacyRules(family: Family): Promise<boolean> {
	const file = family === "IPv4" ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names";
	const names = await readFile(file, "utf8").catch(() => "");
	return names.trim() !== "";
}
