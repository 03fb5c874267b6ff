/** Validation of the status that agents report. */
import { duplicate, type FieldError, forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { invalids, ipAddress, qualifiedName } from "../field-checks.ts";
import type { Pod } from "./pod.ts";
import { isSidecar } from "./pod-readiness.ts";
import type { ContainerStatus, PodStatus } from "./pod-status.ts";

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
	const status = pod.status ?? {};
	const nominated = status.nominatedNodeName;
	const sidecars = new Set((old.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
	const transitions = (list: StatusList, exempt: ReadonlySet<string>, policy: string | undefined) =>
		transitionErrors(
			{ now: status[list] ?? [], before: old.status?.[list] ?? [], exempt, policy },
			`status.${list}`,
		);
	return [
		...(status.conditions ?? []).flatMap(({ type }, index) =>
			qualifiedName(`status.conditions[${index}].type`, type),
		),
		...(nominated && nominated !== old.status?.nominatedNodeName
			? invalids("status.nominatedNodeName", nominated, dnsSubdomainErrors(nominated))
			: []),
		...transitions("containerStatuses", new Set(), old.spec.restartPolicy),
		...transitions("initContainerStatuses", sidecars, old.spec.restartPolicy),
		// Debugging containers are never started again.
		...transitions("ephemeralContainerStatuses", new Set(), "Never"),
		...addressErrors(status.podIPs, "status.podIPs"),
		...hostAddressErrors(status),
	];
}

type StatusList = "containerStatuses" | "initContainerStatuses" | "ephemeralContainerStatuses";

interface Transition {
	readonly now: readonly ContainerStatus[];
	readonly before: readonly ContainerStatus[];
	/** Containers that may always start again. */
	readonly exempt: ReadonlySet<string>;
	readonly policy: string | undefined;
}

/** What has ended for good stays ended. */
function transitionErrors({ now, before, exempt, policy }: Transition, path: string): FieldError[] {
	if (policy === "Always") return [];
	return before.flatMap(({ name, state }, index) => {
		if (!state?.terminated || exempt.has(name)) return [];
		if (state.terminated.exitCode && policy === "OnFailure") return [];
		const after = now.find((status) => status.name === name);
		return after && !after.state?.terminated
			? [forbiddenField(`${path}[${index}].state`, "may not be transitioned to non-terminated state")]
			: [];
	});
}

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
