/** Validation of pod specs, in pods and in templates. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { validateLabels } from "../../machinery/metadata.ts";
import { dnsLabelErrors, dnsSubdomainErrors, qualifiedNameErrors } from "../../machinery/names.ts";
import {
	dnsLabel,
	dnsSubdomain,
	duplicates,
	inRange,
	invalids,
	ipAddress,
	qualifiedName,
	requiredName,
	requiredText,
} from "../field-checks.ts";
import { validateAffinity, validateTolerations, validateTopologySpread } from "./affinity-validation.ts";
import {
	type ContainerContext,
	validateContainers,
	validateEphemeralContainers,
	validateInitContainers,
} from "./container-validation.ts";
import { validateDnsConfig } from "./dns-config-validation.ts";
import type { Pod } from "./pod.ts";
import type { HostAlias, PodResourceClaim, PodSchedulingGate, PodSpec } from "./pod-spec.ts";
import { validateOverhead, validatePodResources } from "./resource-validation.ts";
import { validatePodSecurity } from "./security-validation.ts";
import { validateVolumes } from "./volume-validation.ts";

/** Everything about a pod but its metadata, which is the same for all kinds. */
export const validatePod = (pod: Pod): FieldError[] => [
	...validatePodAnnotations(pod.metadata.annotations ?? {}, pod.spec, "metadata.annotations"),
	...validatePodSpec(pod.spec, { path: "spec", isPod: true }),
	...tokenVolumeErrors(pod.spec),
];

/** What only a new pod may not do. */
export const validatePodCreate = ({ spec }: Pod): FieldError[] => [
	...(spec.ephemeralContainers?.length
		? [forbiddenField("spec.ephemeralContainers", "cannot be set on create")]
		: []),
	...(spec.nodeName && spec.schedulingGates?.length
		? [forbiddenField("spec.nodeName", "cannot be set until all schedulingGates have been cleared")]
		: []),
];

export interface PodSpecOptions {
	/** Where the spec is: `spec`, `spec.template.spec`. */
	readonly path: string;
	/** False in templates. */
	readonly isPod: boolean;
}

export function validatePodSpec(spec: PodSpec, { path, isPod }: PodSpecOptions): FieldError[] {
	const context = containerContext(spec, isPod);
	const containers = spec.containers ?? [];
	const initContainers = spec.initContainers ?? [];
	const within = (field: string) => `${path}.${field}`;
	return [
		...(isAbsent(spec.terminationGracePeriodSeconds)
			? [required(within("terminationGracePeriodSeconds"))]
			: []),
		...validateVolumes(spec.volumes ?? [], within("volumes")),
		...claimErrors(spec.resourceClaims ?? [], within("resourceClaims")),
		...validateContainers(containers, context, within("containers")),
		...validateInitContainers(initContainers, {
			regular: containers,
			context,
			path: within("initContainers"),
		}),
		...validateEphemeralContainers(spec.ephemeralContainers ?? [], {
			others: [...containers, ...initContainers],
			context,
			path: within("ephemeralContainers"),
		}),
		...validatePodResources(spec, within("resources")),
		...hostNetworkErrors(spec, { path, isPod }),
		...requiredText(within("restartPolicy"), spec.restartPolicy),
		...requiredText(within("dnsPolicy"), spec.dnsPolicy),
		...validateLabels(spec.nodeSelector, within("nodeSelector")),
		...validatePodSecurity(spec, path),
		...(spec.affinity ? validateAffinity(spec.affinity, within("affinity")) : []),
		...validateDnsConfig(spec, within("dnsConfig")),
		...(spec.readinessGates ?? []).flatMap((gate, index) =>
			qualifiedName(within(`readinessGates[${index}].conditionType`), gate.conditionType),
		),
		...gateErrors(spec.schedulingGates ?? [], within("schedulingGates")),
		...validateTopologySpread(spec.topologySpreadConstraints ?? [], within("topologySpreadConstraints")),
		...nameErrors(spec, path),
		...validateTolerations(spec.tolerations ?? [], within("tolerations")),
		...(spec.hostAliases ?? []).flatMap((alias, index) =>
			aliasErrors(alias, within(`hostAliases[${index}]`)),
		),
		...(spec.overhead ? validateOverhead(spec.overhead, within("overhead")) : []),
		...(spec.os && !spec.os.name ? [required(within("os.name"))] : []),
	];
}

function containerContext(spec: PodSpec, isPod: boolean): ContainerContext {
	return {
		volumes: new Map((spec.volumes ?? []).map((volume) => [volume.name, volume])),
		claims: new Set((spec.resourceClaims ?? []).flatMap(({ name }) => name || [])),
		gracePeriod: spec.terminationGracePeriodSeconds ?? undefined,
		restartPolicy: spec.restartPolicy,
		os: spec.os?.name,
		hostUsers: spec.hostUsers !== false,
		isPod,
	};
}

const MAX_INT32 = 2 ** 31 - 1;
const MAX_HOSTNAME = 64;

