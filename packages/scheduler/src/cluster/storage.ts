/** Claims, volumes and classes as a decision sees them. */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "@berth/api";

export interface Storage {
	/** By `namespace/name`. */
	claim(key: string): PersistentVolumeClaim | undefined;
	volume(name: string): PersistentVolume | undefined;
	storageClass(name: string): StorageClass | undefined;
	readonly volumes: readonly PersistentVolume[];
	/** Key of the claim that a volume has been promised to by a decision the server does not show yet. */
	promisedTo(volume: string): string | undefined;
}

export const NO_STORAGE: Storage = {
	claim: () => undefined,
	volume: () => undefined,
	storageClass: () => undefined,
	volumes: [],
	promisedTo: () => undefined,
};
