/** Claims and volumes are born with a finalizer that keeps them while they are in use; controllers take it away. */
import { CLAIM_PROTECTION, PersistentVolume, PersistentVolumeClaim, VOLUME_PROTECTION } from "@berth/api";
import { type AdmissionPlugin, isAbout } from "./admission.ts";

export function storageProtection(): AdmissionPlugin {
	return {
		name: "StorageObjectInUseProtection",
		admit: (request) => {
			const { object } = request;
			if (request.operation !== "CREATE" || request.subresource || !object) return undefined;
			const finalizer = isAbout(request, PersistentVolumeClaim)
				? CLAIM_PROTECTION
				: isAbout(request, PersistentVolume)
					? VOLUME_PROTECTION
					: undefined;
			const { finalizers = [] } = object.metadata;
			if (!finalizer || finalizers.includes(finalizer)) return undefined;
			return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
		},
	};
}
