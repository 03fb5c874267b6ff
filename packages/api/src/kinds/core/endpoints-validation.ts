/** Validation of Endpoints. */
import { type FieldError, required } from "../../machinery/field-error.ts";
import { dnsLabelErrors, dnsSubdomainErrors, ipErrors, qualifiedNameErrors } from "../../machinery/names.ts";
import {
	dnsLabel,
	invalids,
	optionalName,
	ordinaryAddress,
	portNumber,
	requiredText,
} from "../field-checks.ts";
import type { EndpointAddress, EndpointPort, Endpoints } from "./endpoints.ts";

export const validateEndpoints = ({ subsets = [] }: Endpoints): FieldError[] =>
	subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
		const path = `subsets[${index}]`;
		return [
			...(addresses.length + notReadyAddresses.length === 0
				? [required(path, "must specify `addresses` or `notReadyAddresses`")]
				: []),
			...addresses.flatMap((address, at) => addressErrors(address, `${path}.addresses[${at}]`)),
			...notReadyAddresses.flatMap((address, at) =>
				addressErrors(address, `${path}.notReadyAddresses[${at}]`),
			),
			...ports.flatMap((port, at) =>
				portErrors(port, { path: `${path}.ports[${at}]`, named: ports.length > 1 }),
			),
		];
	});

function addressErrors({ ip = "", hostname, nodeName }: EndpointAddress, path: string): FieldError[] {
	const malformed = ipErrors(ip);
	return [
		...invalids(`${path}.ip`, ip, malformed),
		...dnsLabel(`${path}.hostname`, hostname),
		...(nodeName === undefined || nodeName === null
			? []
			: invalids(`${path}.nodeName`, nodeName, dnsSubdomainErrors(nodeName))),
		...(malformed.length > 0 ? [] : ordinaryAddress(`${path}.ip`, ip)),
	];
}

function portErrors(port: EndpointPort, { path, named }: { path: string; named: boolean }): FieldError[] {
	return [
		...(named ? requiredText(`${path}.name`, port.name) : []),
		...optionalName(`${path}.name`, port.name, dnsLabelErrors),
		...portNumber(`${path}.port`, port.port),
		...requiredText(`${path}.protocol`, port.protocol),
		...optionalName(`${path}.appProtocol`, port.appProtocol, qualifiedNameErrors),
	];
}
