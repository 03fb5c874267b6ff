/**
 * Runs CNI plugins: a chain of configurations, each plugin given the result of the one before.
 * Protocol: https://github.com/containernetworking/cni/blob/main/SPEC.md (0.4.0, which plugins of any age speak).
 */
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../spawn.ts";

export const CNI_VERSION = "0.4.0";
/** Milliseconds. Pods get their networks one after the other: a plugin that hangs must not keep all from theirs. */
const PATIENCE = 60_000;

export interface PluginConfig {
	/** File name of the plugin. */
	readonly type: string;
	readonly [field: string]: unknown;
}

/** The part of a plugin's result that is used. */
export interface CniResult {
	readonly ips?: readonly { readonly address: string }[];
	readonly [field: string]: unknown;
}

export interface Attachment {
	/** Id that addresses are reserved under. */
	readonly containerId: string;
	/** Path of the network namespace; "" when it is gone: only DEL makes sense then. */
	readonly netns: string;
	readonly ifName: string;
}

export interface Cni {
	/** Plugins of these names that are in none of the directories. */
	missing(plugins: readonly string[]): Promise<readonly string[]>;
	add(chain: readonly PluginConfig[], attachment: Attachment): Promise<CniResult>;
	/** Takes back an ADD, also one that did not finish; harmless when there was none. */
	del(chain: readonly PluginConfig[], attachment: Attachment): Promise<void>;
}

/** `directories` in order of preference. Plugins inherit PATH: portmap calls iptables. */
export function createCni(directories: readonly string[], path: string): Cni {
	async function find(plugin: string): Promise<string | undefined> {
		for (const directory of directories) {
			const candidate = join(directory, plugin);
			const usable = await access(candidate, constants.X_OK).then(
				() => true,
				() => false,
			);
			if (usable) return candidate;
		}
		return undefined;
	}

	async function call(command: "ADD" | "DEL", config: PluginConfig, at: Attachment): Promise<string> {
		const program = await find(config.type);
		if (!program) throw new Error(`CNI plugin "${config.type}" is in none of ${directories.join(", ")}`);
		const { code, stdout, stderr } = await run(program, [], {
			input: JSON.stringify(config),
			signal: AbortSignal.timeout(PATIENCE),
			env: {
				PATH: path,
				CNI_COMMAND: command,
				CNI_CONTAINERID: at.containerId,
				CNI_NETNS: at.netns,
				CNI_IFNAME: at.ifName,
				CNI_PATH: directories.join(":"),
			},
		});
		if (code === 0) return stdout;
		throw new Error(
			`plugin type="${config.type}" failed (${command.toLowerCase()}): ${reasonOf(stdout, stderr)}`,
		);
	}

	return {
		missing: async (plugins) => {
			const found = await Promise.all(plugins.map(find));
			return plugins.filter((_, index) => !found[index]);
		},
		add: async (chain, attachment) => {
			let result: CniResult = {};
			for (const [index, config] of chain.entries()) {
				const whole = index === 0 ? config : { ...config, prevResult: result };
				result = JSON.parse(await call("ADD", whole, attachment)) as CniResult;
			}
			return result;
		},
		del: async (chain, attachment) => {
			const failures: unknown[] = [];
			// Every plugin gets its chance to clean up, whatever the others did.
			for (const config of chain.toReversed()) {
				await call("DEL", config, attachment).catch((error: unknown) => failures.push(error));
			}
			if (failures.length > 0) throw failures[0];
		},
	};
}

function reasonOf(stdout: string, stderr: string): string {
	try {
		const { msg, details } = JSON.parse(stdout) as { msg?: string; details?: string };
		return [msg, details].filter(Boolean).join("; ") || stderr.trim();
	} catch {
		return stdout.trim() || stderr.trim() || "no reason given";
	}
}
