/** Validation of APIServices. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { dns1035LabelErrors, dnsSubdomainErrors, portNumberErrors } from "../../machinery/names.ts";
import { base64Length } from "../core/base64.ts";
import type { APIService, APIServiceSpec } from "./api-service.ts";

const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1_000;

export function validateAPIService({ metadata, spec }: APIService): FieldError[] {
	const { group = "", version = "" } = spec;
	const name = `${version}.${group}`;
	return [
		...(metadata.name === name
			? []
			: [
					invalidValue(
						"metadata.name",
						metadata.name,
						`must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`,
					),
				]),
		...(group ? joined("spec.group", group, dnsSubdomainErrors(group)) : []),
		...joined("spec.version", version, dns1035LabelErrors(version)),
		...priority("spec.groupPriorityMinimum", spec.groupPriorityMinimum ?? 0, MAX_GROUP_PRIORITY),
		...priority("spec.versionPriority", spec.versionPriority ?? 0, MAX_VERSION_PRIORITY),
		...(spec.service ? remoteErrors(spec) : localErrors(spec)),
	];
}

const joined = (field: string, value: string, messages: readonly string[]): FieldError[] =>
	messages.length ? [invalidValue(field, value, messages.join(","))] : [];

const priority = (field: string, value: number, most: number): FieldError[] =>
	value > 0 && value <= most ? [] : [invalidValue(field, value, `must be positive and less than ${most}`)];

function localErrors({ caBundle, insecureSkipTLSVerify }: APIServiceSpec): FieldError[] {
	return [
		...(caBundle
			? [
					invalidValue(
						"spec.caBundle",
						`${base64Length(caBundle)} bytes`,
						"local APIServices may not have a caBundle",
					),
				]
			: []),
		...(insecureSkipTLSVerify
			? [
					invalidValue(
						"spec.insecureSkipTLSVerify",
						insecureSkipTLSVerify,
						"local APIServices may not have insecureSkipTLSVerify",
					),
				]
			: []),
	];
}

function remoteErrors({ service, caBundle, insecureSkipTLSVerify }: APIServiceSpec): FieldError[] {
	const port = service?.port ?? 443;
	return [
		...(service?.namespace ? [] : [required("spec.service.namespace")]),
		...(service?.name ? [] : [required("spec.service.name")]),
		...portNumberErrors(port).map((message) =>
			invalidValue("spec.service.port", port, `port is not valid: ${message}`),
		),
		...(insecureSkipTLSVerify && caBundle
			? [
					invalidValue(
						"spec.insecureSkipTLSVerify",
						insecureSkipTLSVerify,
						"may not be true if caBundle is present",
					),
				]
			: []),
	];
}
