/** Validation of the status that agents report. */
import { duplicate, type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { invalids, ipAddress, qualifiedName } from "../field-checks.ts";
import type { Container } from "./container.ts";
import type { Pod } from "./pod.ts";
import { mayRestart } from "./pod-readiness.ts";
import type { PodSpec } from "./pod-spec.ts";
import type { ContainerStatus, PodStatus } from "./pod-status.ts";

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
	const status = pod.status ?? {};
	const nominated = status.nominatedNodeName;
	const { containers = [], initContainers = [] } = old.spec;
	const transitions = (list: StatusList, known: readonly Container[]) =>
		transitionErrors(
			{ now: status[list] ?? [], before: old.status?.[list] ?? [], known, spec: old.spec },
			`status.${list}`,
		);
	return [
		...(status.conditions ?? []).flatMap(({ type }, index) =>
			qualifiedName(`status.conditions[${index}].type`, type),
		),
		...(nominated && nominated !== old.status?.nominatedNodeName
			? invalids("status.nominatedNodeName", nominated, dnsSubdomainErrors(nominated))
			: []),
		...transitions("containerStatuses", containers),
		...transitions("initContainerStatuses", initContainers),
		// Debugging containers are never started again.
		...transitions("ephemeralContainerStatuses", []),
		...addressErrors(status.podIPs, "status.podIPs"),
		...hostAddressErrors(status),
	];
}

type StatusList = "containerStatuses" | "initContainerStatuses" | "ephemeralContainerStatuses";

interface Transition {
	readonly now: readonly ContainerStatus[];
	readonly before: readonly ContainerStatus[];
	/** Containers that may start again, as their policies and rules say. */
	readonly known: readonly Container[];
	readonly spec: PodSpec;
}

/** What has ended for good stays ended. */
function transitionErrors({ now, before, known, spec }: Transition, path: string): FieldError[] {
	if (spec.restartPolicy === "Always" || restartsAll(spec)) return [];
	return before.flatMap(({ name, state }, index) => {
		if (!state?.terminated) return [];
		const container = known.find((each) => each.name === name);
		if (container && mayRestart(spec, container, state.terminated.exitCode)) return [];
		const after = now.find((status) => status.name === name);
		return after && !after.state?.terminated
			? [forbiddenField(`${path}[${index}].state`, "may not be transitioned to non-terminated state")]
			: [];
	});
}

/** The end of one container may start all others again. */
const restartsAll = ({ containers = [], initContainers = [] }: PodSpec) =>
	[...initContainers, ...containers].some(({ restartPolicyRules = [] }) =>
		restartPolicyRules.some(({ action }) => action === "RestartAllContainers"),
	);

interface Address {
	readonly ip: string;
}

function addressErrors(addresses: readonly Address[] = [], path: string): FieldError[] {
	const families = new Set(addresses.map(({ ip }) => ip?.includes(":")));
	const seen = new Set<string>();
	return [
		...addresses.flatMap(({ ip }, index) => ipAddress(`${path}[${index}]`, ip)),
		...(addresses.length > families.size
			? [invalidValue(path, addresses, "may specify no more than one IP for each IP family")]
			: []),
		...addresses.flatMap((address, index) => {
			if (seen.has(address.ip)) return [duplicate(`${path}[${index}]`, address)];
			seen.add(address.ip);
			return [];
		}),
	];
}

function hostAddressErrors({ hostIP = "", hostIPs = [] }: PodStatus): FieldError[] {
	const first = hostIPs[0];
	return [
		...(first && first.ip !== hostIP
			? [invalidValue("status.hostIPs[0].ip", first.ip, "must be equal to `hostIP`")]
			: []),
		...addressErrors(hostIPs, "status.hostIPs"),
	];
}
