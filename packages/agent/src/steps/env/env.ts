/** A container's variables, and its command and arguments with their values filled in. */
import {
	ConfigMap,
	type EnvFromSource,
	type EnvVar,
	type Kind,
	type KubeObject,
	Secret,
	type Service,
} from "@berth/api";
import type { References } from "../references.ts";
import { type ContainerScope, type PodStep, StepError } from "../step.ts";
import { expand } from "./expand.ts";
import { fieldValue } from "./field-ref.ts";
import { resourceValue } from "./resource-ref.ts";
import { serviceVariables } from "./service-env.ts";

export interface EnvOptions {
	readonly references: References;
	readonly services: () => readonly Service[];
	readonly hostIps: readonly string[];
	/** Of this node. */
	readonly allocatable: () => Readonly<Record<string, string>>;
}

export function envStep(options: EnvOptions): PodStep {
	return {
		name: "env",
		async container(spec, scope) {
			const { container } = scope;
			const variables = await variablesOf(options, scope);
			const env = [...variables].map(([name, value]) => ({ name, value }));
			const filled = (texts: readonly string[]) => texts.map((text) => expand(text, variables));
			return {
				...spec,
				env,
				...(container.command && { command: filled(container.command) }),
				...(container.args && { args: filled(container.args) }),
			};
		},
	};
}

/** In the order in which they may refer to each other; what the container sets hides what it is told of. */
export async function variablesOf(
	options: EnvOptions,
	scope: ContainerScope,
): Promise<ReadonlyMap<string, string>> {
	const { pod, container } = scope;
	const { namespace = "" } = pod.metadata;
	const told = serviceVariables(options.services(), namespace, pod.spec.enableServiceLinks ?? true);
	const services = new Map(told);
	const own = new Map<string, string>();
	for (const source of container.envFrom ?? []) {
		for (const [name, value] of await readAll(options, scope, source)) own.set(name, value);
	}
	for (const variable of container.env ?? []) {
		const known = new Map([...services, ...own]);
		const value = variable.valueFrom
			? await readOne(options, scope, variable)
			: expand(variable.value ?? "", known);
		if (value !== undefined) own.set(variable.name, value);
	}
	return new Map([...[...services].filter(([name]) => !own.has(name)), ...own]);
}

async function readAll(
	options: EnvOptions,
	scope: ContainerScope,
	{ prefix = "", configMapRef, secretRef }: EnvFromSource,
): Promise<readonly (readonly [string, string])[]> {
	const source = configMapRef ?? secretRef;
	if (!source) return [];
	const values = configMapRef
		? await configMapValues(options, scope, configMapRef.name ?? "")
		: await secretValues(options, scope, secretRef?.name ?? "");
	if (!values && !source.optional) {
		throw configError(`${configMapRef ? "configmap" : "secret"} "${source.name}" not found`);
	}
	// A name with an equals sign would be another name.
	return [...(values ?? [])]
		.map(([name, value]) => [prefix + name, value] as const)
		.filter(([name]) => !name.includes("="));
}

async function readOne(
	options: EnvOptions,
	scope: ContainerScope,
	{ valueFrom }: EnvVar,
): Promise<string | undefined> {
	const { pod, container, podIps } = scope;
	const { namespace = "" } = pod.metadata;
	const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom ?? {};
	if (fieldRef) {
		const value = fieldValue(fieldRef.fieldPath, pod, { podIps, hostIps: options.hostIps });
		if (value === undefined) throw configError(`unsupported fieldPath: ${fieldRef.fieldPath}`);
		return value;
	}
	if (resourceFieldRef) {
		const value = resourceValue(resourceFieldRef, pod, container, options.allocatable());
		if (value === undefined) throw configError(`unsupported resource: ${resourceFieldRef.resource}`);
		return value;
	}
	const key = configMapKeyRef ?? secretKeyRef;
	if (!key) throw configError("the source of a variable is not supported by this agent");
	const { name = "" } = key;
	const values = configMapKeyRef
		? await configMapValues(options, scope, name)
		: await secretValues(options, scope, name);
	const value = values?.get(key.key);
	if (value !== undefined || key.optional) return value;
	if (!values) throw configError(`${configMapKeyRef ? "configmap" : "secret"} "${name}" not found`);
	throw configError(
		`couldn't find key ${key.key} in ${configMapKeyRef ? "ConfigMap" : "Secret"} ${namespace}/${name}`,
	);
}

async function configMapValues(options: EnvOptions, scope: ContainerScope, name: string) {
	const found = await read(options, scope, ConfigMap, name);
	return found && new Map([...Object.entries(found.data ?? {}), ...decoded(found.binaryData)]);
}

async function secretValues(options: EnvOptions, scope: ContainerScope, name: string) {
	const found = await read(options, scope, Secret, name);
	return found && new Map(decoded(found.data));
}

const decoded = (data: Readonly<Record<string, string>> = {}) =>
	Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()] as const);

async function read<T extends KubeObject>(
	{ references }: EnvOptions,
	{ pod, user }: ContainerScope,
	kind: Kind<T>,
	name: string,
): Promise<T | undefined> {
	try {
		return await references.get(kind, pod.metadata.namespace ?? "", name, user);
	} catch (error) {
		throw configError(error instanceof Error ? error.message : String(error));
	}
}

const configError = (message: string) => new StepError("CreateContainerConfigError", message);
