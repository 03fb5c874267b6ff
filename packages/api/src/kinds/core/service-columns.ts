/** What `kubectl get services` shows. */
import type { Column } from "../../machinery/kind.ts";
import { ageColumn, formatLabels } from "../columns.ts";
import type { Service, ServicePort } from "./service.ts";

export const serviceColumns: readonly Column<Service>[] = [
	{
		name: "Type",
		type: "string",
		description: "How the service is exposed.",
		value: (service) => service.spec.type ?? "",
	},
	{
		name: "Cluster-IP",
		type: "string",
		description: "Virtual address inside the cluster.",
		value: (service) => service.spec.clusterIPs?.[0] || service.spec.clusterIP || "<none>",
	},
	{
		name: "External-IP",
		type: "string",
		description: "Addresses or names outside the cluster.",
		value: externalAddress,
	},
	{
		name: "Port(s)",
		type: "string",
		description: "Ports as port:nodePort/protocol.",
		value: (service) => (service.spec.ports ?? []).map(portText).join(",") || "<none>",
	},
	ageColumn,
	{
		name: "Selector",
		type: "string",
		priority: 1,
		description: "Labels of the pods behind the service.",
		value: (service) => formatLabels(service.spec.selector),
	},
];

const portText = ({ port, nodePort, protocol }: ServicePort) =>
	nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;

function externalAddress({ spec, status }: Service): string {
	const external = (spec.externalIPs ?? []).join(",");
	switch (spec.type) {
		case "ExternalName":
			return spec.externalName ?? "";
		case "LoadBalancer": {
			const given = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
			// Like kubectl: each address once, in order of the text.
			const balanced = [...new Set(given)].sort().join(",");
			return [balanced, external].filter(Boolean).join(",") || "<pending>";
		}
		default:
			return external || "<none>";
	}
}
