/** The proxy of one node: rules for services, and the cluster's DNS. */
import { type Clock, type Logger, Node } from "@berth/api";
import type { Client, Informers } from "@berth/client";
import { createEventRecorder } from "@berth/reconcile";
import type { Registry } from "prom-client";
import { familyOf } from "./address.ts";
import { createFlowFlusher } from "./conntrack/flush.ts";
import { parseResolver, resolversOfFile } from "./dns/resolvers.ts";
import { runDns } from "./dns/run-dns.ts";
import { runHealthChecks } from "./health-checks.ts";
import { keepAddresses, prepareAddresses } from "./host/addresses.ts";
import { run } from "./host/run.ts";
import { prepareSysctls } from "./host/sysctls.ts";
import { openIptables } from "./iptables/restore.ts";
import { createProxyMetrics, NO_METRICS } from "./metrics.ts";
import { runSync } from "./sync.ts";

export interface ProxyOptions {
	/** For events about the node; the informers may use another. */
	readonly client: Client;
	/** Started by the caller. */
	readonly informers: Informers;
	readonly nodeName: string;
	/** This node's own addresses, the one for other nodes first. */
	readonly nodeAddresses: readonly string[];
	/** Addresses of pods. Default `10.244.0.0/16`. */
	readonly clusterCidr?: string;
	/** Addresses of services. Default `10.96.0.0/16`. */
	readonly serviceCidr?: string;
	/** Where this node answers DNS questions. Default `10.96.0.10`. */
	readonly clusterDns?: string;
	/** Default `cluster.local`. */
	readonly clusterDomain?: string;
	/** Resolvers for all other names, as `address` or `address:port`. Default: those of /etc/resolv.conf, as it changes. */
	readonly upstreamResolvers?: readonly string[];
	readonly clock: Clock;
	readonly log: Logger;
	/** Metrics are added to it. */
	readonly metrics?: Registry;
}

/**
 * Runs until the signal aborts, and leaves rules and addresses in place. Throws ProgramMissing where the host has no
 * iptables; failures after that are retried, logged, and told in an event about the node.
 */
export async function runProxy(options: ProxyOptions, signal: AbortSignal): Promise<void> {
	const { client, clock, nodeName, nodeAddresses, informers } = options;
	const { clusterCidr = "10.244.0.0/16", serviceCidr = "10.96.0.0/16", clusterDns = "10.96.0.10" } = options;
	const log = options.log.child({ part: "proxy" });
	const metrics = options.metrics ? createProxyMetrics(options.metrics) : NO_METRICS;
	const iptables = await openIptables({ run, log });
	log.info({ variant: iptables.variant, randomFully: iptables.randomFully }, "using the host's iptables");
	await prepareSysctls({ run, log });
	const nodeAddress = nodeAddresses.find((address) => familyOf(address) === "IPv4");
	const addresses = { run, clock, log, clusterDns, serviceCidr, nodeAddress };
	await prepareAddresses(addresses);

	const recorder = createEventRecorder({
		client,
		clock,
		log,
		component: "berth-proxy",
		host: nodeName,
		signal,
	});
	const onFailure = (error: unknown) => {
		const node = informers.of(Node).get(nodeName);
		const reason = error instanceof Error ? error.message : String(error);
		if (node) recorder.warning(node, "ServiceRulesFailed", `Rules of services are out of date: ${reason}`);
	};
	const { clusterDomain: domain = "cluster.local", upstreamResolvers } = options;
	const fixed = upstreamResolvers?.flatMap((text) => parseResolver(text) ?? []);
	const resolvers = fixed ? async () => fixed : resolversOfFile("/etc/resolv.conf", clusterDns);
	const dns = runDns(
		{ ...{ informers, domain, clusterCidr, resolvers, clock, log, metrics }, address: clusterDns },
		signal,
	);
	const rules = runSync(
		{
			...{ informers, nodeName, nodeAddresses, iptables, clock, log, metrics, onFailure },
			settings: { family: "IPv4", clusterCidr, serviceCidr, clusterDns },
			flusher: createFlowFlusher({ run, log }),
		},
		signal,
	);
	const checks = runHealthChecks({ informers, nodeName, log }, signal);
	await Promise.all([dns, rules, checks, keepAddresses(addresses, signal)]);
}
