/** Validation of containers of every sort: regular, init, sidecar, ephemeral. */
import {
	duplicate,
	type FieldError,
	fieldNotFound,
	forbiddenField,
	invalidValue,
	required,
	tooMany,
} from "../../machinery/field-error.ts";
import { dnsLabelErrors, ipErrors, portNameErrors, portNumberErrors } from "../../machinery/names.ts";
import { duplicates, invalids, oneOf, optionalName, requiredName, requiredText } from "../field-checks.ts";
import type { Container, ContainerPort, ContainerResizePolicy, EphemeralContainer } from "./container.ts";
import { validateEnv, validateEnvFrom } from "./env-validation.ts";
import { type VolumesByName, validateMounts } from "./mount-validation.ts";
import { isSidecar } from "./pod-readiness.ts";
import { type ProbeContext, validateProbes } from "./probe-validation.ts";
import { validateResources } from "./resource-validation.ts";
import { validateSecurityContext } from "./security-validation.ts";

/** What containers need to know of their pod. */
export interface ContainerContext extends ProbeContext {
	readonly volumes: VolumesByName;
	/** Names of the pod's resource claims. */
	readonly claims: ReadonlySet<string>;
	readonly restartPolicy: string | undefined;
	/** The pod shares the host's user namespace. */
	readonly hostUsers: boolean;
	/** A pod of its own, not one in a template: images are judged more strictly. */
	readonly isPod: boolean;
}

export function validateContainers(
	containers: readonly Container[],
	context: ContainerContext,
	path: string,
): FieldError[] {
	if (containers.length === 0) return [required(path)];
	const taken = new Set<string>();
	return [
		...containers.flatMap((container, index) => {
			const at = `${path}[${index}]`;
			return [
				...commonErrors(container, context, at),
				...takeName(container.name, taken, at),
				...validateProbes(container, context, at),
			];
		}),
		...hostPortErrors(containers, path),
	];
}

export function validateInitContainers(
	containers: readonly Container[],
	{ regular, context, path }: { regular: readonly Container[]; context: ContainerContext; path: string },
): FieldError[] {
	const taken = new Set(regular.map(({ name }) => name));
	return containers.flatMap((container, index) => {
		const at = `${path}[${index}]`;
		return [
			...commonErrors(container, context, at),
			...takeName(container.name, taken, at),
			// They run one by one, so each is alone with its ports.
			...hostPortErrors([container], path),
			...(isSidecar(container) ? validateProbes(container, context, at) : runOnceErrors(container, at)),
		];
	});
}

export function validateEphemeralContainers(
	containers: readonly EphemeralContainer[],
	{ others, context, path }: { others: readonly Container[]; context: ContainerContext; path: string },
): FieldError[] {
	const names = new Set(others.map(({ name }) => name));
	const taken = new Set(names);
	return containers.flatMap((container, index) => {
		const at = `${path}[${index}]`;
		const target = container.targetContainerName;
		return [
			...commonErrors(container, context, at),
			...takeName(container.name, taken, at),
			...(target && !names.has(target) ? [fieldNotFound(`${at}.targetContainerName`, target)] : []),
			...debuggingOnlyErrors(container, at),
		];
	});
}

function commonErrors(container: Container, context: ContainerContext, path: string): FieldError[] {
	const { image = "", resizePolicy = [] } = container;
	return [
		...requiredName(`${path}.name`, container.name, dnsLabelErrors),
		...requiredText(`${path}.image`, image),
		...(context.isPod && image.trim() !== image
			? [invalidValue(`${path}.image`, image, "must not have leading or trailing whitespace")]
			: []),
		...requiredText(`${path}.terminationMessagePolicy`, container.terminationMessagePolicy),
		...portErrors(container.ports ?? [], `${path}.ports`),
		...validateEnv(container.env ?? [], `${path}.env`),
		...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
		...validateMounts(container, context.volumes, path),
		...requiredText(`${path}.imagePullPolicy`, container.imagePullPolicy),
		...validateResources(container.resources ?? {}, context.claims, `${path}.resources`),
		...resizeErrors(resizePolicy, context.restartPolicy, `${path}.resizePolicy`),
		...(container.securityContext
			? validateSecurityContext(container.securityContext, {
					path: `${path}.securityContext`,
					hostUsers: context.hostUsers,
				})
			: []),
		...restartRuleErrors(container, path),
	];
}

function takeName(name: string, taken: Set<string>, path: string): FieldError[] {
	if (taken.has(name)) return [duplicate(`${path}.name`, name)];
	if (name) taken.add(name);
	return [];
}

