/** Claims, volumes and classes from the informers. */
import { PersistentVolume, PersistentVolumeClaim, StorageClass } from "@berth/api";
import type { Informers } from "@berth/client";
import type { Storage } from "../cluster/storage.ts";
import type { Observation } from "../observe.ts";
import type { WakeUps } from "../wake-ups.ts";
import type { VolumePreparer } from "./prepare-volumes.ts";

export function storageOf(informers: Informers, promisedTo: (volume: string) => string | undefined): Storage {
	const claims = informers.of(PersistentVolumeClaim);
	const volumes = informers.of(PersistentVolume);
	const classes = informers.of(StorageClass);
	return {
		claim: (key) => claims.get(key),
		volume: (name) => volumes.get(name),
		storageClass: (name) => classes.get(name),
		get volumes() {
			return volumes.list();
		},
		promisedTo,
	};
}

/** Any change of them may be what a pod waits for. */
export function observeStorage(
	informers: Informers,
	preparer: VolumePreparer,
	wakeUps: WakeUps,
): Observation {
	const claims = informers.of(PersistentVolumeClaim);
	const volumes = informers.of(PersistentVolume);
	const classes = informers.of(StorageClass);
	const tell = () => wakeUps.note("storage");
	const subscriptions = [
		claims.subscribe(tell),
		volumes.subscribe(({ type, object }) => {
			preparer.shown(object, type === "deleted");
			tell();
		}),
		classes.subscribe(tell),
	];
	return {
		synced: Promise.all([claims.whenSynced, volumes.whenSynced, classes.whenSynced]),
		stop: () => {
			for (const unsubscribe of subscriptions) unsubscribe();
		},
	};
}
