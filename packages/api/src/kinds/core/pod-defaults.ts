/**
 * What Kubernetes fills in for pods. A pod in a template gets less than a pod: what would differ from release to release
 * must not change the hash of a template, so service links, host ports and requests are completed in pods only.
 */
import { change, drop, fillAbsent, fillZero, mapSame } from "../fill.ts";
import type { Container } from "./container.ts";
import { defaultContainer, defaultResources } from "./container-defaults.ts";
import type { Pod } from "./pod.ts";
import { defaultPodLevelResources } from "./pod-level-defaults.ts";
import type { PodSpec, PodTemplateSpec } from "./pod-spec.ts";
import type { PodStatus } from "./pod-status.ts";
import { defaultVolume } from "./volume-defaults.ts";

/** Defaults of a pod. */
export function defaultPod(pod: Pod): Pod {
	return change(change(pod, "spec", defaultRunnableSpec), "status", defaultStatus);
}

/** Defaults of a template inside a Deployment, ReplicaSet and their like. */
export const defaultPodTemplate = (template: PodTemplateSpec): PodTemplateSpec =>
	change(template, "spec", defaultPodSpec);

function defaultPodSpec(spec: PodSpec): PodSpec {
	let whole = fillZero(spec, {
		restartPolicy: "Always",
		dnsPolicy: "ClusterFirst",
		schedulerName: "default-scheduler",
	});
	whole = fillAbsent(whole, { securityContext: {}, terminationGracePeriodSeconds: 30 });
	whole = change(whole, "volumes", (volumes) => mapSame(volumes, defaultVolume));
	whole = change(whole, "containers", (list) => mapSame(list, defaultContainer));
	whole = change(whole, "initContainers", (list) => mapSame(list, defaultContainer));
	whole = change(whole, "ephemeralContainers", (list) => mapSame(list, defaultContainer));
	return change(mirrorServiceAccount(whole), "resources", defaultResources);
}

/** The deprecated name of the field follows the present one; alone, it still counts. */
function mirrorServiceAccount(spec: PodSpec): PodSpec {
	const name = spec.serviceAccountName || spec.serviceAccount;
	if (!name) return spec;
	return spec.serviceAccountName === name && spec.serviceAccount === name
		? spec
		: { ...spec, serviceAccountName: name, serviceAccount: name };
}

function defaultRunnableSpec(spec: PodSpec): PodSpec {
	const complete = (container: Container) =>
		requestLimits(spec.hostNetwork ? openHostPorts(container) : container);
	let whole = fillAbsent(defaultPodSpec(spec), { enableServiceLinks: true });
	// Less than no time was once a way to say: at once, but in order.
	whole = change(whole, "terminationGracePeriodSeconds", (grace) => (grace < 0 ? 1 : grace));
	whole = change(whole, "containers", (list) => mapSame(list, complete));
	whole = change(whole, "initContainers", (list) => mapSame(list, complete));
	return defaultPodLevelResources(whole);
}

/** In the host's network every container port is a host port. */
const openHostPorts = (container: Container) =>
	change(container, "ports", (ports) =>
		mapSame(ports, (port) => fillZero(port, { hostPort: port.containerPort })),
	);

/** Who limits a resource and does not request it, requests the limit. */
const requestLimits = (container: Container) =>
	change(container, "resources", (resources) => {
		const requests = resources.requests ?? {};
		const missing = Object.entries(resources.limits ?? {}).filter(([name]) => !Object.hasOwn(requests, name));
		if (missing.length === 0) return resources;
		return { ...resources, requests: { ...requests, ...Object.fromEntries(missing) } };
	});

/** The single address and the list of addresses say the same; the list leads. */
function defaultStatus(status: PodStatus): PodStatus {
	if (status.podIPs?.length) {
		const ip = status.podIPs[0]?.ip ?? "";
		return status.podIP === ip ? status : { ...status, podIP: ip };
	}
	return status.podIP ? { ...status, podIPs: [{ ip: status.podIP }] } : drop(status, "podIPs");
}
