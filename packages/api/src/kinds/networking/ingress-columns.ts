/** What `kubectl get ingresses` shows. */
import type { Column } from "../../machinery/kind.ts";
import { ageColumn } from "../columns.ts";
import type { Ingress } from "./ingress.ts";

const MOST_HOSTS = 3;

export const ingressColumns: readonly Column<Ingress>[] = [
	{
		name: "Class",
		type: "string",
		description: "Which class of controllers it is for.",
		value: ({ spec }) => spec.ingressClassName ?? "<none>",
	},
	{ name: "Hosts", type: "string", description: "Hosts that it routes.", value: hostsText },
	{ name: "Address", type: "string", description: "Where it is reached.", value: addressText },
	{
		name: "Ports",
		type: "string",
		description: "Ports that it listens on.",
		value: ({ spec }) => (spec.tls?.length ? "80, 443" : "80"),
	},
	ageColumn,
];

function hostsText({ spec }: Ingress): string {
	const hosts = (spec.rules ?? []).flatMap(({ host }) => host || []);
	if (hosts.length === 0) return "*";
	const shown = hosts.slice(0, MOST_HOSTS).join(",");
	return hosts.length > MOST_HOSTS ? `${shown} + ${hosts.length - MOST_HOSTS} more...` : shown;
}

function addressText({ status }: Ingress): string {
	const given = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
	return [...new Set(given)].sort().join(",");
}
