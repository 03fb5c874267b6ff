/** What the proxy counts. Times are in seconds. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface ProxyMetrics {
	/** A change of the rules was applied: all of them, or those that changed. */
	synced(extent: "full" | "partial", seconds: number): void;
	syncFailed(): void;
	/** From the first change of a service or endpoint that a sync covers until its rules were in the kernel. */
	programmed(seconds: number): void;
	/** Ports of services that have rules. */
	routes(count: number): void;
	/** A DNS question was answered: from the cluster's records, the cache, or by a resolver elsewhere. */
	answered(source: "cluster" | "cache" | "upstream" | "refused", code: string): void;
}

export const NO_METRICS: ProxyMetrics = {
	synced: () => {},
	syncFailed: () => {},
	programmed: () => {},
	routes: () => {},
	answered: () => {},
};

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createProxyMetrics(registry: Registry): ProxyMetrics {
	const registers = [registry];
	const syncs = new Histogram({
		name: "berth_proxy_sync_seconds",
		help: "Time to change the rules in the kernel, in seconds.",
		labelNames: ["extent"],
		buckets: BUCKETS,
		registers,
	});
	const failures = new Counter({
		name: "berth_proxy_sync_failures_total",
		help: "Changes of the rules that failed.",
		registers,
	});
	const programming = new Histogram({
		name: "berth_proxy_programming_seconds",
		help: "Time from a change of a service or endpoint to its rules being in the kernel, in seconds.",
		buckets: BUCKETS,
		registers,
	});
	const routes = new Gauge({
		name: "berth_proxy_routes",
		help: "Ports of services that have rules.",
		registers,
	});
	const answers = new Counter({
		name: "berth_dns_answers_total",
		help: "DNS answers by where they came from and by response code.",
		labelNames: ["source", "code"],
		registers,
	});
	return {
		synced: (extent, seconds) => syncs.observe({ extent }, seconds),
		syncFailed: () => failures.inc(),
		programmed: (seconds) => programming.observe(seconds),
		routes: (count) => routes.set(count),
		answered: (source, code) => answers.inc({ source, code }),
	};
}
