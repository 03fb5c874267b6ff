/** The EndpointSlices of a service: as few changes to the existing ones as possible. Pure. */
import {
	deepEqual,
	type Endpoint,
	type EndpointSlice,
	type EndpointSlicePort,
	type Service,
} from "@berth/api";
import type { Candidate, ResolvedPort } from "./candidates.ts";
import { podReference, portsKey } from "./plan-endpoints.ts";

export const SERVICE_NAME = "kubernetes.io/service-name";
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
export const CONTROLLER_NAME = "endpointslice-controller.k8s.io";
const HEADLESS = "service.kubernetes.io/headless";
/** Endpoints in one slice at most: Kubernetes' default. */
export const MAX_ENDPOINTS = 100;

export interface SliceContent {
	readonly labels: Readonly<Record<string, string>>;
	readonly endpoints: readonly Endpoint[];
	readonly ports: readonly EndpointSlicePort[];
}

export interface SlicePlan {
	readonly create: readonly SliceContent[];
	readonly update: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
	readonly remove: readonly EndpointSlice[];
}

/** `existing` are this controller's slices of the service, of its address type. */
export function planSlices(
	service: Service,
	all: readonly Candidate[],
	existing: readonly EndpointSlice[],
): SlicePlan {
	const labels = sliceLabels(service);
	const groups = Map.groupBy(all, (candidate) => portsKey(candidate.ports));
	// A service without pods keeps one empty slice, so that watchers know that it was looked at.
	if (groups.size === 0) groups.set(portsKey([]), []);
	const slicesByPorts = Map.groupBy(existing, (slice) => portsKey((slice.ports ?? []).map(resolved)));
	const plan = {
		create: [] as SliceContent[],
		update: [] as SlicePlan["update"][number][],
		remove: [] as EndpointSlice[],
	};

	for (const [key, group] of groups) {
		const slices = slicesByPorts.get(key) ?? [];
		slicesByPorts.delete(key);
		const ports = (group[0]?.ports ?? []).map(portOf);
		distribute(group, slices).forEach((endpoints, index) => {
			const slice = slices[index];
			const content = { labels, endpoints, ports };
			if (!slice) plan.create.push(content);
			else if (endpoints.length === 0 && (index > 0 || group.length > 0)) plan.remove.push(slice);
			else if (!isSame(slice, content)) plan.update.push({ slice, content });
		});
	}
	for (const slices of slicesByPorts.values()) plan.remove.push(...slices);
	return plan;
}

/** Endpoints stay in the slice they are in; new ones fill the gaps, then new slices. One list for each slice, old ones first. */
function distribute(group: readonly Candidate[], slices: readonly EndpointSlice[]): readonly Endpoint[][] {
	const left = new Map(group.map((candidate) => [candidate.ip, endpointOf(candidate)]));
	const contents = slices.map((slice) => {
		const kept: Endpoint[] = [];
		for (const endpoint of slice.endpoints ?? []) {
			const wanted = left.get(endpoint.addresses[0] ?? "");
			if (!wanted) continue;
			kept.push(wanted);
			left.delete(endpoint.addresses[0] ?? "");
		}
		return kept;
	});
	const rest = [...left.values()];
	for (const content of contents)
		content.push(...rest.splice(0, Math.max(0, MAX_ENDPOINTS - content.length)));
	while (rest.length) contents.push(rest.splice(0, MAX_ENDPOINTS));
	if (contents.length === 0) contents.push([]);
	return contents;
}

function sliceLabels(service: Service): Readonly<Record<string, string>> {
	return {
		...service.metadata.labels,
		[SERVICE_NAME]: service.metadata.name,
		[MANAGED_BY]: CONTROLLER_NAME,
		...(service.spec.clusterIP === "None" ? { [HEADLESS]: "" } : {}),
	};
}

const endpointOf = (candidate: Candidate): Endpoint => ({
	addresses: [candidate.ip],
	conditions: { ready: candidate.ready, serving: candidate.serving, terminating: candidate.terminating },
	...(candidate.hostname ? { hostname: candidate.hostname } : {}),
	...(candidate.pod.spec.nodeName ? { nodeName: candidate.pod.spec.nodeName } : {}),
	targetRef: podReference(candidate),
});

const portOf = (port: ResolvedPort): EndpointSlicePort => ({
	name: port.name,
	port: port.port,
	protocol: port.protocol,
	...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
});

const resolved = (port: EndpointSlicePort): ResolvedPort => ({
	name: port.name ?? "",
	port: port.port ?? 0,
	protocol: (port.protocol ?? "TCP") as ResolvedPort["protocol"],
	...(port.appProtocol == null ? {} : { appProtocol: port.appProtocol }),
});

const isSame = (slice: EndpointSlice, content: SliceContent) =>
	deepEqual(slice.endpoints ?? [], content.endpoints) &&
	deepEqual(slice.ports ?? [], content.ports) &&
	deepEqual(slice.metadata.labels ?? {}, content.labels);
