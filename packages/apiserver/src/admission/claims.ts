/** Claims get the default class of storage, and grow only where their class lets them. */
import {
	compareQuantities,
	defaultStorageClassOf,
	PersistentVolumeClaim,
	StorageClass,
	storageClassNameOf,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, isAbout, refuse } from "./admission.ts";

export function defaultStorageClass(objects: Objects): AdmissionPlugin {
	return {
		name: "DefaultStorageClass",
		admit: (request) => {
			if (!isAbout(request, PersistentVolumeClaim) || request.operation !== "CREATE") return undefined;
			const claim = request.object as PersistentVolumeClaim;
			if (storageClassNameOf(claim) !== undefined) return undefined;
			const found = defaultStorageClassOf(
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
			const name = storageClassNameOf(claim);
			const found = name ? objects.of<StorageClass>(StorageClass).get(name)?.object : undefined;
			if (name === storageClassNameOf(old) && found?.allowVolumeExpansion) return;
			throw refuse(
				request,
				"only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
			);
		},
	};
}

const sizeOf = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage ?? "0";
