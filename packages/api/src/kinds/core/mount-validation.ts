/** Validation of how containers mount volumes. */
import {
	type FieldError,
	fieldNotFound,
	forbiddenField,
	invalidValue,
	required,
} from "../../machinery/field-error.ts";
import { localPath, noBacksteps, requiredText } from "../field-checks.ts";
import type { Container, VolumeDevice, VolumeMount } from "./container.ts";
import type { Volume } from "./volume.ts";

export type VolumesByName = ReadonlyMap<string, Volume>;

/** Mounts and raw devices of one container; `path` is the container's. */
export const validateMounts = (container: Container, volumes: VolumesByName, path: string): FieldError[] => [
	...mountErrors(container, volumes, `${path}.volumeMounts`),
	...deviceErrors(container, volumes, `${path}.volumeDevices`),
];

function mountErrors(container: Container, volumes: VolumesByName, path: string): FieldError[] {
	const devices = container.volumeDevices ?? [];
	const mounts = container.volumeMounts ?? [];
	return mounts.flatMap((mount, index) => {
		const at = `${path}[${index}]`;
		const before = mounts.slice(0, index);
		return [
			...requiredText(`${at}.name`, mount.name),
			...(volumes.has(mount.name) ? [] : [fieldNotFound(`${at}.name`, mount.name ?? "")]),
			...requiredText(`${at}.mountPath`, mount.mountPath),
			...refuse(
				before.some((other) => other.mountPath === mount.mountPath),
				invalidValue(`${at}.mountPath`, mount.mountPath, "must be unique"),
			),
			...refuse(
				devices.some((device) => device.name === mount.name),
				invalidValue(`${at}.name`, mount.name, "must not already exist in volumeDevices"),
			),
			...refuse(
				devices.some((device) => device.devicePath === mount.mountPath),
				invalidValue(`${at}.mountPath`, mount.mountPath, "must not already exist as a path in volumeDevices"),
			),
			...subPathErrors(mount, { list: path, at }),
			...propagationErrors(mount, container, path),
			...recursiveReadOnlyErrors(mount, `${path}.recursiveReadOnly`),
		];
	});
}

/** The reference API names the list, not the mount, in these paths. */
function subPathErrors(mount: VolumeMount, { list, at }: { list: string; at: string }): FieldError[] {
	return [
		...(mount.subPath ? localPath(`${list}.subPath`, mount.subPath) : []),
		...refuse(
			!!mount.subPath && !!mount.subPathExpr,
			invalidValue(`${at}.subPathExpr`, mount.subPathExpr, "subPathExpr and subPath are mutually exclusive"),
		),
		...(mount.subPathExpr ? localPath(`${list}.subPathExpr`, mount.subPathExpr) : []),
	];
}

const propagationErrors = (mount: VolumeMount, container: Container, list: string): FieldError[] =>
	refuse(
		mount.mountPropagation === "Bidirectional" && !container.securityContext?.privileged,
		forbiddenField(
			`${list}.mountPropagation`,
			"Bidirectional mount propagation is available only to privileged containers",
		),
	);

function recursiveReadOnlyErrors(mount: VolumeMount, field: string): FieldError[] {
	if (!mount.recursiveReadOnly || mount.recursiveReadOnly === "Disabled") return [];
	return [
		...refuse(!mount.readOnly, forbiddenField(field, "may only be specified when readOnly is true")),
		...refuse(
			!!mount.mountPropagation && mount.mountPropagation !== "None",
			forbiddenField(field, "may only be specified when mountPropagation is None or not specified"),
		),
	];
}

function deviceErrors(container: Container, volumes: VolumesByName, path: string): FieldError[] {
	const mounts = container.volumeMounts ?? [];
	const devices = container.volumeDevices ?? [];
	return devices.flatMap((device, index) => {
		const at = `${path}[${index}]`;
		const before = devices.slice(0, index);
		return [
			...deviceNameErrors(device, volumes, `${at}.name`),
			...refuse(
				before.some((other) => other.name === device.name),
				invalidValue(`${at}.name`, device.name, "must be unique"),
			),
			...requiredText(`${at}.devicePath`, device.devicePath),
			...refuse(
				before.some((other) => other.devicePath === device.devicePath),
				invalidValue(`${at}.devicePath`, device.devicePath, "must be unique"),
			),
			...refuse(
				noBacksteps(at, device.devicePath ?? "").length > 0,
				invalidValue(`${at}.devicePath`, device.devicePath, "can not contain backsteps ('..')"),
			),
			...refuse(
				mounts.some((mount) => mount.name === device.name),
				invalidValue(`${at}.name`, device.name, "must not already exist in volumeMounts"),
			),
			...refuse(
				mounts.some((mount) => mount.mountPath === device.devicePath),
				invalidValue(
					`${at}.devicePath`,
					device.devicePath,
					"must not already exist as a path in volumeMounts",
				),
			),
		];
	});
}

function deviceNameErrors({ name }: VolumeDevice, volumes: VolumesByName, field: string): FieldError[] {
	const volume = volumes.get(name);
	return [
		...refuse(!name, required(field)),
		...refuse(!volume, fieldNotFound(field, name ?? "")),
		...refuse(
			!!volume && !volume.persistentVolumeClaim && !volume.ephemeral,
			invalidValue(
				field,
				name,
				"can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
			),
		),
	];
}

const refuse = (holds: boolean, error: FieldError): FieldError[] => (holds ? [error] : []);
