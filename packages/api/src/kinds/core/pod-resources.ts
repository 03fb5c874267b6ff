/** Arithmetic over what a pod requests and may use. Sums are exact; only results are numbers. */
import { formatQuantity, parseQuantity } from "../../machinery/quantity.ts";
import type { Container } from "./container.ts";
import { isSidecar } from "./pod-readiness.ts";
import type { PodSpec } from "./pod-spec.ts";

/** What a pod takes from its node. */
export interface PodRequests {
	/** Thousandths of a core. */
	readonly cpu: number;
	/** Bytes. */
	readonly memory: number;
	/** Bytes of ephemeral storage. */
	readonly ephemeral: number;
	/** Extended resources and huge pages, in whole units, by name. */
	readonly others: ReadonlyMap<string, number>;
}

type Amounts = ReadonlyMap<string, bigint>;
type Quantities = Readonly<Record<string, string>>;

const NANO = 1_000_000_000n;
const NANO_PER_MILLI = 1_000_000n;
const COMPUTE = ["cpu", "memory"];

/**
 * What the scheduler sets aside: containers and sidecars together, or the most that any init container needs beside the
 * sidecars started before it, whichever is more; requests of the whole pod replace that; overhead comes on top.
 */
export function podRequests(spec: PodSpec): PodRequests {
	const amounts = new Map(aggregate(spec, (container) => container.resources?.requests));
	for (const [name, quantity] of Object.entries(spec.resources?.requests ?? {}))
		if (isPodLevelResource(name)) amounts.set(name, parseQuantity(quantity));
	const total = sum([amounts, amountsOf(spec.overhead)]);
	const others = [...total].filter(([name]) => !COMPUTE.includes(name) && name !== "ephemeral-storage");
	return {
		cpu: Number(roundedUp(total.get("cpu") ?? 0n, NANO_PER_MILLI)),
		memory: units(total.get("memory")),
		ephemeral: units(total.get("ephemeral-storage")),
		others: new Map(others.map(([name, nano]) => [name, units(nano)])),
	};
}

/** Requests (or limits) of all the containers of a pod, as the pod needs them together. */
export function aggregateResources(
	spec: PodSpec,
	of: (container: Container) => Quantities | undefined,
): Readonly<Record<string, string>> {
	return Object.fromEntries(
		[...aggregate(spec, of)].map(([name, nano]) => [
			name,
			formatQuantity(nano, name === "cpu" ? "DecimalSI" : "BinarySI"),
		]),
	);
}

/** Resources that may be set for the pod as a whole. */
export const isPodLevelResource = (name: string): boolean =>
	COMPUTE.includes(name) || name.startsWith("hugepages-");

/** Guaranteed: all containers have limits and request just those. BestEffort: nothing is asked for. */
export function podQosClass(spec: PodSpec): "Guaranteed" | "Burstable" | "BestEffort" {
	const whole = spec.resources?.requests ?? spec.resources?.limits;
	const parts = whole
		? [spec.resources]
		: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.resources);
	const requests = sum(parts.map((part) => computeOf(part?.requests)));
	const limits = parts.map((part) => computeOf(part?.limits));
	const limitSum = sum(limits);
	if (requests.size === 0 && limitSum.size === 0) return "BestEffort";
	const allLimited = limits.every((limit) => COMPUTE.every((name) => limit.has(name)));
	const equal =
		requests.size === limitSum.size && [...requests].every(([name, nano]) => limitSum.get(name) === nano);
	return allLimited && equal ? "Guaranteed" : "Burstable";
}

/** CPU and memory above zero. */
const computeOf = (quantities: Quantities | undefined): Amounts =>
	new Map([...amountsOf(quantities)].filter(([name, nano]) => COMPUTE.includes(name) && nano > 0n));

function aggregate(spec: PodSpec, of: (container: Container) => Quantities | undefined): Amounts {
	let sidecars: Amounts = new Map();
	let peak: Amounts = new Map();
	for (const container of spec.initContainers ?? []) {
		const together = sum([sidecars, amountsOf(of(container))]);
		if (isSidecar(container)) sidecars = together;
		peak = most(peak, together);
	}
	const running = sum([sidecars, ...(spec.containers ?? []).map((container) => amountsOf(of(container)))]);
	return most(peak, running);
}

const amountsOf = (quantities: Quantities | undefined): Amounts =>
	new Map(Object.entries(quantities ?? {}).map(([name, quantity]) => [name, parseQuantity(quantity)]));

const sum = (parts: readonly Amounts[]): Amounts => combine(parts, (a, b) => a + b);

const most = (a: Amounts, b: Amounts): Amounts => combine([a, b], larger);

function combine(parts: readonly Amounts[], join: (a: bigint, b: bigint) => bigint): Amounts {
	const result = new Map<string, bigint>();
	for (const [name, nano] of parts.flatMap((part) => [...part])) {
		const present = result.get(name);
		result.set(name, present === undefined ? nano : join(present, nano));
	}
	return result;
}

function larger(a: bigint, b: bigint): bigint {
	if (a > b) return a;
	return b;
}

const units = (nano = 0n): number => Number(roundedUp(nano, NANO));
const roundedUp = (nano: bigint, unit: bigint): bigint =>
	nano > 0n ? (nano + unit - 1n) / unit : nano / unit;
