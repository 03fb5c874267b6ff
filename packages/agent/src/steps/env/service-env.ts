/**
 * Variables that tell a container of the services it can reach. Pure.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
import type { Service } from "@berth/api";

export type Variable = readonly [name: string, value: string];

/** The service that leads to the API server: every pod is told of it. */
const isApi = ({ metadata }: Service) => metadata.namespace === "default" && metadata.name === "kubernetes";

/** `links` is the pod's enableServiceLinks: without it only the API server is told of. */
export function serviceVariables(
	services: readonly Service[],
	namespace: string,
	links: boolean,
): readonly Variable[] {
	const own = services.filter((service) => links && service.metadata.namespace === namespace);
	const ownNames = new Set(own.map(({ metadata }) => metadata.name));
	const others = services.filter((service) => isApi(service) && !ownNames.has(service.metadata.name));
	return [...others, ...own]
		.filter(({ spec }) => spec.clusterIP && spec.clusterIP !== "None")
		.flatMap(variablesOf);
}

function variablesOf({ metadata, spec }: Service): readonly Variable[] {
	const prefix = upper(metadata.name);
	const { clusterIP: ip = "", ports = [] } = spec;
	const first = ports[0];
	if (!first) return [];
	const host = ip.includes(":") ? `[${ip}]` : ip;
	const named = ports.filter(({ name }) => name);
	return [
		[`${prefix}_SERVICE_HOST`, ip],
		[`${prefix}_SERVICE_PORT`, `${first.port}`],
		...named.map(({ name = "", port }): Variable => [`${prefix}_SERVICE_PORT_${upper(name)}`, `${port}`]),
		[`${prefix}_PORT`, urlOf(first.protocol, host, first.port)],
		...ports.flatMap(({ port, protocol = "TCP" }): Variable[] => {
			const each = `${prefix}_PORT_${port}_${protocol}`;
			return [
				[each, urlOf(protocol, host, port)],
				[`${each}_PROTO`, protocol.toLowerCase()],
				[`${each}_PORT`, `${port}`],
				[`${each}_ADDR`, ip],
			];
		}),
	];
}

const urlOf = (protocol = "TCP", host: string, port: number) => `${protocol.toLowerCase()}://${host}:${port}`;

const upper = (name: string) => name.toUpperCase().replaceAll("-", "_");
