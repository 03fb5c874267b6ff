/** Names below `svc`. Pure. */
import type { Service } from "@berth/api";
import type { Answer } from "dns-packet";
import { isHeadless } from "../services.ts";
import { endpointsOf } from "./endpoints.ts";
import { RCODE, TYPE } from "./query.ts";
import {
	addressRecords,
	clusterIPRecords,
	DENIED,
	type Found,
	given,
	NOTHING,
	serviceRecord,
	wants,
} from "./records.ts";
import type { Zone } from "./zone.ts";

/** `inner` from the right: the service, then the label of an endpoint, or a protocol and a port. */
export function resolveService(zone: Zone, namespace: string, inner: readonly string[], type: number): Found {
	const [name = "", second, third, ...more] = inner;
	const service = zone.service(namespace, name);
	if (!service || more.length > 0) return DENIED;
	const base = `${name}.${namespace}.svc.${zone.domain}`;
	const { externalName, type: kind } = service.spec;
	if (kind === "ExternalName") {
		if (second !== undefined || !externalName) return DENIED;
		return { code: RCODE.NOERROR, alias: externalName.replace(/\.$/, "") };
	}
	if (third !== undefined) return resolvePort({ zone, service, base }, second ?? "", third, type);
	if (second?.startsWith("_")) return hasProtocol(service, second) ? NOTHING : DENIED;
	if (second !== undefined) {
		const mine = endpointsOf(zone, service).filter(({ label }) => label === second);
		return mine.length > 0 ? given(addressRecords(`${second}.${base}`, mine, type)) : DENIED;
	}
	if (type === TYPE.SRV) return allPorts({ zone, service, base });
	if (isHeadless(service)) return given(addressRecords(base, endpointsOf(zone, service), type));
	return given(clusterIPRecords(base, service, type));
}

interface Subject {
	readonly zone: Zone;
	readonly service: Service;
	/** The service's own name. */
	readonly base: string;
}

/** `_http` and `_tcp`. */
function resolvePort(subject: Subject, protocolLabel: string, portLabel: string, type: number): Found {
	const wanted = (subject.service.spec.ports ?? []).find(
		({ name, protocol = "TCP" }) =>
			name && `_${name}` === portLabel && `_${protocol.toLowerCase()}` === protocolLabel,
	);
	if (!wanted) return DENIED;
	if (!wants(type, TYPE.SRV)) return NOTHING;
	return onePort(subject, `${portLabel}.${protocolLabel}.${subject.base}`, wanted);
}

/** Asked for the service by its bare name: the records of every port. */
function allPorts(subject: Subject): Found {
	const all = (subject.service.spec.ports ?? []).map((port) => onePort(subject, subject.base, port));
	const additionals = new Map<string, Answer>();
	for (const record of all.flatMap((found) => found.additionals ?? []))
		additionals.set(JSON.stringify(record), record);
	return given(
		all.flatMap(({ answers = [] }) => answers),
		[...additionals.values()],
	);
}

type ServicePort = NonNullable<Service["spec"]["ports"]>[number];

/** Where the port is: at the service, or at each endpoint of a headless one; with the addresses of those names. */
function onePort({ zone, service, base }: Subject, owner: string, wanted: ServicePort): Found {
	const { name = "", protocol = "TCP", port: servicePort } = wanted;
	if (!isHeadless(service)) {
		const record = serviceRecord(owner, { target: base, port: servicePort, weight: 100 });
		return given([record], clusterIPRecords(base, service, TYPE.ANY));
	}
	const targets = endpointsOf(zone, service).flatMap((endpoint) =>
		endpoint.ports
			.filter((each) => (each.name ?? "") === name && (each.protocol ?? "TCP") === protocol)
			.flatMap(({ port }) => (port ? [{ endpoint, target: `${endpoint.label}.${base}`, port }] : [])),
	);
	const weight = Math.max(1, Math.floor(100 / Math.max(1, targets.length)));
	return given(
		targets.map(({ target, port }) => serviceRecord(owner, { target, port, weight })),
		targets.flatMap(({ target, endpoint }) => addressRecords(target, [endpoint], TYPE.ANY)),
	);
}

/** `_tcp` alone exists where a port has that protocol, and holds nothing. */
const hasProtocol = ({ spec }: Service, label: string) =>
	(spec.ports ?? []).some(({ name, protocol = "TCP" }) => name && `_${protocol.toLowerCase()}` === label);