/** Names of other things, and the deadline. */
function nameErrors(spec: PodSpec, path: string): FieldError[] {
	const deadline = spec.activeDeadlineSeconds;
	const hostname = spec.hostnameOverride;
	return [
		...dnsSubdomain(`${path}.serviceAccountName`, spec.serviceAccountName),
		...dnsSubdomain(`${path}.nodeName`, spec.nodeName),
		...(isAbsent(deadline) ? [] : inRange(`${path}.activeDeadlineSeconds`, deadline, 1, MAX_INT32)),
		...dnsLabel(`${path}.hostname`, spec.hostname),
		...dnsLabel(`${path}.subdomain`, spec.subdomain),
		...dnsSubdomain(`${path}.priorityClassName`, spec.priorityClassName),
		...(isAbsent(spec.runtimeClassName)
			? []
			: invalids(
					`${path}.runtimeClassName`,
					spec.runtimeClassName,
					dnsSubdomainErrors(spec.runtimeClassName),
				)),
		...dnsSubdomain(`${path}.hostnameOverride`, hostname),
		...(hostname && hostname.length > MAX_HOSTNAME
			? [invalidValue(`${path}.hostnameOverride`, hostname, "must be no more than 64 characters")]
			: []),
		...(hostname && spec.setHostnameAsFQDN
			? [forbiddenField(`${path}.setHostnameAsFQDN`, "may not be set when hostnameOverride is specified")]
			: []),
		...(hostname && spec.hostNetwork
			? [forbiddenField(`${path}.hostnameOverride`, "may not be specified when hostNetwork is true")]
			: []),
	];
}

const isAbsent = <T>(value: T | undefined | null): value is undefined | null =>
	value === undefined || value === null;

function hostNetworkErrors(spec: PodSpec, { path, isPod }: PodSpecOptions): FieldError[] {
	if (!spec.hostNetwork) return [];
	return (spec.containers ?? []).flatMap((container, index) =>
		(container.ports ?? []).flatMap(({ hostPort = 0, containerPort }, portIndex) =>
			(isPod || hostPort !== 0) && hostPort !== containerPort
				? [
						invalidValue(
							`${path}.containers[${index}].ports[${portIndex}].hostPort`,
							hostPort,
							"must match `containerPort` when `hostNetwork` is true",
						),
					]
				: [],
		),
	);
}

const gateErrors = (gates: readonly PodSchedulingGate[], path: string): FieldError[] => [
	...gates.flatMap(({ name = "" }, index) => invalids(`${path}[${index}]`, name, qualifiedNameErrors(name))),
	...duplicates(
		gates.map(({ name }) => name),
		(index) => `${path}[${index}]`,
	),
];

const aliasErrors = ({ ip, hostnames = [] }: HostAlias, path: string): FieldError[] => [
	...ipAddress(`${path}.ip`, ip),
	...hostnames.flatMap((hostname, index) =>
		invalids(`${path}.hostnames[${index}]`, hostname, dnsSubdomainErrors(hostname)),
	),
];

function claimErrors(claims: readonly PodResourceClaim[], path: string): FieldError[] {
	return [
		...claims.flatMap((claim, index) => {
			const at = `${path}[${index}]`;
			const { resourceClaimName, resourceClaimTemplateName } = claim;
			return [
				...requiredName(`${at}.name`, claim.name, dnsLabelErrors),
				...(resourceClaimName && resourceClaimTemplateName
					? [
							invalidValue(
								at,
								claim,
								"at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
							),
						]
					: []),
				...(!resourceClaimName && !resourceClaimTemplateName
					? [invalidValue(at, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")]
					: []),
				...dnsSubdomain(`${at}.resourceClaimName`, resourceClaimName),
				...dnsSubdomain(`${at}.resourceClaimTemplateName`, resourceClaimTemplateName),
			];
		}),
		...duplicates(
			claims.map(({ name }) => name),
			(index) => `${path}[${index}].name`,
		),
	];
}

/** A token is always somebody's. */
const tokenVolumeErrors = ({ serviceAccountName, volumes = [] }: PodSpec): FieldError[] =>
	serviceAccountName
		? []
		: volumes.flatMap((volume, index) =>
				(volume.projected?.sources ?? []).flatMap((source, sourceIndex) =>
					source.serviceAccountToken
						? [
								forbiddenField(
									`spec.volumes[${index}].projected.sources[${sourceIndex}].serviceAccountToken`,
									"must not be specified when serviceAccountName is not set",
								),
							]
						: [],
				),
			);

const MIRROR = "kubernetes.io/config.mirror";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

/** Annotations that mean something to Kubernetes itself. */
export function validatePodAnnotations(
	annotations: Readonly<Record<string, string>>,
	spec: PodSpec,
	path: string,
): FieldError[] {
	const mirror = annotations[MIRROR];
	const cost = annotations[DELETION_COST];
	return [
		...(mirror !== undefined && !spec.nodeName
			? [invalidValue(`${path}[${MIRROR}]`, mirror, "must set spec.nodeName if mirror pod annotation is set")]
			: []),
		...(cost !== undefined && !isInt32(cost)
			? [invalidValue(`${path}[${DELETION_COST}]`, cost, "must be a 32bit integer")]
			: []),
	];
}

const isInt32 = (text: string) =>
	/^(0|-?[1-9]\d{0,9})$/.test(text) && Math.abs(Number(text) + 0.5) <= 2 ** 31 - 0.5;
