/** Validation of environment variables and of references to fields and resources. */
import { type FieldError, invalidValue, notSupported, required } from "../../machinery/field-error.ts";
import {
	configMapKeyErrors,
	dnsLabelErrors,
	dnsSubdomainErrors,
	envVarNameErrors,
	qualifiedNameErrors,
} from "../../machinery/names.ts";
import { canonicalQuantity, parseQuantity } from "../../machinery/quantity.ts";
import {
	dnsSubdomain,
	invalids,
	localPath,
	optionalName,
	requiredName,
	requiredText,
} from "../field-checks.ts";
import type {
	ConfigMapKeySelector,
	EnvFromSource,
	EnvVar,
	EnvVarSource,
	FileKeySelector,
} from "./container.ts";
import type { ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";

export const validateEnv = (env: readonly EnvVar[], path: string): FieldError[] =>
	env.flatMap((variable, index) => [
		...requiredName(`${path}[${index}].name`, variable.name, envVarNameErrors),
		...(variable.valueFrom
			? validateSource(variable.valueFrom, variable.value ?? "", `${path}[${index}].valueFrom`)
			: []),
	]);

function validateSource(source: EnvVarSource, value: string, path: string): FieldError[] {
	const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
	const all = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef];
	return [
		...(fieldRef ? validateFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`) : []),
		...(resourceFieldRef
			? validateResourceFieldRef(resourceFieldRef, { path: `${path}.resourceFieldRef`, inVolume: false })
			: []),
		...(configMapKeyRef ? validateKeyRef(configMapKeyRef, `${path}.configMapKeyRef`) : []),
		...(secretKeyRef ? validateKeyRef(secretKeyRef, `${path}.secretKeyRef`) : []),
		...(fileKeyRef ? validateFileRef(fileKeyRef, `${path}.fileKeyRef`) : []),
		...sourceCountErrors(all.filter((one) => one).length, value, path),
	];
}

function sourceCountErrors(count: number, value: string, path: string): FieldError[] {
	if (count === 0)
		return [
			invalidValue(
				path,
				"",
				"must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
			),
		];
	if (value) return [invalidValue(path, "", "may not be specified when `value` is not empty")];
	return count > 1 ? [invalidValue(path, "", "may not have more than one field specified at a time")] : [];
}

const validateKeyRef = (reference: ConfigMapKeySelector, path: string): FieldError[] => [
	...invalids(`${path}.name`, reference.name ?? "", dnsSubdomainErrors(reference.name ?? "")),
	...requiredName(`${path}.key`, reference.key, configMapKeyErrors),
];

const validateFileRef = (reference: FileKeySelector, path: string): FieldError[] => [
	...requiredName(`${path}.volumeName`, reference.volumeName, dnsLabelErrors),
	...requiredText(`${path}.path`, reference.path),
	...(reference.path ? localPath(`${path}.path`, reference.path) : []),
	...requiredName(`${path}.key`, reference.key, envVarNameErrors),
];

export const validateEnvFrom = (sources: readonly EnvFromSource[], path: string): FieldError[] =>
	sources.flatMap((source, index) => {
		const at = `${path}[${index}]`;
		const { prefix, configMapRef, secretRef } = source;
		return [
			...optionalName(`${at}.prefix`, prefix, envVarNameErrors),
			...(configMapRef ? namedSource(configMapRef.name, `${at}.configMapRef.name`) : []),
			...(secretRef ? namedSource(secretRef.name, `${at}.secretRef.name`) : []),
			...(!configMapRef && !secretRef
				? [invalidValue(path, "", "must specify one of: `configMapRef` or `secretRef`")]
				: []),
			...(configMapRef && secretRef
				? [invalidValue(path, "", "may not have more than one field specified at a time")]
				: []),
		];
	});

const namedSource = (name: string | undefined, field: string): FieldError[] => [
	...requiredText(field, name),
	...dnsSubdomain(field, name),
];

/** Fields of the pod that an environment variable may hold. */
const ENV_FIELDS = [
	"metadata.name",
	"metadata.namespace",
	"metadata.uid",
	"spec.nodeName",
	"spec.serviceAccountName",
	"status.hostIP",
	"status.hostIPs",
	"status.podIP",
	"status.podIPs",
];

/** Fields of the pod that a file of a downward API volume may hold. */
export const VOLUME_FIELDS = [
	"metadata.annotations",
	"metadata.labels",
	"metadata.name",
	"metadata.namespace",
	"metadata.uid",
];

/** Fields that exist, whether or not they may be used here. */
const KNOWN_FIELDS = [
	...ENV_FIELDS,
	...VOLUME_FIELDS,
	"spec.restartPolicy",
	"spec.schedulerName",
	"status.phase",
	"spec.host",
];

/** A reference to a field of the pod, of those that `allowed` names (labels and annotations by key always). */
export function validateFieldRef(
	{ apiVersion, fieldPath }: ObjectFieldSelector,
	allowed: readonly string[],
	path: string,
): FieldError[] {
	if (!apiVersion) return [required(`${path}.apiVersion`)];
	if (!fieldPath) return [required(`${path}.fieldPath`)];
	const failed = (reason: string) => [
		invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${reason}`),
	];
	if (apiVersion !== "v1") return failed(`unsupported pod version: ${apiVersion}`);
	const subscript = /^(.*)\['(.*)'\]$/.exec(fieldPath);
	if (subscript) return subscriptErrors(subscript[1] ?? "", subscript[2] ?? "", { path, failed });
	if (!KNOWN_FIELDS.includes(fieldPath)) return failed(`field label not supported: ${fieldPath}`);
	const canonical = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
	return allowed.includes(canonical) ? [] : [notSupported(`${path}.fieldPath`, canonical, allowed)];
}

