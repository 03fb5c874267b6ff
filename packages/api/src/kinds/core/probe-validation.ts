/** Validation of probes and lifecycle hooks: exactly one handler, and sane numbers. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { httpHeaderNameErrors } from "../../machinery/names.ts";
import { invalids, nonNegative, portNumber, portNumberOrName, requiredText } from "../field-checks.ts";
import type { Container } from "./container.ts";
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "./probe.ts";

export interface ProbeContext {
	/** Seconds that the pod has to end. */
	readonly gracePeriod: number | undefined;
	/** `spec.os.name`, when the pod says it. */
	readonly os: string | undefined;
}

/** Probes and lifecycle of a container that runs for long; `path` is the container's. */
export const validateProbes = (container: Container, context: ProbeContext, path: string): FieldError[] => [
	...(container.lifecycle ? validateLifecycle(container.lifecycle, context, `${path}.lifecycle`) : []),
	...(container.livenessProbe ? onceErrors(container.livenessProbe, `${path}.livenessProbe`) : []),
	...(container.readinessProbe ? readinessErrors(container.readinessProbe, `${path}.readinessProbe`) : []),
	...(container.startupProbe ? onceErrors(container.startupProbe, `${path}.startupProbe`) : []),
];

/** One success is enough to be alive, or started. */
const onceErrors = (probe: Probe, path: string): FieldError[] => [
	...probeErrors(probe, path),
	...(probe.successThreshold === 1
		? []
		: [invalidValue(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1")]),
];

const readinessErrors = (probe: Probe, path: string): FieldError[] => [
	...probeErrors(probe, path),
	...(isSet(probe.terminationGracePeriodSeconds)
		? [
				invalidValue(
					`${path}.terminationGracePeriodSeconds`,
					probe.terminationGracePeriodSeconds,
					"must not be set for readinessProbes",
				),
			]
		: []),
];

function probeErrors(probe: Probe, path: string): FieldError[] {
	const grace = probe.terminationGracePeriodSeconds;
	return [
		...handlerErrors(probe, undefined, path),
		...nonNegative(`${path}.initialDelaySeconds`, probe.initialDelaySeconds),
		...nonNegative(`${path}.timeoutSeconds`, probe.timeoutSeconds),
		...nonNegative(`${path}.periodSeconds`, probe.periodSeconds),
		...nonNegative(`${path}.successThreshold`, probe.successThreshold),
		...nonNegative(`${path}.failureThreshold`, probe.failureThreshold),
		...(isSet(grace) && grace <= 0
			? [invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0")]
			: []),
	];
}

function validateLifecycle(lifecycle: Lifecycle, context: ProbeContext, path: string): FieldError[] {
	const { postStart, preStop, stopSignal } = lifecycle;
	return [
		...(postStart ? handlerErrors(postStart, context.gracePeriod, `${path}.postStart`) : []),
		...(preStop ? handlerErrors(preStop, context.gracePeriod, `${path}.preStop`) : []),
		...(stopSignal && !context.os
			? [forbiddenField(`${path}.stopSignal`, "may not be set for containers with empty `spec.os.name`")]
			: []),
	];
}

type Handler = Pick<Probe, "grpc"> & LifecycleHandler;

function handlerErrors(handler: Handler, gracePeriod: number | undefined, path: string): FieldError[] {
	const checks: [name: string, errors: FieldError[] | undefined][] = [
		["exec", handler.exec ? commandErrors(handler.exec.command, `${path}.exec`) : undefined],
		["httpGet", handler.httpGet ? httpErrors(handler.httpGet, `${path}.httpGet`) : undefined],
		[
			"tcpSocket",
			handler.tcpSocket ? portNumberOrName(`${path}.tcpSocket.port`, handler.tcpSocket.port) : undefined,
		],
		["grpc", handler.grpc ? portNumber(`${path}.grpc.port`, handler.grpc.port) : undefined],
		[
			"sleep",
			handler.sleep ? sleepErrors(handler.sleep.seconds ?? 0, gracePeriod, `${path}.sleep`) : undefined,
		],
	];
	const set = checks.filter(([, errors]) => errors !== undefined);
	if (set.length === 0) return [required(path, "must specify a handler type")];
	return set.flatMap(([name, errors], index) =>
		index === 0
			? (errors ?? [])
			: [forbiddenField(`${path}.${name}`, "may not specify more than 1 handler type")],
	);
}

const commandErrors = (command: readonly string[] | undefined, path: string): FieldError[] =>
	command?.length ? [] : [required(`${path}.command`)];

const httpErrors = (get: HTTPGetAction, path: string): FieldError[] => [
	...requiredText(`${path}.path`, get.path),
	...portNumberOrName(`${path}.port`, get.port),
	...(get.httpHeaders ?? []).flatMap(({ name }) =>
		invalids(`${path}.httpHeaders`, name ?? "", httpHeaderNameErrors(name ?? "")),
	),
];

function sleepErrors(seconds: number, gracePeriod: number | undefined, path: string): FieldError[] {
	if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
	const limit = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
	return [invalidValue(path, seconds, limit)];
}

const isSet = (value: number | undefined | null): value is number => value !== undefined && value !== null;
