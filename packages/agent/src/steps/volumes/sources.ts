/** Files of volumes from what the API knows: ConfigMaps, Secrets, the pod itself, tokens. */
import {
	ConfigMap,
	type Container,
	type DownwardAPIVolumeFile,
	type KeyToPath,
	type Kind,
	type KubeObject,
	type Pod,
	Secret,
	type ServiceAccountTokenProjection,
	type Volume,
	type VolumeProjection,
} from "@berth/api";
import { fieldValue } from "../env/field-ref.ts";
import { resourceValue } from "../env/resource-ref.ts";
import type { References } from "../references.ts";
import type { PodScope } from "../step.ts";
import {
	configMapData,
	DEFAULT_MODE,
	type Payload,
	type PayloadFile,
	secretData,
	selectKeys,
} from "./payload.ts";
import type { Tokens } from "./tokens.ts";

export interface SourceOptions {
	readonly references: References;
	readonly tokens: Tokens;
	readonly hostIps: readonly string[];
	/** Of this node. */
	readonly allocatable: () => Readonly<Record<string, string>>;
}

interface Source {
	readonly options: SourceOptions;
	readonly scope: PodScope;
	readonly mode: number;
}

/** Empty for a volume that is not made of such files. Throws with what is missing. */
export async function payloadOf(options: SourceOptions, volume: Volume, scope: PodScope): Promise<Payload> {
	const { configMap, secret, downwardAPI, projected } = volume;
	const source = (mode = DEFAULT_MODE): Source => ({ options, scope, mode });
	if (configMap) return fromConfigMap(source(configMap.defaultMode), configMap.name ?? "", configMap);
	if (secret) return fromSecret(source(secret.defaultMode), secret.secretName ?? "", secret);
	if (downwardAPI) return fromPod(source(downwardAPI.defaultMode), downwardAPI.items ?? []);
	const payload = new Map<string, PayloadFile>();
	const missing: string[] = [];
	for (const projection of projected?.sources ?? []) {
		try {
			for (const [path, file] of await fromProjection(source(projected?.defaultMode), projection))
				payload.set(path, file);
		} catch (error) {
			missing.push(error instanceof Error ? error.message : String(error));
		}
	}
	if (missing.length > 1) throw new Error(`[${missing.join(", ")}]`);
	if (missing.length > 0) throw new Error(missing[0]);
	return payload;
}

async function fromProjection(source: Source, projection: VolumeProjection): Promise<Payload> {
	const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
	if (configMap) return fromConfigMap(source, configMap.name ?? "", configMap);
	if (secret) return fromSecret(source, secret.name ?? "", secret);
	if (downwardAPI) return fromPod(source, downwardAPI.items ?? []);
	if (serviceAccountToken) return fromToken(source, serviceAccountToken);
	if (clusterTrustBundle) {
		throw new Error(
			"unable to use ClusterTrustBundle volumes: this cluster's API serves no ClusterTrustBundles",
		);
	}
	throw new Error("pod certificates in projected volumes are not supported by this agent");
}

async function fromToken(
	{ options, scope, mode }: Source,
	{ path, audience, expirationSeconds }: ServiceAccountTokenProjection,
): Promise<Payload> {
	const token = await options.tokens.get(scope.pod, { audience, expirationSeconds }, scope.user);
	const owner = onlyUserOf(scope.pod);
	// Whoever is named is let in, as the owner or by the volume's group: nobody else needs to be.
	const isNamed = owner !== undefined || scope.pod.spec.securityContext?.fsGroup !== undefined;
	return new Map([[path, { data: Buffer.from(token), mode: isNamed ? 0o600 : mode, owner }]]);
}

/** The user that all containers are said to run as; undefined when one does not say, or they differ. */
export function onlyUserOf({ spec }: Pod): number | undefined {
	const containers = [
		...spec.containers,
		...(spec.initContainers ?? []),
		...(spec.ephemeralContainers ?? []),
	];
	const users = new Set(
		containers.map(({ securityContext }) => securityContext?.runAsUser ?? spec.securityContext?.runAsUser),
	);
	const [user] = users;
	return users.size === 1 ? user : undefined;
}

interface Keys {
	readonly items?: readonly KeyToPath[] | undefined;
	readonly optional?: boolean | undefined;
}

async function fromConfigMap(source: Source, name: string, keys: Keys): Promise<Payload> {
	const found = await read(source, ConfigMap, name);
	if (!found) return missing(`configmap "${name}" not found`, keys);
	return selectKeys(configMapData(found), {
		of: "config",
		items: keys.items,
		mode: source.mode,
		optional: keys.optional ?? false,
	});
}

async function fromSecret(source: Source, name: string, keys: Keys): Promise<Payload> {
	const found = await read(source, Secret, name);
	if (!found) return missing(`secret "${name}" not found`, keys);
	return selectKeys(secretData(found), {
		of: "secret",
		items: keys.items,
		mode: source.mode,
		optional: keys.optional ?? false,
	});
}

function missing(message: string, { optional }: Keys): Payload {
	if (!optional) throw new Error(message);
	return new Map();
}

const read = <T extends KubeObject>({ options, scope }: Source, kind: Kind<T>, name: string) =>
	options.references.get(kind, scope.pod.metadata.namespace ?? "", name, scope.user);

/** Addresses are no part of it: volumes are made before the pod has one. */
function fromPod({ options, scope, mode }: Source, items: readonly DownwardAPIVolumeFile[]): Payload {
	const payload = new Map<string, PayloadFile>();
	for (const item of items) {
		const { fieldRef, resourceFieldRef } = item;
		const none: Container | undefined = undefined;
		const value = fieldRef
			? fieldValue(fieldRef.fieldPath, scope.pod, { podIps: [], hostIps: options.hostIps })
			: resourceFieldRef && resourceValue(resourceFieldRef, scope.pod, none, options.allocatable());
		if (value === undefined) {
			throw new Error(`unsupported field: ${fieldRef?.fieldPath ?? resourceFieldRef?.resource}`);
		}
		payload.set(item.path, { data: Buffer.from(value), mode: item.mode ?? mode });
	}
	return payload;
}
