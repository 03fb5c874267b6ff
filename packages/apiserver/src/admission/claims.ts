/** Claims get the default class of storage, and grow only where their class lets them. */
import { compareQuantities, PersistentVolumeClaim, StorageClass } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, isAbout, refuse } from "./admission.ts";

const DEFAULT_CLASS = [
	"storageclass.kubernetes.io/is-default-class",
	"storageclass.beta.kubernetes.io/is-default-class",
];
/** Where claims named their class before there was a field. */
const OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

export function defaultStorageClass(objects: Objects): AdmissionPlugin {
	return {
		name: "DefaultStorageClass",
		admit: (request) => {
			if (!isAbout(request, PersistentVolumeClaim) || request.operation !== "CREATE") return undefined;
			const claim = request.object as PersistentVolumeClaim;
			if (classOf(claim) !== undefined) return undefined;
			const found = newestDefault(
				objects
					.of<StorageClass>(StorageClass)
					.list()
					.map(({ object }) => object),
			);
			return found && { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } };
		},
	};
}

export function claimResize(objects: Objects): AdmissionPlugin {
	return {
		name: "PersistentVolumeClaimResize",
		validate: (request) => {
			if (!isAbout(request, PersistentVolumeClaim) || request.operation !== "UPDATE") return;
			const [claim, old] = [request.object, request.old] as [PersistentVolumeClaim, PersistentVolumeClaim];
			if (compareQuantities(sizeOf(claim), sizeOf(old)) <= 0) return;
			if (old.status?.phase !== "Bound") {
				throw refuse(request, "Only bound persistent volume claims can be expanded");
			}
			const name = classOf(claim);
			const found = name ? objects.of<StorageClass>(StorageClass).get(name)?.object : undefined;
			if (name === classOf(old) && found?.allowVolumeExpansion) return;
			throw refuse(
				request,
				"only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
			);
		},
	};
}

const sizeOf = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage ?? "0";

/** Undefined when the claim leaves it open; "" when it wants a volume without a class. */
const classOf = ({ metadata, spec }: PersistentVolumeClaim): string | undefined =>
	metadata.annotations?.[OLD_CLASS] ?? spec.storageClassName ?? undefined;

function newestDefault(classes: readonly StorageClass[]): StorageClass | undefined {
	const defaults = classes.filter(({ metadata }) =>
		DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === "true"),
	);
	return defaults.toSorted(
		(a, b) =>
			b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp) ||
			a.metadata.name.localeCompare(b.metadata.name),
	)[0];
}
