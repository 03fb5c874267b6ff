/** The metrics of a process. Parts add their own to the registry they are given; names begin with `berth_`. */
import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { Counter, Gauge, Registry } from "prom-client";

/**
 * A registry with what every process has. All of it is read when it is scraped: prom-client's own default metrics sample
 * the event loop a hundred times a second, which an idle process would pay for.
 */
export function createMetrics(): Registry {
	const registry = new Registry();
	const registers = [registry];

	new Counter({
		name: "process_cpu_seconds_total",
		help: "User and system CPU time spent, in seconds.",
		registers,
		collect() {
			const { user, system } = process.cpuUsage();
			this.reset();
			this.inc((user + system) / 1e6);
		},
	});
	const started = Math.round(performance.timeOrigin / 1_000);
	gauge("process_start_time_seconds", "Start time since the epoch, in seconds.", () => started);
	gauge("process_resident_memory_bytes", "Resident memory, in bytes.", () => process.memoryUsage.rss());
	gauge("process_open_fds", "Open file descriptors.", openFiles);
	gauge("nodejs_heap_used_bytes", "JavaScript heap in use, in bytes.", () => process.memoryUsage().heapUsed);

	let before = performance.eventLoopUtilization();
	gauge(
		"nodejs_eventloop_utilization",
		"Share of time the event loop was busy since the last scrape.",
		() => {
			const now = performance.eventLoopUtilization();
			const { utilization } = performance.eventLoopUtilization(now, before);
			before = now;
			return utilization;
		},
	);
	return registry;

	function gauge(name: string, help: string, read: () => number) {
		new Gauge({
			name,
			help,
			registers,
			collect() {
				this.set(read());
			},
		});
	}
}

function openFiles(): number {
	try {
		return readdirSync("/proc/self/fd").length;
	} catch {
		// Not Linux.
		return 0;
	}
}
