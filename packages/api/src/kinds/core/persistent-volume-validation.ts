/** Validation of persistent volumes. */
import { type FieldError, forbiddenField, notSupported, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { type ObjectType, object } from "../../machinery/schema.ts";
import {
	nonNegativeQuantity,
	optionalName,
	positiveQuantity,
	unchanged,
	unchangedScalar,
} from "../field-checks.ts";
import { sameValue } from "../same-value.ts";
import { validateNodeSelector } from "./affinity-validation.ts";
import { validateAccessModes } from "./claim-validation.ts";
import { validatePersistentSource } from "./persistent-source-validation.ts";
import { type PersistentVolume, type PersistentVolumeSpec, VolumeNodeAffinity } from "./persistent-volume.ts";
import { PERSISTENT_SOURCES, persistentVolumeSourceFields } from "./persistent-volume-source.ts";
import { specDiff } from "./spec-diff.ts";

export const validatePersistentVolume = ({ spec }: PersistentVolume): FieldError[] => [
	...validateAccessModes(spec.accessModes, "spec.accessModes"),
	...capacityErrors(spec.capacity ?? {}, "spec.capacity"),
	...affinityErrors(spec.nodeAffinity, "spec.nodeAffinity"),
	...sourceErrors(spec, "spec"),
	...(isRoot(spec.hostPath?.path) && spec.persistentVolumeReclaimPolicy === "Recycle"
		? [
				forbiddenField(
					"spec.persistentVolumeReclaimPolicy",
					"may not be 'recycle' for a hostPath mount of '/'",
				),
			]
		: []),
	...optionalName("spec.storageClassName", spec.storageClassName, dnsSubdomainErrors),
	...attributesErrors(spec, "spec"),
];

function capacityErrors(capacity: Readonly<Record<string, string>>, path: string): FieldError[] {
	const names = Object.keys(capacity);
	const isStorage = names.length === 1 && names[0] === "storage";
	return [
		...(names.length === 0 ? [required(path)] : []),
		...(isStorage ? [] : [notSupported(path, capacity, ["storage"])]),
		...Object.entries(capacity).flatMap(([name, amount]) => [
			...nonNegativeQuantity(`${path}[${name}]`, amount),
			...positiveQuantity(`${path}[${name}]`, amount),
		]),
	];
}

function affinityErrors(affinity: VolumeNodeAffinity | undefined | null, path: string): FieldError[] {
	if (!affinity) return [];
	return affinity.required
		? validateNodeSelector(affinity.required, `${path}.required`)
		: [required(`${path}.required`, "must specify required node constraints")];
}

function sourceErrors(spec: PersistentVolumeSpec, path: string): FieldError[] {
	const [first, ...others] = PERSISTENT_SOURCES.filter((name) => spec[name]);
	if (first === undefined) return [required(path, "must specify a volume type")];
	return [
		...validatePersistentSource(spec, first, `${path}.${first}`),
		...(first === "local" && !spec.nodeAffinity
			? [required(`${path}.nodeAffinity`, "Local volume requires node affinity")]
			: []),
		...others.map((name) => forbiddenField(`${path}.${name}`, "may not specify more than 1 volume type")),
	];
}

const isRoot = (path: string | undefined) => path !== undefined && /^\/[/.]*$/.test(path);

function attributesErrors({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec, path: string) {
	if (name === undefined || name === null) return [];
	const field = `${path}.volumeAttributesClassName`;
	return [
		...(name === ""
			? [required(field, "an empty string is disallowed")]
			: optionalName(field, name, dnsSubdomainErrors)),
		...(csi ? [] : [required(`${path}.csi`, "has to be specified when using volumeAttributesClassName")]),
	];
}

/** What the volume is made of, alone. */
const PersistentVolumeSource: ObjectType = object(
	"core.v1.PersistentVolumeSource",
	persistentVolumeSourceFields,
);

export function validatePersistentVolumeUpdate(
	{ spec }: PersistentVolume,
	{ spec: old }: PersistentVolume,
): FieldError[] {
	const { csi } = spec;
	const secret = csi?.controllerExpandSecretRef;
	const wasOpen = old.csi && !old.csi.controllerExpandSecretRef && secret;
	const before = wasOpen ? { ...old, csi: { ...old.csi, controllerExpandSecretRef: secret } } : old;
	return [
		...(sameValue(PersistentVolumeSource, spec, before)
			? []
			: [
					forbiddenField(
						"spec.persistentvolumesource",
						`spec.persistentvolumesource is immutable after creation\n${specDiff(PersistentVolumeSource, before, spec)}`,
					),
				]),
		...unchangedScalar("spec.volumeMode", spec.volumeMode, old.volumeMode),
		...(old.nodeAffinity
			? unchanged(VolumeNodeAffinity, "spec.nodeAffinity", spec.nodeAffinity, old.nodeAffinity)
			: []),
		...(old.volumeAttributesClassName && !spec.volumeAttributesClassName
			? [forbiddenField("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden")]
			: []),
	];
}
