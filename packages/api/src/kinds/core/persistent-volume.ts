import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	type Infer,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
	within,
} from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import {
	AWSElasticBlockStoreVolumeSource,
	AzureDiskVolumeSource,
	FCVolumeSource,
	FlockerVolumeSource,
	GCEPersistentDiskVolumeSource,
	NFSVolumeSource,
	PhotonPersistentDiskVolumeSource,
	PortworxVolumeSource,
	QuobyteVolumeSource,
	VsphereVirtualDiskVolumeSource,
} from "./network-volume.ts";
import {
	AzureFilePersistentVolumeSource,
	CephFSPersistentVolumeSource,
	CinderPersistentVolumeSource,
	CSIPersistentVolumeSource,
	FlexPersistentVolumeSource,
	GlusterfsPersistentVolumeSource,
	ISCSIPersistentVolumeSource,
	LocalVolumeSource,
	RBDPersistentVolumeSource,
	ScaleIOPersistentVolumeSource,
	StorageOSPersistentVolumeSource,
} from "./persistent-volume-source.ts";
import { ObjectReference } from "./references.ts";
import { NodeSelector } from "./scheduling.ts";
import { HostPathVolumeSource } from "./volume.ts";

export const VolumeNodeAffinity = object("core.v1.VolumeNodeAffinity", {
	required: ref(NodeSelector, { pb: 1, nullable: true }),
});
export interface VolumeNodeAffinity extends Infer<typeof VolumeNodeAffinity> {}

export const PersistentVolumeSpec = object("core.v1.PersistentVolumeSpec", {
	...within(2, {
		gcePersistentDisk: ref(GCEPersistentDiskVolumeSource, { pb: 1, nullable: true }),
		awsElasticBlockStore: ref(AWSElasticBlockStoreVolumeSource, { pb: 2, nullable: true }),
		hostPath: ref(HostPathVolumeSource, { pb: 3, nullable: true }),
		glusterfs: ref(GlusterfsPersistentVolumeSource, { pb: 4, nullable: true }),
		nfs: ref(NFSVolumeSource, { pb: 5, nullable: true }),
		rbd: ref(RBDPersistentVolumeSource, { pb: 6, nullable: true }),
		iscsi: ref(ISCSIPersistentVolumeSource, { pb: 7, nullable: true }),
		cinder: ref(CinderPersistentVolumeSource, { pb: 8, nullable: true }),
		cephfs: ref(CephFSPersistentVolumeSource, { pb: 9, nullable: true }),
		fc: ref(FCVolumeSource, { pb: 10, nullable: true }),
		flocker: ref(FlockerVolumeSource, { pb: 11, nullable: true }),
		flexVolume: ref(FlexPersistentVolumeSource, { pb: 12, nullable: true }),
		azureFile: ref(AzureFilePersistentVolumeSource, { pb: 13, nullable: true }),
		vsphereVolume: ref(VsphereVirtualDiskVolumeSource, { pb: 14, nullable: true }),
		quobyte: ref(QuobyteVolumeSource, { pb: 15, nullable: true }),
		azureDisk: ref(AzureDiskVolumeSource, { pb: 16, nullable: true }),
		photonPersistentDisk: ref(PhotonPersistentDiskVolumeSource, { pb: 17, nullable: true }),
		portworxVolume: ref(PortworxVolumeSource, { pb: 18, nullable: true }),
		scaleIO: ref(ScaleIOPersistentVolumeSource, { pb: 19, nullable: true }),
		local: ref(LocalVolumeSource, { pb: 20, nullable: true }),
		storageos: ref(StorageOSPersistentVolumeSource, { pb: 21, nullable: true }),
		csi: ref(CSIPersistentVolumeSource, { pb: 22, nullable: true }),
	}),
	capacity: mapOf(types.quantity, { pb: 1 }),
	accessModes: listOf(types.string, { pb: 3, list: "atomic" }),
	claimRef: ref(ObjectReference, { pb: 4, nullable: true }),
	persistentVolumeReclaimPolicy: string({ pb: 5, enum: ["Recycle", "Delete", "Retain"] }),
	storageClassName: string({ pb: 6 }),
	mountOptions: listOf(types.string, { pb: 7, list: "atomic" }),
	volumeMode: string({ pb: 8, nullable: true, enum: ["Block", "Filesystem"] }),
	nodeAffinity: ref(VolumeNodeAffinity, { pb: 9, nullable: true }),
	volumeAttributesClassName: string({ pb: 10, nullable: true }),
});
export interface PersistentVolumeSpec extends Infer<typeof PersistentVolumeSpec> {}

export const PersistentVolumeStatus = object("core.v1.PersistentVolumeStatus", {
	phase: string({ pb: 1, enum: ["Pending", "Available", "Bound", "Released", "Failed"] }),
	message: string({ pb: 2 }),
	reason: string({ pb: 3 }),
	lastPhaseTransitionTime: time({ pb: 4, nullable: true }),
});
export interface PersistentVolumeStatus extends Infer<typeof PersistentVolumeStatus> {}

const PersistentVolumeSchema = object("core.v1.PersistentVolume", {
	metadata: metadataField,
	spec: ref(PersistentVolumeSpec, { default: {}, pb: 2 }),
	status: ref(PersistentVolumeStatus, { pb: 3 }),
});
export interface PersistentVolume
	extends KubeObject,
		Omit<Infer<typeof PersistentVolumeSchema>, "metadata" | "spec"> {
	readonly spec: PersistentVolumeSpec;
}

export const PersistentVolume = defineKind<PersistentVolume>({
	group: "",
	version: "v1",
	kind: "PersistentVolume",
	plural: "persistentvolumes",
	shortNames: ["pv"],
	scope: "Cluster",
	schema: PersistentVolumeSchema,
	hasStatus: true,
	columns: [],
});
