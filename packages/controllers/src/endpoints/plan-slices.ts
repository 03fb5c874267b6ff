/** The EndpointSlices of a service: as few changes to the existing ones as possible. Pure. */
import { deepEqual, type Endpoint, type EndpointSlice, type EndpointSlicePort } from "@berth/api";
import { portsKey } from "./plan-endpoints.ts";

export const SERVICE_NAME = "kubernetes.io/service-name";
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
/** Endpoints in one slice at most: Kubernetes' default. */
export const MAX_ENDPOINTS = 100;

/** One endpoint, and the ports it is reached at. */
export interface SliceEntry {
	readonly endpoint: Endpoint;
	readonly ports: readonly EndpointSlicePort[];
}

export interface WantedSlices {
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly entries: readonly SliceEntry[];
	/** Without endpoints one empty slice stays, so that watchers know that the service was looked at. */
	readonly keepsOne: boolean;
}

export interface SliceContent {
	readonly labels: Readonly<Record<string, string>>;
	/** Undefined: whatever there is, stays. */
	readonly annotations: Readonly<Record<string, string>> | undefined;
	readonly endpoints: readonly Endpoint[];
	readonly ports: readonly EndpointSlicePort[];
}

export interface SlicePlan {
	readonly create: readonly SliceContent[];
	readonly update: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
	readonly remove: readonly EndpointSlice[];
}

/** `existing` are the slices that the same controller keeps for the same service, of one address type. */
export function planSlices(wanted: WantedSlices, existing: readonly EndpointSlice[]): SlicePlan {
	const { labels, annotations, entries } = wanted;
	const groups = Map.groupBy(entries, ({ ports }) => portsKey(ports));
	if (groups.size === 0 && wanted.keepsOne) groups.set(portsKey([]), []);
	const slicesByPorts = Map.groupBy(existing, (slice) => portsKey(slice.ports ?? []));
	const plan = {
		create: [] as SliceContent[],
		update: [] as SlicePlan["update"][number][],
		remove: [] as EndpointSlice[],
	};

	for (const [key, group] of groups) {
		const slices = slicesByPorts.get(key) ?? [];
		slicesByPorts.delete(key);
		const ports = group[0]?.ports ?? [];
		distribute(group, slices).forEach((endpoints, index) => {
			const slice = slices[index];
			const content = { labels, annotations, endpoints, ports };
			if (!slice) plan.create.push(content);
			else if (endpoints.length === 0 && (index > 0 || group.length > 0)) plan.remove.push(slice);
			else if (!isSame(slice, content)) plan.update.push({ slice, content });
		});
	}
	for (const slices of slicesByPorts.values()) plan.remove.push(...slices);
	return plan;
}

/** Endpoints stay in the slice they are in; new ones fill the gaps, then new slices. One list for each slice, old ones first. */
function distribute(group: readonly SliceEntry[], slices: readonly EndpointSlice[]): readonly Endpoint[][] {
	const left = new Map(group.map(({ endpoint }) => [endpoint.addresses[0] ?? "", endpoint]));
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

const isSame = (slice: EndpointSlice, content: SliceContent) =>
	deepEqual(slice.endpoints ?? [], content.endpoints) &&
	deepEqual(slice.ports ?? [], content.ports) &&
	deepEqual(slice.metadata.labels ?? {}, content.labels) &&
	(!content.annotations || deepEqual(slice.metadata.annotations ?? {}, content.annotations));
