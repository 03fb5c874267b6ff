/** A container's variables, and its command and arguments with their values filled in. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	ConfigMap,
	type EnvFromSource,
	type EnvVar,
	type FileKeySelector,
	type Kind,
	type KubeObject,
	type Pod,
	Secret,
	type Service,
} from "@berth/api";
import type { EventRecorder } from "@berth/reconcile";
import { isStatic } from "../../static-pods/origin.ts";
import { missingAs, type PodDirectories, readJson, writeWhole } from "../pod-directory.ts";
import type { References } from "../references.ts";
import { type ContainerScope, type PodStep, StepError } from "../step.ts";
import { readEnvFile } from "./env-file.ts";
import { expand } from "./expand.ts";
import { fieldValue } from "./field-ref.ts";
import { resourceValue } from "./resource-ref.ts";
import { serviceVariables, type Variable } from "./service-env.ts";

/** Told of a source whose keys cannot be names of variables. */
type Skipped = (source: string, names: readonly string[]) => void;

/** Printable ASCII without the equals sign, which would end the name. */
const NAME = /^[ -<>-~]+$/;

export interface EnvOptions {
	readonly references: References;
	readonly directories: PodDirectories;
	/** Undefined while they are not known. */
	readonly services: () => readonly Service[] | undefined;
	readonly hostIps: readonly string[];
	/** Of this node. */
	readonly allocatable: () => Readonly<Record<string, string>>;
}

export function envStep(options: EnvOptions & { readonly events: EventRecorder }): PodStep {
	return {
		name: "env",
		async container(spec, scope) {
			const { container } = scope;
			const variables = await variablesOf(options, scope, (source, names) =>
				options.events.warning(
					scope.pod,
					"InvalidEnvironmentVariableNames",
					`Keys [${names.join(", ")}] from the EnvFrom ${source} were skipped since they are considered invalid environment variable names.`,
				),
			);
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
	skipped: Skipped = () => {},
): Promise<ReadonlyMap<string, string>> {
	const { pod, container } = scope;
	const services = new Map(await toldOfServices(options, pod));
	const own = new Map<string, string>();
	for (const source of container.envFrom ?? []) {
		for (const [name, value] of await readAll(options, scope, source, skipped)) own.set(name, value);
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

/** What the pod's containers were told last is still better than nothing, while nobody can be asked. */
async function toldOfServices({ services, directories }: EnvOptions, pod: Pod) {
	const { metadata, spec } = pod;
	const file = join(directories.of(metadata.uid), "services.json");
	const known = services();
	if (!known) {
		const last = await readJson<readonly Variable[]>(file);
		if (last) return last;
		// It may be what the API server itself runs in.
		if (isStatic(pod)) return [];
		throw configError("services have not yet been read at least once, cannot construct envvars");
	}
	const told = serviceVariables(known, metadata.namespace ?? "", spec.enableServiceLinks ?? true);
	const text = JSON.stringify(told);
	if ((await missingAs(readFile(file, "utf8"), undefined)) !== text) await writeWhole(file, text);
	return told;
}

async function readAll(
	options: EnvOptions,
	scope: ContainerScope,
	{ prefix = "", configMapRef, secretRef }: EnvFromSource,
	skipped: Skipped,
): Promise<readonly (readonly [string, string])[]> {
	const source = configMapRef ?? secretRef;
	if (!source) return [];
	const values = configMapRef
		? await configMapValues(options, scope, configMapRef.name ?? "")
		: await secretValues(options, scope, secretRef?.name ?? "");
	if (!values && !source.optional) {
		throw configError(`${configMapRef ? "configmap" : "secret"} "${source.name}" not found`);
	}
	const named = [...(values ?? [])].map(([name, value]) => [prefix + name, value] as const);
	const bad = named.map(([name]) => name).filter((name) => !NAME.test(name));
	const { namespace } = scope.pod.metadata;
	if (bad.length > 0)
		skipped(`${configMapRef ? "configMap" : "secret"} ${namespace}/${source.name}`, bad.sort());
	return named.filter(([name]) => NAME.test(name));
}

async function readOne(
	options: EnvOptions,
	scope: ContainerScope,
	{ valueFrom }: EnvVar,
): Promise<string | undefined> {
	const { pod, container, podIps } = scope;
	const { namespace = "" } = pod.metadata;
	const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom ?? {};
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
	if (fileKeyRef) return fromFile(options, scope, fileKeyRef);
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

async function fromFile(
	{ directories }: EnvOptions,
	{ pod }: ContainerScope,
	{ volumeName, path, key, optional }: FileKeySelector,
): Promise<string | undefined> {
	let variables: ReadonlyMap<string, string> | undefined;
	try {
		variables = await readEnvFile(directories.volume(pod.metadata.uid, volumeName), path);
	} catch (error) {
		throw configError(`couldn't parse env file: ${error instanceof Error ? error.message : error}`);
	}
	const value = variables?.get(key);
	if (value !== undefined || optional) return value;
	if (!variables) throw configError(`couldn't parse env file: ${path} not found in volume "${volumeName}"`);
	throw configError(`environment variable key "${key}" not found in file "${path}"`);
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
