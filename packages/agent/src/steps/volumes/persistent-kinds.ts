/** What persistent volumes are made of: the one place that lists what this agent can mount. */
import type { PersistentVolume } from "@berth/api";
import { noCsiDriver } from "./csi.ts";
import { hostPath } from "./host-path.ts";
import { checkLocalDevice, setUpLocal } from "./local-volume.ts";
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

/** Those that can be devices; they answer with the device's path on the host. */
const DEVICES: readonly SetUp[] = [
	({ persistent: { spec }, ...request }) => spec.local && checkLocalDevice(spec.local, request),
];

/** Throws for a kind that this agent cannot mount, or give to containers as a device where the volume is one. */
export async function setUpPersistent(request: PersistentRequest): Promise<string | undefined> {
	const { metadata, spec } = request.persistent;
	const isDevice = spec.volumeMode === "Block";
	for (const setUp of isDevice ? DEVICES : KINDS) {
		const done = setUp(request);
		if (done) return done;
	}
	if (spec.csi) throw noCsiDriver(metadata.name, spec.csi.driver);
	const source = Object.keys(spec).find((field) => !COMMON.has(field)) ?? "unknown";
	const what = isDevice ? "as block devices " : "";
	throw new Error(`persistent volumes of type ${source} are not supported ${what}by this agent`);
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
