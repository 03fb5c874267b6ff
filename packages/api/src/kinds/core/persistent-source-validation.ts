/** What each kind of persistent storage needs to be found. */
import { type FieldError, invalidValue, required, tooLong } from "../../machinery/field-error.ts";
import { dnsLabelErrors } from "../../machinery/names.ts";
import { dnsLabel, dnsSubdomain, inRange, invalids, noBacksteps, requiredText } from "../field-checks.ts";
import type { PersistentVolumeSpec } from "./persistent-volume.ts";
import type { CSIPersistentVolumeSource, SecretReference } from "./persistent-volume-source.ts";

/** `name` is the source that is set, `path` leads to it. */
export const validatePersistentSource = (
	spec: PersistentVolumeSpec,
	name: keyof PersistentVolumeSpec,
	path: string,
): FieldError[] => {
	const needed = Object.hasOwn(NEEDED, name) ? (NEEDED[name] ?? []) : [];
	const source: unknown = spec[name];
	return [
		...needed.flatMap((field) => (isSet(source, field) ? [] : [required(`${path}.${field}`)])),
		...(Object.hasOwn(MORE, name) ? (MORE[name]?.(spec, path) ?? []) : []),
	];
};

const NEEDED: Readonly<Partial<Record<keyof PersistentVolumeSpec, readonly string[]>>> = {
	gcePersistentDisk: ["pdName"],
	awsElasticBlockStore: ["volumeID"],
	hostPath: ["path"],
	glusterfs: ["endpoints", "path"],
	nfs: ["server", "path"],
	rbd: ["monitors", "image"],
	iscsi: ["targetPortal", "iqn"],
	cinder: ["volumeID"],
	cephfs: ["monitors"],
	flexVolume: ["driver"],
	azureFile: ["secretName", "shareName"],
	vsphereVolume: ["volumePath"],
	quobyte: ["registry", "volume"],
	azureDisk: ["diskName", "diskURI"],
	photonPersistentDisk: ["pdID"],
	portworxVolume: ["volumeID"],
	scaleIO: ["gateway", "system", "volumeName"],
	local: ["path"],
	csi: ["driver", "volumeHandle"],
};

type Check = (spec: PersistentVolumeSpec, path: string) => FieldError[];

const MORE: Readonly<Partial<Record<keyof PersistentVolumeSpec, Check>>> = {
	hostPath: ({ hostPath }, path) => noBacksteps(`${path}.path`, hostPath?.path ?? ""),
	local: ({ local }, path) => noBacksteps(`${path}.path`, local?.path ?? ""),
	nfs: ({ nfs }, path) =>
		nfs?.path?.startsWith("/")
			? []
			: [invalidValue(`${path}.path`, nfs?.path ?? "", "must be an absolute path")],
	iscsi: ({ iscsi }, path) => [
		...inRange(`${path}.lun`, iscsi?.lun ?? 0, 0, 255),
		...((iscsi?.chapAuthDiscovery || iscsi?.chapAuthSession) && !iscsi.secretRef
			? [required(`${path}.secretRef`)]
			: []),
	],
	fc: ({ fc }, path) => {
		const [wwns, ids] = [(fc?.targetWWNs?.length ?? 0) > 0, (fc?.wwids?.length ?? 0) > 0];
		if (!wwns && !ids)
			return [required(`${path}.targetWWNs`, "must specify either targetWWNs or wwids, but not both")];
		if (wwns && ids)
			return [
				invalidValue(
					`${path}.targetWWNs`,
					fc?.targetWWNs,
					"targetWWNs and wwids can not be specified simultaneously",
				),
			];
		if (!wwns) return [];
		return fc?.lun === undefined || fc.lun === null
			? [required(`${path}.lun`, "lun is required if targetWWNs is specified")]
			: inRange(`${path}.lun`, fc.lun, 0, 255);
	},
	csi: ({ csi }, path) => (csi ? csiErrors(csi, path) : []),
};

const MAX_DRIVER_NAME = 63;

const csiErrors = (source: CSIPersistentVolumeSource, path: string): FieldError[] => [
	...(source.driver && source.driver.length > MAX_DRIVER_NAME
		? [tooLong(`${path}.driver`, MAX_DRIVER_NAME)]
		: dnsSubdomain(`${path}.driver`, source.driver?.toLowerCase())),
	...SECRETS.flatMap((field) => secretErrors(source[field], `${path}.${field}`)),
];

const SECRETS = [
	"controllerPublishSecretRef",
	"controllerExpandSecretRef",
	"nodePublishSecretRef",
	"nodeExpandSecretRef",
] as const;

const secretErrors = (secret: SecretReference | undefined | null, path: string): FieldError[] =>
	secret
		? [
				...requiredText(`${path}.name`, secret.name),
				...(secret.namespace
					? invalids(`${path}.namespace`, secret.namespace, dnsLabelErrors(secret.namespace))
					: [...requiredText(`${path}.namespace`, secret.namespace), ...dnsLabel(`${path}.namespace`, "")]),
			]
		: [];

function isSet(source: unknown, field: string): boolean {
	if (typeof source !== "object" || source === null || !Object.hasOwn(source, field)) return false;
	const value = (source as Record<string, unknown>)[field];
	return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
