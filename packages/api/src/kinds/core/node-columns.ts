/** What `kubectl get nodes` shows. */
import type { Column } from "../../machinery/kind.ts";
import { ageColumn } from "../columns.ts";
import type { Node, NodeSystemInfo } from "./node.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

export const nodeColumns: readonly Column<Node>[] = [
	{
		name: "Status",
		type: "string",
		description: "Whether the node is ready for pods.",
		value: nodeStatusText,
	},
	{
		name: "Roles",
		type: "string",
		description: "Roles that labels give the node.",
		value: (node) => nodeRoles(node).join(",") || "<none>",
	},
	ageColumn,
	{
		name: "Version",
		type: "string",
		description: "Version of the node's agent.",
		value: (node) => node.status?.nodeInfo?.kubeletVersion ?? "",
	},
	address("Internal-IP", "InternalIP"),
	address("External-IP", "ExternalIP"),
	info("OS-Image", "osImage", "Operating system of the node."),
	info("Kernel-Version", "kernelVersion", "Kernel of the node."),
	info("Container-Runtime", "containerRuntimeVersion", "Container runtime and its version."),
];

function nodeStatusText(node: Node): string {
	const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
	const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
	return node.spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

/** Roles of a node by its labels, sorted. */
function nodeRoles(node: Node): string[] {
	const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
		if (key.startsWith(ROLE_PREFIX)) return key.slice(ROLE_PREFIX.length) || [];
		return key === ROLE_LABEL ? value || [] : [];
	});
	return [...new Set(roles)].sort();
}

function address(name: string, type: string): Column<Node> {
	return {
		name,
		type: "string",
		priority: 1,
		description: `The node's ${type} address.`,
		value: (node) => node.status?.addresses?.find((entry) => entry.type === type)?.address ?? "<none>",
	};
}

type TextInfo = "osImage" | "kernelVersion" | "containerRuntimeVersion";

function info(name: string, field: keyof NodeSystemInfo & TextInfo, description: string): Column<Node> {
	return {
		name,
		type: "string",
		priority: 1,
		description,
		value: (node) => node.status?.nodeInfo?.[field] || "<unknown>",
	};
}
