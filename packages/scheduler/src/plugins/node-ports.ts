import type { HostPort } from "../cluster/pod-info.ts";
import { type FilterPlugin, objection } from "../plugin.ts";

const TAKEN = objection("node(s) didn't have free ports for the requested pod ports");

/** A port of a host is given to one pod at a time. */
export const nodePorts: FilterPlugin = {
	name: "NodePorts",
	wakes: ["pod-gone"],
	filter: ({ hostPorts }) => {
		if (hostPorts.length === 0) return undefined;
		return (node) =>
			hostPorts.some((wanted) => node.hostPorts.some((taken) => collide(wanted, taken))) ? TAKEN : undefined;
	},
};

/** "" is every address of the host. */
const collide = (a: HostPort, b: HostPort) =>
	a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === "" || b.ip === "");
