/**
 * The probes of one running container, each at its own pace: startup first, alone; then liveness and readiness. They
 * give a verdict; what follows from it is decided elsewhere.
 */
import type { Clock, Container, Probe } from "@berth/api";
import type { Verdict } from "../../pods/decide.ts";
import type { CheckResult } from "./result.ts";

export type ProbeKind = "Startup" | "Liveness" | "Readiness";

export interface ProberOptions {
	readonly container: Container;
	/** Of the container, in milliseconds since the epoch. */
	readonly startedAt: number;
	/** What was known before, of this very container: an agent that starts anew takes nothing out of service. */
	readonly known?: Pick<Verdict, "started" | "ready"> | undefined;
	/** Rejects when nothing could be checked. */
	readonly check: (probe: Probe, signal: AbortSignal) => Promise<CheckResult>;
	readonly changed: () => void;
	readonly failed: (kind: ProbeKind, message: string) => void;
	readonly warned: (kind: ProbeKind, warning: string) => void;
	readonly clock: Clock;
	/** In [0, 1). */
	readonly random: () => number;
}

export interface Prober {
	readonly verdict: Verdict;
	/** The pod ends: only its readiness is still of interest. Harmless when repeated. */
	endOfPod(): void;
	stop(): void;
}

export function createProber(options: ProberOptions): Prober {
	const { container, clock, changed } = options;
	const { startupProbe, livenessProbe, readinessProbe } = container;
	const stopped = new AbortController();
	const ending = new AbortController();
	/** Of the probes that would have the container restarted. */
	const lively = AbortSignal.any([stopped.signal, ending.signal]);
	let verdict: Verdict = {
		started: options.known?.started ?? startupProbe === undefined,
		ready: options.known?.ready ?? (startupProbe === undefined && readinessProbe === undefined),
	};

	function become(next: Verdict): void {
		const same =
			next.started === verdict.started && next.ready === verdict.ready && next.failed === verdict.failed;
		verdict = next;
		if (!same && !stopped.signal.aborted) changed();
	}

	/** Runs a probe until `judge` says that it is done. */
	async function repeat(
		kind: ProbeKind,
		probe: Probe,
		signal: AbortSignal,
		judge: (counts: Counts) => "done" | undefined,
	): Promise<void> {
		const period = (probe.periodSeconds || 10) * 1000;
		let next = clock.now() + firstDelay(options, probe, period);
		await clock.sleep(Math.max(0, next - clock.now()), signal);
		let counts: Counts = { successes: 0, failures: 0 };
		while (!signal.aborted) {
			try {
				const { passed, message, warning } = await options.check(probe, signal);
				if (signal.aborted) return;
				counts = passed
					? { successes: counts.successes + 1, failures: 0 }
					: { successes: 0, failures: counts.failures + 1 };
				if (!passed) options.failed(kind, message);
				if (warning) options.warned(kind, warning);
				if (judge(counts) === "done") return;
			} catch {
				// Nothing was learnt: the container is no worse than it was.
			}
			// A check that takes long does not make those after it rarer; those that it made late are left out.
			next = Math.max(next + period, clock.now());
			await clock.sleep(Math.max(0, next - clock.now()), signal);
		}
	}

	async function startup(probe: Probe): Promise<void> {
		await repeat("Startup", probe, lively, ({ successes, failures }) => {
			if (successes >= 1) {
				become({ started: true, ready: readinessProbe === undefined });
				return "done";
			}
			if (failures < threshold(probe.failureThreshold, 3)) return undefined;
			become({ ...verdict, failed: "startup" });
			return "done";
		});
	}

	async function liveness(probe: Probe): Promise<void> {
		await repeat("Liveness", probe, lively, ({ failures }) => {
			if (failures < threshold(probe.failureThreshold, 3)) return undefined;
			become({ ...verdict, failed: "liveness" });
			return "done";
		});
	}

	async function readiness(probe: Probe): Promise<void> {
		await repeat("Readiness", probe, stopped.signal, ({ successes, failures }) => {
			if (successes >= threshold(probe.successThreshold, 1)) become({ ...verdict, ready: true });
			if (failures >= threshold(probe.failureThreshold, 3)) become({ ...verdict, ready: false });
			return undefined;
		});
	}

	async function run(): Promise<void> {
		if (!verdict.started && startupProbe) await startup(startupProbe);
		if (!verdict.started || stopped.signal.aborted) return;
		await Promise.all([
			livenessProbe && liveness(livenessProbe),
			readinessProbe && readiness(readinessProbe),
		]);
	}
	void run();

	return {
		get verdict() {
			return verdict;
		},
		endOfPod: () => ending.abort(),
		stop: () => stopped.abort(),
	};
}

interface Counts {
	/** In a row. */
	readonly successes: number;
	readonly failures: number;
}

const threshold = (value: number | undefined, otherwise: number) => value || otherwise;

/** The rest of the initial delay; when that is long over, any moment of a period: not all containers at once. */
function firstDelay({ startedAt, clock, random }: ProberOptions, probe: Probe, period: number): number {
	const delay = startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - clock.now();
	return delay > -period ? Math.max(0, delay) : random() * period;
}
