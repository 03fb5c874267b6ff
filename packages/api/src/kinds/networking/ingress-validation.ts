/** Validation of ingresses. */
import { type FieldError, invalidValue, notSupported, required } from "../../machinery/field-error.ts";
import {
	dns1035LabelErrors,
	dnsSubdomainErrors,
	ipErrors,
	portNameErrors,
	portNumberErrors,
	wildcardSubdomainErrors,
} from "../../machinery/names.ts";
import { dnsSubdomain, invalids, optionalName, requiredName } from "../field-checks.ts";
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressTLS } from "./ingress.ts";
import { typedReferenceErrors } from "./reference-validation.ts";

/** How controllers were chosen before there were ingress classes. */
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDS = ["/..", "/."];

export function validateIngress({ spec }: Ingress): FieldError[] {
	const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
	return [
		...(rules.length === 0 && !defaultBackend
			? [invalidValue("spec", rules, "either `defaultBackend` or `rules` must be specified")]
			: []),
		...(defaultBackend ? backendErrors(defaultBackend, "spec.defaultBackend") : []),
		...rules.flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`)),
		...tls.flatMap((entry, index) => tlsErrors(entry, `spec.tls[${index}]`)),
		...(ingressClassName === undefined || ingressClassName === null
			? []
			: invalids("spec.ingressClassName", ingressClassName, dnsSubdomainErrors(ingressClassName))),
	];
}

/** Old objects may say two classes; new ones may not. */
export function validateNewIngress({ metadata, spec }: Ingress): FieldError[] {
	const annotated = metadata.annotations?.[CLASS_ANNOTATION];
	const { ingressClassName } = spec;
	if (annotated === undefined || ingressClassName === undefined || ingressClassName === null) return [];
	if (annotated === ingressClassName) return [];
	const detail = "must match `ingressClassName` when both are specified";
	return [invalidValue(`annotations.${CLASS_ANNOTATION}`, annotated, detail)];
}

export const validateIngressStatus = ({ status }: Ingress): FieldError[] =>
	(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }, index) => {
		const path = `status.loadBalancer.ingress[${index}]`;
		return [
			...optionalName(`${path}.ip`, ip, ipErrors),
			...dnsSubdomain(`${path}.hostname`, hostname),
			...(hostname && isIp(hostname)
				? [invalidValue(`${path}.hostname`, hostname, "must be a DNS name, not an IP address")]
				: []),
		];
	});

function ruleErrors({ host, http }: IngressRule, path: string): FieldError[] {
	const isWildcard = host?.includes("*") === true;
	const errors = host
		? [
				...(isIp(host) ? [invalidValue(`${path}.host`, host, "must be a DNS name, not an IP address")] : []),
				...hostErrors(`${path}.host`, host),
			]
		: [];
	if (!http || (isWildcard && errors.length)) return errors;
	const paths = http.paths ?? [];
	return [
		...errors,
		...(paths.length === 0 ? [required(`${path}.http.paths`)] : []),
		...paths.flatMap((entry, index) => pathErrors(entry, `${path}.http.paths[${index}]`)),
	];
}

function pathErrors({ path = "", pathType, backend }: HTTPIngressPath, at: string): FieldError[] {
	return [...typedPathErrors(path, pathType, at), ...backendErrors(backend ?? {}, `${at}.backend`)];
}

function typedPathErrors(path: string, type: string | undefined | null, at: string): FieldError[] {
	if (type === undefined || type === null) return [required(`${at}.pathType`, "pathType must be specified")];
	const field = `${at}.path`;
	const absolute = path.startsWith("/") ? [] : [invalidValue(field, path, "must be an absolute path")];
	switch (type) {
		case "Exact":
		case "Prefix":
			return [
				...absolute,
				...BAD_SEQUENCES.filter((part) => path.includes(part)).map((part) =>
					invalidValue(field, path, `must not contain '${part}'`),
				),
				...BAD_ENDS.filter((end) => path.endsWith(end)).map((end) =>
					invalidValue(field, path, `cannot end with '${end}'`),
				),
			];
		case "ImplementationSpecific":
			return path ? absolute : [];
		default:
			return [notSupported(`${at}.pathType`, type, PATH_TYPES)];
	}
}

function backendErrors({ service, resource }: IngressBackend, path: string): FieldError[] {
	if (service && resource) return [invalidValue(path, "", "cannot set both resource and service backends")];
	if (resource) return typedReferenceErrors(resource, `${path}.resource`);
	if (!service) return [invalidValue(path, "", "resource or service backend is required")];
	const { name = "", number = 0 } = service.port ?? {};
	const errors = requiredName(`${path}.service.name`, service.name, dns1035LabelErrors);
	if (name && number) return [...errors, invalidValue(path, "", "cannot set both port name & port number")];
	if (name) return [...errors, ...invalids(`${path}.service.port.name`, name, portNameErrors(name))];
	if (number)
		return [...errors, ...invalids(`${path}.service.port.number`, number, portNumberErrors(number))];
	return [...errors, required(path, "port name or number is required")];
}

const tlsErrors = ({ hosts = [], secretName }: IngressTLS, path: string): FieldError[] => [
	...hosts.flatMap((host, index) => hostErrors(`${path}.hosts[${index}]`, host)),
	...dnsSubdomain(`${path}.secretName`, secretName),
];

const hostErrors = (field: string, host: string): FieldError[] =>
	invalids(field, host, host.includes("*") ? wildcardSubdomainErrors(host) : dnsSubdomainErrors(host));

const isIp = (text: string) => ipErrors(text).length === 0;