function portErrors(ports: readonly ContainerPort[], path: string): FieldError[] {
	const validNames = ports.map(({ name }) => (name && portNameErrors(name).length === 0 ? name : undefined));
	return [
		...ports.flatMap((port, index) => {
			const at = `${path}[${index}]`;
			return [
				...optionalName(`${at}.name`, port.name, portNameErrors),
				...(port.containerPort
					? invalids(`${at}.containerPort`, port.containerPort, portNumberErrors(port.containerPort))
					: [required(`${at}.containerPort`)]),
				...(port.hostPort ? invalids(`${at}.hostPort`, port.hostPort, portNumberErrors(port.hostPort)) : []),
				...optionalName(`${at}.hostIP`, port.hostIP, ipErrors),
				...requiredText(`${at}.protocol`, port.protocol),
			];
		}),
		...duplicates(validNames, (index) => `${path}[${index}].name`),
	];
}

function hostPortErrors(containers: readonly Container[], path: string): FieldError[] {
	const ports = containers.flatMap((container, index) =>
		(container.ports ?? []).map((port, portIndex) => ({
			field: `${path}[${index}].ports[${portIndex}].hostPort`,
			claim: port.hostPort ? `${port.protocol}/${port.hostIP ?? ""}/${port.hostPort}` : undefined,
		})),
	);
	return duplicates(
		ports.map(({ claim }) => claim),
		(index) => ports[index]?.field ?? path,
	);
}

/** What only makes sense for containers that go on running. */
function runOnceErrors(container: Container, path: string): FieldError[] {
	const fields = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;
	return [
		...fields
			.filter((field) => container[field])
			.map((field) =>
				forbiddenField(`${path}.${field}`, "may not be set for init containers without restartPolicy=Always"),
			),
		...(container.resizePolicy?.length
			? [invalidValue(`${path}.resizePolicy`, container.resizePolicy, "must not be set for init containers")]
			: []),
	];
}

const FORBIDDEN_WHEN_DEBUGGING = [
	"ports",
	"livenessProbe",
	"readinessProbe",
	"startupProbe",
	"lifecycle",
	"resizePolicy",
	"restartPolicy",
	"restartPolicyRules",
] as const;
const NOT_FOR_DEBUGGING = "cannot be set for an Ephemeral Container";

function debuggingOnlyErrors(container: EphemeralContainer, path: string): FieldError[] {
	const { limits, requests, claims } = container.resources ?? {};
	const hasResources = [limits, requests, claims].some((part) => Object.keys(part ?? {}).length > 0);
	return [
		...FORBIDDEN_WHEN_DEBUGGING.filter((field) => isSet(container[field])).map((field) =>
			forbiddenField(`${path}.${field}`, NOT_FOR_DEBUGGING),
		),
		...(hasResources ? [forbiddenField(`${path}.resources`, NOT_FOR_DEBUGGING)] : []),
		...(container.volumeMounts ?? []).flatMap((mount, index) =>
			(["subPath", "subPathExpr"] as const)
				.filter((field) => mount[field])
				.map((field) => forbiddenField(`${path}.volumeMounts[${index}].${field}`, NOT_FOR_DEBUGGING)),
		),
	];
}

const isSet = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function resizeErrors(
	policies: readonly ContainerResizePolicy[],
	restartPolicy: string | undefined,
	path: string,
): FieldError[] {
	return [
		...duplicates(
			policies.map(({ resourceName }) => resourceName),
			(index) => `${path}[${index}]`,
		),
		...policies.flatMap((policy) => [
			...oneOf(path, policy.resourceName, ["cpu", "memory"]),
			...requiredText(path, policy.restartPolicy),
			...(restartPolicy === "Never" && policy.restartPolicy === "RestartContainer"
				? [invalidValue(path, policy.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")]
				: []),
		]),
	];
}

const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;

function restartRuleErrors(container: Container, path: string): FieldError[] {
	const rules = container.restartPolicyRules ?? [];
	if (rules.length === 0) return [];
	const at = `${path}.restartPolicyRules`;
	return [
		...(container.restartPolicy
			? []
			: [required(`${path}.restartPolicy`, "must specify restartPolicy when restartPolicyRules are used")]),
		...(rules.length > MAX_RULES ? [tooMany(at, rules.length, MAX_RULES)] : []),
		...rules.flatMap(({ action, exitCodes }, index) => [
			...requiredText(`${at}[${index}].action`, action),
			...(exitCodes
				? [
						...requiredText(`${at}[${index}].exitCodes.operator`, exitCodes.operator),
						...((exitCodes.values?.length ?? 0) > MAX_EXIT_CODES
							? [tooMany(`${at}[${index}].exitCodes.values`, exitCodes.values?.length ?? 0, MAX_EXIT_CODES)]
							: []),
					]
				: [required(`${at}[${index}].exitCodes`, "must be specified")]),
		]),
	];
}
