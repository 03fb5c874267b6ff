/** The CNI configuration of a pod on this host. Pure. */
import type { Pod } from "@berth/api";
import { CNI_VERSION, type PluginConfig } from "./cni.ts";

export interface ChainOptions {
	/** The node's ranges, `10.244.1.0/24`; one for each address family. */
	readonly podCidrs: readonly string[];
	readonly bridge: string;
	/** Bytes; absent: the kernel's default. */
	readonly mtu?: number | undefined;
	/** Where host-local keeps which address is whose. */
	readonly addressDir: string;
}

/** Plugins without which no pod can have a network. */
export const NEEDED_PLUGINS: readonly string[] = ["bridge", "host-local", "loopback", "portmap"];

const NAME = "berth";

/** Pods leave the host unmasked: what has to be masked is the proxy's to say. */
export function chainOf(pod: Pod, options: ChainOptions): readonly PluginConfig[] {
	const ports = portMappings(pod);
	const bridge: PluginConfig = {
		cniVersion: CNI_VERSION,
		name: NAME,
		type: "bridge",
		bridge: options.bridge,
		isGateway: true,
		ipMasq: false,
		hairpinMode: true,
		...(options.mtu && { mtu: options.mtu }),
		ipam: {
			type: "host-local",
			dataDir: options.addressDir,
			ranges: options.podCidrs.map((subnet) => [{ subnet }]),
			routes: options.podCidrs.map((subnet) => ({ dst: subnet.includes(":") ? "::/0" : "0.0.0.0/0" })),
		},
	};
	if (ports.length === 0) return [bridge];
	const portmap: PluginConfig = {
		cniVersion: CNI_VERSION,
		name: NAME,
		type: "portmap",
		capabilities: { portMappings: true },
		snat: true,
		runtimeConfig: { portMappings: ports },
	};
	return [bridge, portmap];
}

export const LOOPBACK: readonly PluginConfig[] = [
	{ cniVersion: CNI_VERSION, name: "berth-loopback", type: "loopback" },
];

function portMappings({ spec }: Pod) {
	const containers = [...(spec.initContainers ?? []), ...spec.containers];
	return containers
		.flatMap((container) => container.ports ?? [])
		.filter((port) => port.hostPort)
		.map(({ hostPort, containerPort, protocol = "TCP", hostIP }) => ({
			hostPort,
			containerPort,
			protocol: protocol.toLowerCase(),
			...(hostIP && { hostIP }),
		}));
}