function subscriptErrors(
	field: string,
	key: string,
	{ path, failed }: { path: string; failed: (reason: string) => FieldError[] },
): FieldError[] {
	switch (field) {
		case "metadata.annotations":
			return invalids(path, key.toLowerCase(), qualifiedNameErrors(key.toLowerCase()));
		case "metadata.labels":
			return invalids(path, key, qualifiedNameErrors(key));
		default:
			return failed(`field label does not support subscript: ${field}['${key}']`);
	}
}

const RESOURCE_FIELDS = [
	"limits.cpu",
	"limits.ephemeral-storage",
	"limits.memory",
	"requests.cpu",
	"requests.ephemeral-storage",
	"requests.memory",
];
const HUGE_PAGES = /^(limits|requests)\.hugepages-/;

/** A reference to a resource of a container; in a volume it must say of which. */
export function validateResourceFieldRef(
	reference: ResourceFieldSelector,
	{ path, inVolume }: { readonly path: string; readonly inVolume: boolean },
): FieldError[] {
	const resource = reference.resource ?? "";
	return [...resourceErrors(), ...divisorErrors(resource, reference.divisor ?? "0", path)];

	function resourceErrors(): FieldError[] {
		if (inVolume && !reference.containerName) return [required(`${path}.containerName`)];
		if (!resource) return [required(`${path}.resource`)];
		return RESOURCE_FIELDS.includes(resource) || HUGE_PAGES.test(resource)
			? []
			: [notSupported(`${path}.resource`, resource, RESOURCE_FIELDS)];
	}
}

const CPU_DIVISORS = ["1m", "1"];
const BYTE_DIVISORS = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

function divisorErrors(resource: string, divisor: string, path: string): FieldError[] {
	if (parseQuantity(divisor) === 0n) return [];
	const wrong = (values: string, what: string) => [
		invalidValue(
			`${path}.divisor`,
			resource,
			`only divisor's values ${values} are supported with the ${what} resource`,
		),
	];
	const canonical = canonicalQuantity(divisor);
	if (resource.endsWith(".cpu")) return CPU_DIVISORS.includes(canonical) ? [] : wrong("1m and 1", "cpu");
	if (BYTE_DIVISORS.split(", ").includes(canonical)) return [];
	if (resource.endsWith(".memory")) return wrong(BYTE_DIVISORS, "memory");
	if (resource.endsWith(".ephemeral-storage")) return wrong(BYTE_DIVISORS, "local ephemeral storage");
	return HUGE_PAGES.test(resource) ? wrong(BYTE_DIVISORS, "hugepages") : [];
}
