/** Validation of network policies. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { isInNetwork, parseNetwork } from "../../machinery/ip.ts";
import { portNumberErrors } from "../../machinery/names.ts";
import { cidrErrors, invalids, portNumberOrName } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "./network-policy.ts";

const TYPES = ["Egress", "Ingress"];

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
	const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
	return [
		...validateLabelSelector(podSelector, "spec.podSelector"),
		...ingress.flatMap(({ ports = [], from = [] }, index) => [
			...eachAt(ports, `spec.ingress[${index}].ports`, portErrors),
			...eachAt(from, `spec.ingress[${index}].from`, peerErrors),
		]),
		...egress.flatMap(({ ports = [], to = [] }, index) => [
			...eachAt(ports, `spec.egress[${index}].ports`, portErrors),
			...eachAt(to, `spec.egress[${index}].to`, peerErrors),
		]),
		...(policyTypes.length > TYPES.length
			? [invalidValue("spec.policyTypes", policyTypes, "may not specify more than two policyTypes")]
			: eachAt(policyTypes, "spec.policyTypes", (type, path) =>
					TYPES.includes(type) ? [] : [notSupported(path, type, TYPES)],
				)),
	];
}

const eachAt = <T>(list: readonly T[], path: string, judge: (element: T, path: string) => FieldError[]) =>
	list.flatMap((element, index) => judge(element, `${path}[${index}]`));

function portErrors({ port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
	const field = `${path}.endPort`;
	const hasEnd = endPort !== undefined && endPort !== null;
	if (port === undefined || port === null) {
		return hasEnd ? [invalidValue(field, endPort, "may not be specified when `port` is not specified")] : [];
	}
	const errors = portNumberOrName(`${path}.port`, port);
	if (!hasEnd) return errors;
	if (typeof port === "string") {
		return [invalidValue(field, endPort, "may not be specified when `port` is non-numeric"), ...errors];
	}
	return [
		...errors,
		...(endPort < port ? [invalidValue(field, endPort, "must be greater than or equal to `port`")] : []),
		...invalids(field, endPort, portNumberErrors(endPort)),
	];
}

function peerErrors(peer: NetworkPolicyPeer, path: string): FieldError[] {
	const { podSelector, namespaceSelector, ipBlock } = peer;
	const count = [podSelector, namespaceSelector, ipBlock].filter(Boolean).length;
	return [
		...validateLabelSelector(podSelector, `${path}.podSelector`),
		...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
		...(ipBlock ? blockErrors(ipBlock, `${path}.ipBlock`) : []),
		...(count === 0 ? [required(path, "must specify a peer")] : []),
		...(ipBlock && count > 1 ? [forbiddenField(path, "may not specify both ipBlock and another peer")] : []),
	];
}

function blockErrors({ cidr, except = [] }: IPBlock, path: string): FieldError[] {
	if (!cidr) return [required(`${path}.cidr`)];
	const whole = parseNetwork(cidr);
	if (!whole) return invalids(`${path}.cidr`, cidr, cidrErrors(cidr));
	return eachAt(except, `${path}.except`, (text, field) => {
		const part = parseNetwork(text);
		if (!part) return invalids(field, text, cidrErrors(text));
		const isPart =
			part.prefix > whole.prefix && isInNetwork(whole, { family: part.family, value: part.base });
		return isPart ? [] : [invalidValue(field, text, "must be a strict subset of `cidr`")];
	});
}
