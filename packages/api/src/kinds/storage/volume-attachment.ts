import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { ObjectReference } from "../core/references.ts";
import { NodeSelector } from "../core/scheduling.ts";
import {
	AWSElasticBlockStoreVolumeSource,
	AzureDiskVolumeSource,
	AzureFilePersistentVolumeSource,
	CephFSPersistentVolumeSource,
	CinderPersistentVolumeSource,
	CSIPersistentVolumeSource,
	FCVolumeSource,
	FlexPersistentVolumeSource,
	FlockerVolumeSource,
	GCEPersistentDiskVolumeSource,
	GlusterfsPersistentVolumeSource,
	HostPathVolumeSource,
	ISCSIPersistentVolumeSource,
	LocalVolumeSource,
	NFSVolumeSource,
	PhotonPersistentDiskVolumeSource,
	PortworxVolumeSource,
	QuobyteVolumeSource,
	RBDPersistentVolumeSource,
	ScaleIOPersistentVolumeSource,
	StorageOSPersistentVolumeSource,
	VsphereVirtualDiskVolumeSource,
} from "../core/volume.ts";
import { metadataField } from "../metadata-field.ts";

export const VolumeNodeAffinity = object("core.v1.VolumeNodeAffinity", {
	required: ref(NodeSelector, { pb: 1, nullable: true }),
});
export interface VolumeNodeAffinity extends Infer<typeof VolumeNodeAffinity> {}

export const PersistentVolumeSpec = object("core.v1.PersistentVolumeSpec", {
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

export const VolumeAttachmentSource = object("storage.v1.VolumeAttachmentSource", {
	persistentVolumeName: string({ pb: 1, nullable: true }),
	inlineVolumeSpec: ref(PersistentVolumeSpec, { pb: 2, nullable: true }),
});
export interface VolumeAttachmentSource extends Infer<typeof VolumeAttachmentSource> {}

export const VolumeAttachmentSpec = object("storage.v1.VolumeAttachmentSpec", {
	attacher: string({ required: true, pb: 1 }),
	source: ref(VolumeAttachmentSource, { required: true, pb: 2 }),
	nodeName: string({ required: true, pb: 3 }),
});
export interface VolumeAttachmentSpec extends Infer<typeof VolumeAttachmentSpec> {}

export const VolumeError = object("storage.v1.VolumeError", {
	time: time({ pb: 1 }),
	message: string({ pb: 2 }),
	errorCode: int32({ pb: 3, nullable: true }),
});
export interface VolumeError extends Infer<typeof VolumeError> {}

export const VolumeAttachmentStatus = object("storage.v1.VolumeAttachmentStatus", {
	attached: bool({ required: true, pb: 1 }),
	attachmentMetadata: mapOf(types.string, { pb: 2 }),
	attachError: ref(VolumeError, { pb: 3, nullable: true }),
	detachError: ref(VolumeError, { pb: 4, nullable: true }),
});
export interface VolumeAttachmentStatus extends Infer<typeof VolumeAttachmentStatus> {}

const VolumeAttachmentSchema = object("storage.v1.VolumeAttachment", {
	metadata: metadataField,
	spec: ref(VolumeAttachmentSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	status: ref(VolumeAttachmentStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
});
export interface VolumeAttachment
	extends KubeObject,
		Omit<Infer<typeof VolumeAttachmentSchema>, "metadata"> {}

export const VolumeAttachment = defineKind<VolumeAttachment>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "VolumeAttachment",
	plural: "volumeattachments",
	scope: "Cluster",
	schema: VolumeAttachmentSchema,
	hasStatus: true,
	columns: [ageColumn],
});
