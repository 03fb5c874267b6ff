/** Validation of volumes: one source each, and what the source needs. */
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { dnsLabelErrors, dnsSubdomainErrors } from "../../machinery/names.ts";
import { parseQuantity } from "../../machinery/quantity.ts";
import {
	duplicates,
	fileMode,
	invalids,
	localUnreservedPath,
	noBacksteps,
	requiredName,
	requiredText,
} from "../field-checks.ts";
import { VOLUME_FIELDS, validateFieldRef, validateResourceFieldRef } from "./env-validation.ts";
import type { NFSVolumeSource } from "./network-volume.ts";
import { validateProjections } from "./projection-validation.ts";
import type { EmptyDirVolumeSource, EphemeralVolumeSource, HostPathVolumeSource, Volume } from "./volume.ts";
import type { DownwardAPIVolumeFile, KeyToPath } from "./volume-files.ts";

export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
	const validNames = volumes.map(({ name }) =>
		name && dnsLabelErrors(name).length === 0 ? name : undefined,
	);
	return [
		...volumes.flatMap((volume, index) => [
			...requiredName(`${path}[${index}].name`, volume.name, dnsLabelErrors),
			...sourceErrors(volume, `${path}[${index}]`),
		]),
		...duplicates(validNames, (index) => `${path}[${index}].name`),
	];
}

type Sources = Omit<Volume, "name">;
type SourceName = keyof Sources;

function sourceErrors({ name: _, ...sources }: Volume, path: string): FieldError[] {
	const set = (Object.keys(sources) as SourceName[]).filter((name) => sources[name]);
	const [first, ...others] = set;
	if (first === undefined) return [required(path, "must specify a volume type")];
	return [
		...(Object.hasOwn(SOURCES, first) ? (SOURCES[first]?.(sources, `${path}.${first}`) ?? []) : []),
		...others.map((name) => forbiddenField(`${path}.${name}`, "may not specify more than one volume type")),
	];
}

type Check = (sources: Sources, path: string) => FieldError[];

/** A source that must name some things, and no more. */
const naming =
	<T extends object>(pick: (sources: Sources) => T | undefined, ...fields: (keyof T & string)[]): Check =>
	(sources, path) => {
		const source = pick(sources);
		return fields.flatMap((field) => {
			const value: unknown = source?.[field];
			const isThere = Array.isArray(value) ? value.length > 0 : Boolean(value);
			return isThere ? [] : [required(`${path}.${field}`)];
		});
	};

const SOURCES: Readonly<Partial<Record<SourceName, Check>>> = {
	emptyDir: ({ emptyDir }, path) => (emptyDir ? emptyDirErrors(emptyDir, path) : []),
	hostPath: ({ hostPath }, path) => (hostPath ? hostPathErrors(hostPath, path) : []),
	secret: ({ secret }, path) => [
		...requiredText(`${path}.secretName`, secret?.secretName),
		...filesErrors(secret, path),
	],
	configMap: ({ configMap }, path) => [
		...requiredText(`${path}.name`, configMap?.name),
		...filesErrors(configMap, path),
	],
	downwardAPI: ({ downwardAPI }, path) => [
		...fileMode(`${path}.defaultMode`, downwardAPI?.defaultMode),
		...downwardFileErrors(downwardAPI?.items ?? [], path),
	],
	projected: ({ projected }, path) => [
		...fileMode(`${path}.defaultMode`, projected?.defaultMode),
		...validateProjections(projected?.sources ?? [], `${path}.sources`),
	],
	nfs: ({ nfs }, path) => (nfs ? nfsErrors(nfs, path) : []),
	ephemeral: ({ ephemeral }, path) => (ephemeral ? ephemeralErrors(ephemeral, path) : []),
	image: naming(({ image }) => image, "reference"),
	persistentVolumeClaim: naming(({ persistentVolumeClaim }) => persistentVolumeClaim, "claimName"),
	csi: ({ csi }, path) => requiredName(`${path}.driver`, csi?.driver, dnsSubdomainErrors),
	gitRepo: ({ gitRepo }, path) => [
		...requiredText(`${path}.repository`, gitRepo?.repository),
		...(gitRepo?.directory ? localUnreservedPath(`${path}.directory`, gitRepo.directory) : []),
	],
	gcePersistentDisk: naming(({ gcePersistentDisk }) => gcePersistentDisk, "pdName"),
	awsElasticBlockStore: naming(({ awsElasticBlockStore }) => awsElasticBlockStore, "volumeID"),
	iscsi: naming(({ iscsi }) => iscsi, "targetPortal", "iqn"),
	glusterfs: naming(({ glusterfs }) => glusterfs, "endpoints", "path"),
	rbd: naming(({ rbd }) => rbd, "monitors", "image"),
	flexVolume: naming(({ flexVolume }) => flexVolume, "driver"),
	cinder: naming(({ cinder }) => cinder, "volumeID"),
	cephfs: naming(({ cephfs }) => cephfs, "monitors"),
	azureFile: naming(({ azureFile }) => azureFile, "secretName", "shareName"),
	azureDisk: naming(({ azureDisk }) => azureDisk, "diskName", "diskURI"),
	vsphereVolume: naming(({ vsphereVolume }) => vsphereVolume, "volumePath"),
	quobyte: naming(({ quobyte }) => quobyte, "registry", "volume"),
	photonPersistentDisk: naming(({ photonPersistentDisk }) => photonPersistentDisk, "pdID"),
	portworxVolume: naming(({ portworxVolume }) => portworxVolume, "volumeID"),
	scaleIO: naming(({ scaleIO }) => scaleIO, "gateway", "system", "volumeName"),
};

