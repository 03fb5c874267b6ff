/**
 * Pods on the network: CNI plugins wire the namespace of a pod's sandbox. What was done is written down before it is
 * done, in the pod's directory, so that it can be undone when the sandbox, its process or this agent is gone.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger, Pod } from "@berth/api";
import type { PodId } from "../../pods/labels.ts";
import { missingAs, type PodDirectories, readJson, writeWhole } from "../pod-directory.ts";
import type { Attachment, Cni, PluginConfig } from "./cni.ts";
import { chainOf, LOOPBACK, NEEDED_PLUGINS } from "./plugin-chain.ts";

/** What is known of a pod's network. */
export interface NetworkRecord {
	readonly sandbox: string;
	/** False from before the first plugin runs until the last has ended. */
	readonly complete: boolean;
	readonly ips: readonly string[];
	readonly chain: readonly PluginConfig[];
}

export interface Network {
	/** What keeps pods from getting a network, and what to do about it; undefined when nothing does. */
	obstacle(): Promise<string | undefined>;
	recordOf(uid: string): Promise<NetworkRecord | undefined>;
	connect(pod: Pod, sandbox: { readonly id: string; readonly pid: number }): Promise<NetworkRecord>;
	/** Harmless when there is no record. `pid` of the sandbox's process, 0 when it is gone. */
	disconnect(pod: PodId, pid: number): Promise<void>;
	/** Gives back addresses that belong to none of the sandboxes; for the start of the agent. */
	sweep(sandboxes: ReadonlySet<string>): Promise<void>;
}

export interface NetworkOptions {
	readonly cni: Cni;
	readonly directories: PodDirectories;
	readonly dataDir: string;
	readonly bridge: string;
	readonly mtu: () => Promise<number | undefined>;
	/** Of this node; empty until one is assigned. */
	readonly podCidrs: () => readonly string[];
	readonly log: Logger;
}

const IF_NAME = "eth0";

export function createNetwork(options: NetworkOptions): Network {
	const { cni, directories, log } = options;
	const addressDir = join(options.dataDir, "addresses");
	const file = (uid: string) => join(directories.of(uid), "network.json");
	const recordOf = (uid: string) => readJson<NetworkRecord>(file(uid));
	// Plugins that make the bridge at the same time trip over each other.
	let last: Promise<unknown> = Promise.resolve();
	const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
		const next = last.then(work, work);
		last = next.catch(() => {});
		return next;
	};

	const attachment = (sandbox: string, pid: number): Attachment => ({
		containerId: sandbox,
		netns: pid > 0 ? `/proc/${pid}/ns/net` : "",
		ifName: IF_NAME,
	});

	async function undo(record: NetworkRecord, pid: number): Promise<void> {
		await cni.del(record.chain, attachment(record.sandbox, pid));
	}

	return {
		recordOf,
		async obstacle() {
			const missing = await cni.missing(NEEDED_PLUGINS);
			if (missing.length > 0) {
				return `CNI plugins are missing: ${missing.join(", ")}. Install them (Debian, Ubuntu: apt-get install containernetworking-plugins) or unpack a release of containernetworking/plugins into /opt/cni/bin`;
			}
			if (options.podCidrs().length === 0) {
				return "no address range for pods is assigned to this node yet (spec.podCIDR): the control plane's node address controller assigns it";
			}
			return undefined;
		},
		async connect(pod, sandbox) {
			const { uid } = pod.metadata;
			const known = await recordOf(uid);
			if (known?.complete && known.sandbox === sandbox.id) return known;
			const obstacle = await this.obstacle();
			if (obstacle) throw new Error(obstacle);
			if (known) await undo(known, known.sandbox === sandbox.id ? sandbox.pid : 0);
			const chain = chainOf(pod, {
				podCidrs: options.podCidrs(),
				bridge: options.bridge,
				mtu: await options.mtu(),
				addressDir,
			});
			const draft: NetworkRecord = { sandbox: sandbox.id, complete: false, ips: [], chain };
			await writeWhole(file(uid), JSON.stringify(draft));
			const at = attachment(sandbox.id, sandbox.pid);
			try {
				const [result] = await Promise.all([
					oneByOne(() => cni.add(chain, at)),
					cni.add(LOOPBACK, { ...at, ifName: "lo" }),
				]);
				const ips = (result.ips ?? []).map(({ address }) => address.replace(/\/.*/, ""));
				const record: NetworkRecord = { ...draft, complete: true, ips };
				await writeWhole(file(uid), JSON.stringify(record));
				return record;
			} catch (error) {
				// Half a network would make the next attempt fail.
				await undo(draft, sandbox.pid).catch((reason: unknown) =>
					log.debug({ reason, pod: uid }, "undoing half a network"),
				);
				throw error;
			}
		},
		async disconnect(pod, pid) {
			const record = await recordOf(pod.uid);
			if (!record) return;
			await undo(record, pid);
			await rm(file(pod.uid), { force: true });
		},
		async sweep(sandboxes) {
			const directory = join(addressDir, "berth");
			const names = await missingAs(readdir(directory), [] as string[]);
			for (const name of names) {
				if (!/^[0-9a-fA-F]*[.:]/.test(name)) continue;
				const text = await missingAs(readFile(join(directory, name), "utf8"), "");
				const owner = text.split(/\s/)[0] ?? "";
				if (sandboxes.has(owner)) continue;
				log.info({ address: name, sandbox: owner }, "giving back an address whose pod is gone");
				await rm(join(directory, name), { force: true });
			}
		},
	};
}
