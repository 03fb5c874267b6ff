/** What persistent volumes are made of: the one place that lists what this agent can mount. */
import type { PersistentVolume } from "@berth/api";
import { hostPath } from "./host-path.ts";
import { setUpLocal } from "./local-volume.ts";
import { mountNfs } from "./nfs.ts";
import type { VolumeRequest } from "./volume-kind.ts";

export interface PersistentRequest extends VolumeRequest {
	readonly persistent: PersistentVolume;
	/** As the claim is used by the pod. */
	readonly readOnly: boolean;
}

/** As `VolumeKind.setUp`; undefined in the list: of another kind. */
type SetUp = (request: PersistentRequest) => Promise<string | undefined> | undefined;

const KINDS: readonly SetUp[] = [
	({ persistent: { spec }, ...request }) => spec.local && setUpLocal(spec.local, request),
	({ persistent: { spec } }) => spec.hostPath && hostPath(spec.hostPath),
	({ persistent: { spec }, directory }) => spec.nfs && mountNfs(spec.nfs, directory, spec.mountOptions),
];

/** Throws for a kind that this agent cannot mount. */
export async function setUpPersistent(request: PersistentRequest): Promise<string | undefined> {
	for (const setUp of KINDS) {
		const done = setUp(request);
		if (done) return done;
	}
	const source = Object.keys(request.persistent.spec).find((field) => !COMMON.has(field)) ?? "unknown";
	throw new Error(`persistent volumes of type ${source} are not supported by this agent`);
}

/** Fields of every persistent volume; what is left names its kind. */
const COMMON = new Set([
	"capacity",
	"accessModes",
	"claimRef",
	"persistentVolumeReclaimPolicy",
	"storageClassName",
	"mountOptions",
	"volumeMode",
	"nodeAffinity",
	"volumeAttributesClassName",
]);