const emptyDirErrors = ({ sizeLimit }: EmptyDirVolumeSource, path: string): FieldError[] =>
	sizeLimit && parseQuantity(sizeLimit) < 0n
		? [forbiddenField(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")]
		: [];

const hostPathErrors = (source: HostPathVolumeSource, path: string): FieldError[] =>
	source.path ? noBacksteps(`${path}.path`, source.path) : [required(`${path}.path`)];

const nfsErrors = (source: NFSVolumeSource, path: string): FieldError[] => [
	...requiredText(`${path}.server`, source.server),
	...requiredText(`${path}.path`, source.path),
	...(source.path?.startsWith("/")
		? []
		: [invalidValue(`${path}.path`, source.path ?? "", "must be an absolute path")]),
];

const ephemeralErrors = (source: EphemeralVolumeSource, path: string): FieldError[] =>
	source.volumeClaimTemplate ? [] : [required(`${path}.volumeClaimTemplate`)];

interface Files {
	readonly items?: readonly KeyToPath[] | undefined;
	readonly defaultMode?: number | undefined;
}

const filesErrors = (files: Files | undefined | null, path: string): FieldError[] => [
	...fileMode(`${path}.defaultMode`, files?.defaultMode),
	...validateItems(files?.items ?? [], `${path}.items`),
];

/** Keys and the files they become. */
export const validateItems = (items: readonly KeyToPath[], path: string): FieldError[] =>
	items.flatMap((item, index) => [
		...requiredText(`${path}[${index}].key`, item.key),
		...requiredText(`${path}[${index}].path`, item.path),
		...localUnreservedPath(`${path}[${index}].path`, item.path ?? ""),
		...fileMode(`${path}[${index}].mode`, item.mode),
	]);

/** Files of a downward API volume; the reference API gives the paths of the volume, not of the item. */
export const downwardFileErrors = (items: readonly DownwardAPIVolumeFile[], path: string): FieldError[] =>
	items.flatMap((item) => [
		...requiredText(`${path}.path`, item.path),
		...localUnreservedPath(`${path}.path`, item.path ?? ""),
		...contentErrors(item, path),
		...fileMode(`${path}.mode`, item.mode),
	]);

function contentErrors({ fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, path: string): FieldError[] {
	if (fieldRef)
		return [
			...validateFieldRef(fieldRef, VOLUME_FIELDS, `${path}.fieldRef`),
			...(resourceFieldRef
				? invalids(path, "resource", ["fieldRef and resourceFieldRef can not be specified simultaneously"])
				: []),
		];
	return resourceFieldRef
		? validateResourceFieldRef(resourceFieldRef, { path: `${path}.resourceFieldRef`, inVolume: true })
		: [required(path, "one of fieldRef and resourceFieldRef is required")];
}
