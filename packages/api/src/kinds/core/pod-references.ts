/** The secrets and config maps a pod names. Pure. */
import type { Container, EphemeralContainer } from "./container.ts";
import type { Pod } from "./pod.ts";
import type { Volume } from "./volume.ts";

export interface PodReferences {
	readonly secrets: ReadonlySet<string>;
	readonly configMaps: ReadonlySet<string>;
}

type Names = readonly (string | undefined)[];

export function podReferences({ spec }: Pod): PodReferences {
	const containers = [
		...spec.containers,
		...(spec.initContainers ?? []),
		...(spec.ephemeralContainers ?? []),
	];
	const volumes = spec.volumes ?? [];
	return {
		secrets: known([
			...(spec.imagePullSecrets ?? []).map(({ name }) => name),
			...containers.flatMap(environmentSecrets),
			...volumes.flatMap(volumeSecrets),
		]),
		configMaps: known([...containers.flatMap(environmentMaps), ...volumes.flatMap(volumeMaps)]),
	};
}

const known = (names: Names): ReadonlySet<string> => new Set(names.flatMap((name) => name || []));

const environmentSecrets = ({ env = [], envFrom = [] }: Container | EphemeralContainer): Names => [
	...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
	...envFrom.map(({ secretRef }) => secretRef?.name),
];

const environmentMaps = ({ env = [], envFrom = [] }: Container | EphemeralContainer): Names => [
	...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
	...envFrom.map(({ configMapRef }) => configMapRef?.name),
];

const volumeSecrets = (volume: Volume): Names => [
	volume.secret?.secretName,
	...(volume.projected?.sources ?? []).map(({ secret }) => secret?.name),
	volume.csi?.nodePublishSecretRef?.name,
	volume.azureFile?.secretName,
	volume.cephfs?.secretRef?.name,
	volume.cinder?.secretRef?.name,
	volume.flexVolume?.secretRef?.name,
	volume.iscsi?.secretRef?.name,
	volume.rbd?.secretRef?.name,
	volume.scaleIO?.secretRef?.name,
	volume.storageos?.secretRef?.name,
];

const volumeMaps = (volume: Volume): Names => [
	volume.configMap?.name,
	...(volume.projected?.sources ?? []).map(({ configMap }) => configMap?.name),
];
