/**
 * Keeps the kernel's rules as the informers say. Level-triggered: each run compares what should be with what the last one
 * left, applies the difference, and starts from scratch whenever it cannot be sure what is there.
 */
import { type Clock, type Logger, Node } from "@berth/api";
import type { Informers } from "@berth/client";
import { NO_ENTRANCES, savedEntrances, type UdpEntrances, udpEntrances } from "./conntrack/flows.ts";
import type { FlowFlusher } from "./conntrack/flush.ts";
import { type Iptables, RestoreError } from "./iptables/restore.ts";
import { type RouteMemo, type RuleSettings, renderRules } from "./iptables/rules.ts";
import type { Ruleset } from "./iptables/ruleset.ts";
import { changeTransaction, checkTransaction, fullTransaction } from "./iptables/transaction.ts";
import type { ProxyMetrics } from "./metrics.ts";
import { createRouteTable } from "./route-table.ts";
import { createTrigger } from "./trigger.ts";

export interface SyncOptions {
	readonly informers: Informers;
	readonly nodeName: string;
	readonly nodeAddresses: readonly string[];
	readonly settings: Omit<RuleSettings, "nodeAddresses" | "randomFully">;
	readonly iptables: Iptables;
	readonly flusher: FlowFlusher;
	readonly clock: Clock;
	readonly log: Logger;
	readonly metrics: ProxyMetrics;
	/** The rules are out of date and could not be mended; called for each failure in a row. */
	readonly onFailure: (error: unknown) => void;
}

/** Least milliseconds between two changes: a rollout's burst becomes a few transactions. */
const INTERVAL = 50;
/** Milliseconds between looks whether others (a restart of Docker, a reload of a firewall) took our rules away. */
const CHECK_EVERY = 5_000;

/** Runs until the signal aborts. The rules stay: connections go on while the proxy is away. */
export async function runSync(options: SyncOptions, signal: AbortSignal): Promise<void> {
	const { informers, nodeName, iptables, flusher, clock, log, metrics } = options;
	const memo: RouteMemo = new WeakMap();
	/** What is in the kernel; undefined when that is not known. */
	let applied: Ruleset | undefined;
	let entrances: UdpEntrances = NO_ENTRANCES;
	let changedAt: number | undefined;
	let checkDue = false;

	const ask = () => {
		changedAt ??= clock.now();
		trigger.ask();
	};

	async function work(): Promise<void> {
		const began = clock.now();
		const since = changedAt;
		changedAt = undefined;
		const mustCheck = checkDue;
		checkDue = false;
		try {
			const routes = table.current();
			const nodeAddresses = addressesOf(informers, options.nodeAddresses);
			const settings = { ...options.settings, nodeAddresses, randomFully: iptables.randomFully };
			const extent = await apply(renderRules(routes, settings, memo), mustCheck);
			await forgetFlows(udpEntrances(routes), extent === "full");
			if (extent === "none") return;
			metrics.routes(routes.length);
			metrics.synced(extent, (clock.now() - began) / 1_000);
			if (since !== undefined) metrics.programmed((clock.now() - since) / 1_000);
			log.debug({ extent, routes: routes.length, took: clock.now() - began }, "rules are up to date");
		} catch (error) {
			changedAt = since;
			metrics.syncFailed();
			options.onFailure(error);
			throw error;
		}
	}

	async function apply(next: Ruleset, mustCheck: boolean): Promise<"full" | "partial" | "none"> {
		if (applied) {
			const change = changeTransaction(applied, next);
			const text = change || (mustCheck ? checkTransaction() : "");
			if (!text) return "none";
			try {
				const before = applied;
				applied = undefined;
				await iptables.restore(text);
				applied = change ? next : before;
				return change ? "partial" : "none";
			} catch (error) {
				if (!(error instanceof RestoreError)) throw error;
				log.warn({ err: error }, "the rules are not as they were left; writing all of them");
			}
		}
		const found = await iptables.find();
		const left = savedEntrances(found.rules);
		entrances = {
			addresses: new Map([...left.addresses, ...entrances.addresses]),
			nodePorts: new Map([...left.nodePorts, ...entrances.nodePorts]),
		};
		await iptables.restore(fullTransaction(next, found));
		applied = next;
		return "full";
	}

	/** Traffic goes by the new rules already: a failure here is told, and does not write them again. */
	async function forgetFlows(next: UdpEntrances, always: boolean): Promise<void> {
		try {
			await flusher.flush(entrances, next, always);
		} catch (error) {
			log.warn({ err: error }, "stale UDP flows could not be forgotten");
		}
		entrances = next;
	}

	const trigger = createTrigger({ clock, log, interval: INTERVAL, work });
	const table = createRouteTable({ informers, nodeName, onChange: ask });
	const nodes = informers.of(Node);
	const unsubscribe = nodes.subscribe(({ type, object, old }) => {
		if (type !== "updated" || !old || addressText(object) !== addressText(old)) ask();
	});
	const stopped = new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});
	let stopChecks = () => {};
	const scheduleCheck = () => {
		stopChecks = clock.after(CHECK_EVERY, () => {
			checkDue = true;
			trigger.ask();
			scheduleCheck();
		});
	};
	try {
		// Half the services would mean: take away the rules of the other half.
		await Promise.race([Promise.all([table.synced, nodes.whenSynced]), stopped]);
		if (signal.aborted) return;
		ask();
		scheduleCheck();
		await trigger.run(signal);
	} finally {
		stopChecks();
		unsubscribe();
		table.close();
	}
}

function addressesOf(informers: Informers, own: readonly string[]): readonly string[] {
	const all = informers.of(Node).list().flatMap(nodeAddressesOf);
	return [...new Set([...own, ...all])].sort();
}

const nodeAddressesOf = ({ status }: Node): readonly string[] =>
	(status?.addresses ?? [])
		.filter(({ type }) => type === "InternalIP" || type === "ExternalIP")
		.map(({ address }) => address);

const addressText = (node: Node) => nodeAddressesOf(node).join(" ");
