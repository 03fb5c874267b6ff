/** Brings claims and persistent volumes together, and says of each where it stands. */
import {
	deepEqual,
	formatTime,
	isNotFound,
	type Kind,
	type KubeObject,
	keyOf,
	PersistentVolume,
	PersistentVolumeClaim,
	StorageClass,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { type Note, planClaim, type StorageWorld } from "./plan-claim.ts";
import { planVolume } from "./plan-volume.ts";

const CLAIM = "claim:";
const VOLUME = "volume:";

export function createVolumeBinderController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const claims = informers.of(PersistentVolumeClaim);
	const volumes = informers.of(PersistentVolume);
	const classes = informers.of(StorageClass);
	volumes.index("claim", ({ spec: { claimRef } }) =>
		claimRef ? [`${claimRef.namespace}/${claimRef.name}`] : [],
	);

	async function reconcile(key: string) {
		try {
			if (key.startsWith(CLAIM)) await syncClaim(key.slice(CLAIM.length));
			else await syncVolume(key.slice(VOLUME.length));
		} catch (error) {
			// It is going, and its deletion will be told.
			if (!isNotFound(error)) throw error;
		}
		return undefined;
	}

	async function syncClaim(key: string): Promise<void> {
		const claim = claims.get(key);
		if (!claim || claim.metadata.deletionTimestamp) return;
		const world: StorageWorld = {
			volumes: volumes.list(),
			classes: classes.list(),
			volume: (name) => volumes.get(name),
		};
		const plan = planClaim(claim, world, formatTime(clock.now()));
		const before = plan.volume && volumes.get(plan.volume.metadata.name);
		if (before && plan.volume) await write(PersistentVolume, before, plan.volume);
		if (plan.claim) await write(PersistentVolumeClaim, claim, plan.claim);
		tell(claim, plan.note);
	}

	async function syncVolume(name: string): Promise<void> {
		const volume = volumes.get(name);
		// One that is being deleted is told as well when its claim is gone: that is what its deletion waits for.
		if (!volume) return;
		const { claimRef } = volume.spec;
		const plan = planVolume(
			volume,
			claims.get(`${claimRef?.namespace}/${claimRef?.name}`),
			formatTime(clock.now()),
		);
		if (plan.volume) await write(PersistentVolume, volume, plan.volume);
		tell(volume, plan.note);
	}

	const tell = (about: KubeObject, note: Note | undefined) => {
		if (note) events[note.type](about, note.reason, note.message);
	};

	/** The object, and then its status, each only when it says something new. */
	async function write<
		T extends KubeObject & { readonly spec: object; readonly status?: object | undefined },
	>(kind: Kind<T>, old: T, wanted: T): Promise<void> {
		const isSame = deepEqual(old.metadata, wanted.metadata) && deepEqual(old.spec, wanted.spec);
		const written = isSame ? old : await client.update(kind, wanted);
		if (!deepEqual(old.status, wanted.status))
			await client.updateStatus(kind, { ...written, status: wanted.status });
	}

	/** Claims without a volume: another one may do now. */
	const waiting = () =>
		claims
			.list()
			.filter(({ status }) => status?.phase !== "Bound")
			.map((claim) => CLAIM + keyOf(claim));

	return {
		name: "persistent-volume-binder",
		sources: [
			watch(claims, ({ object }) => {
				const key = keyOf(object);
				const named = object.spec.volumeName ? [object.spec.volumeName] : [];
				const holders = volumes.by("claim", key).map(({ metadata }) => metadata.name);
				return [CLAIM + key, ...new Set([...named, ...holders])].map((each, index) =>
					index === 0 ? each : VOLUME + each,
				);
			}),
			watch(volumes, ({ object, old }) => {
				const { name } = object.metadata;
				const { claimRef } = object.spec;
				const own = claimRef ? [`${CLAIM}${claimRef.namespace}/${claimRef.name}`] : [];
				const isFree = object.status?.phase === "Available" && !deepEqual(old, object);
				return [VOLUME + name, ...own, ...(isFree ? waiting() : [])];
			}),
			watch(classes, waiting),
		],
		reconcile,
	};
}
