/** What Kubernetes fills in for containers, their probes and their resources. */
import { formatQuantity, parseQuantity } from "../../machinery/quantity.ts";
import { change, fillAbsent, fillZero, mapSame } from "../fill.ts";
import type { Container, EnvVar, EphemeralContainer, ResourceRequirements } from "./container.ts";
import type { HTTPGetAction, Lifecycle, Probe } from "./probe.ts";
import type { ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";

/** Defaults of a container of any sort, in a pod or a pod template. */
export function defaultContainer<C extends Container | EphemeralContainer>(container: C): C {
	let whole: Container = fillZero<Container>(container, {
		terminationMessagePath: "/dev/termination-log",
		terminationMessagePolicy: "File",
		imagePullPolicy: defaultPullPolicy(container.image),
	});
	whole = fillAbsent(change(whole, "resources", defaultResources), { resources: {} });
	whole = change(whole, "ports", (ports) => mapSame(ports, (port) => fillZero(port, { protocol: "TCP" })));
	whole = change(whole, "env", (env) => mapSame(env, defaultEnv));
	whole = change(whole, "livenessProbe", defaultProbe);
	whole = change(whole, "readinessProbe", defaultProbe);
	whole = change(whole, "startupProbe", defaultProbe);
	whole = change(whole, "lifecycle", defaultLifecycle);
	// Every field touched is one that both sorts of container have.
	return whole as C;
}

/** `latest` (said or implied) is pulled always, any other tag or digest once. */
export function defaultPullPolicy(image = ""): "Always" | "IfNotPresent" {
	if (image === "" || image.includes("@")) return "IfNotPresent";
	const name = image.slice(image.lastIndexOf("/") + 1);
	const colon = name.indexOf(":");
	return colon < 0 || name.slice(colon + 1) === "latest" ? "Always" : "IfNotPresent";
}

const defaultEnv = (variable: EnvVar) =>
	change(variable, "valueFrom", (from) =>
		change(change(from, "fieldRef", defaultFieldRef), "resourceFieldRef", defaultResourceFieldRef),
	);

export const defaultFieldRef = (reference: ObjectFieldSelector) => fillZero(reference, { apiVersion: "v1" });

/** A divisor of zero means one, and is always shown. */
export const defaultResourceFieldRef = (reference: ResourceFieldSelector) =>
	fillZero(reference, { divisor: "0" });

function defaultProbe(probe: Probe): Probe {
	const timed = fillZero(probe, {
		timeoutSeconds: 1,
		periodSeconds: 10,
		successThreshold: 1,
		failureThreshold: 3,
	});
	return change(change(timed, "httpGet", defaultHttpGet), "grpc", (grpc) =>
		fillAbsent(grpc, { service: "" }),
	);
}

function defaultLifecycle(lifecycle: Lifecycle): Lifecycle {
	const started = change(lifecycle, "postStart", (handler) => change(handler, "httpGet", defaultHttpGet));
	return change(started, "preStop", (handler) => change(handler, "httpGet", defaultHttpGet));
}

const defaultHttpGet = (get: HTTPGetAction) => fillZero(get, { path: "/", scheme: "HTTP" });

/** Amounts finer than a thousandth are rounded up to one. */
export function defaultResources(resources: ResourceRequirements): ResourceRequirements {
	return change(change(resources, "limits", roundedUp), "requests", roundedUp);
}

const NANO_PER_MILLI = 1_000_000n;

function roundedUp(amounts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
	const entries = Object.entries(amounts);
	const rounded = entries.map(([name, amount]): [string, string] => [name, roundedUpAmount(amount)]);
	return rounded.some(([, amount], index) => amount !== entries[index]?.[1])
		? Object.fromEntries(rounded)
		: amounts;
}

function roundedUpAmount(amount: string): string {
	// Coarse amounts, nearly all of them, need no arithmetic.
	if (!/[.nueE]/.test(amount)) return amount;
	const nano = parseQuantity(amount);
	const rest = nano % NANO_PER_MILLI;
	return rest <= 0n ? amount : formatQuantity(nano + NANO_PER_MILLI - rest, "DecimalSI");
}
