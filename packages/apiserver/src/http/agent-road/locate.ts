/** Which agent, and which container, a request for a pod's insides is about. Pure. */
import { badRequest, type Node, type Pod, serviceUnavailable } from "@berth/api";

const DEFAULT_PORT = 10_250;

export interface AgentAddress {
	readonly host: string;
	readonly port: number;
	/** The name in the agent's certificate. */
	readonly nodeName: string;
}

/** Where the node's agent listens. Throws ServiceUnavailable when the node has not said. */
export function agentAddress(node: Node): AgentAddress {
	const { name } = node.metadata;
	const addresses = node.status?.addresses ?? [];
	const found =
		addresses.find((address) => address.type === "InternalIP") ??
		addresses.find((address) => address.type === "ExternalIP");
	if (!found)
		throw serviceUnavailable(`node ${JSON.stringify(name)} has no address: its agent has not registered yet`);
	return {
		host: found.address,
		port: node.status?.daemonEndpoints?.kubeletEndpoint?.Port || DEFAULT_PORT,
		nodeName: name,
	};
}

/** The container asked for, or the only one. Throws BadRequest in Kubernetes' words when that is unclear. */
export function containerOf(pod: Pod, asked: string | null): string {
	const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
	const { name } = pod.metadata;
	if (asked) {
		const known = [...containers, ...initContainers, ...ephemeralContainers];
		if (!known.some((container) => container.name === asked)) {
			throw badRequest(`container ${asked} is not valid for pod ${name}`);
		}
		return asked;
	}
	const [only, another] = containers;
	if (!only) throw badRequest(`a container name must be specified for pod ${name}`);
	if (!another) return only.name;
	const names = (list: readonly { readonly name: string }[]) =>
		`[${list.map((entry) => entry.name).join(" ")}]`;
	const more = initContainers.length ? ` or one of the init containers: ${names(initContainers)}` : "";
	throw badRequest(
		`a container name must be specified for pod ${name}, choose one of: ${names(containers)}${more}`,
	);
}

/** Why a container that never ran has no log, in the kubelet's words; undefined when it did run. */
export function waitingReason(pod: Pod, container: string): string | undefined {
	const {
		containerStatuses = [],
		initContainerStatuses = [],
		ephemeralContainerStatuses = [],
	} = pod.status ?? {};
	const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
	const status = all.find((candidate) => candidate.name === container);
	if (status && (!status.state?.waiting || status.lastState?.terminated)) return undefined;
	const reason = status?.state?.waiting?.reason ?? "ContainerCreating";
	const shown = REASON_TEXTS[reason] ?? reason;
	return `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${shown}`;
}

const REASON_TEXTS: Readonly<Record<string, string>> = {
	ErrImagePull: "image can't be pulled",
	ImagePullBackOff: "trying and failing to pull image",
};

/** Path of the agent's API for a pod, with everything escaped. */
export const agentPath = (...segments: readonly string[]): string =>
	segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
