import {
	atomicObject,
	bool,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
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
import { ObjectReference } from "./references.ts";
import { HostPathVolumeSource } from "./volume.ts";

export const GlusterfsPersistentVolumeSource = object("core.v1.GlusterfsPersistentVolumeSource", {
	endpoints: string({ required: true, pb: 1 }),
	path: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3, doc: "True: it can not be written to." }),
	endpointsNamespace: string({ pb: 4, nullable: true }),
});
export interface GlusterfsPersistentVolumeSource extends Infer<typeof GlusterfsPersistentVolumeSource> {}

export const SecretReference = atomicObject("core.v1.SecretReference", {
	name: string({ pb: 1 }),
	namespace: string({ pb: 2 }),
});
export interface SecretReference extends Infer<typeof SecretReference> {}

export const RBDPersistentVolumeSource = object("core.v1.RBDPersistentVolumeSource", {
	monitors: listOf(types.string, { required: true, pb: 1, list: "atomic" }),
	image: string({ required: true, pb: 2 }),
	fsType: string({ pb: 3, doc: "File system on it." }),
	pool: string({ pb: 4, default: "rbd" }),
	user: string({ pb: 5, default: "admin" }),
	keyring: string({ pb: 6, default: "/etc/ceph/keyring" }),
	secretRef: ref(SecretReference, { pb: 7, nullable: true }),
	readOnly: bool({ pb: 8, doc: "True: it can not be written to." }),
});
export interface RBDPersistentVolumeSource extends Infer<typeof RBDPersistentVolumeSource> {}

export const ISCSIPersistentVolumeSource = object("core.v1.ISCSIPersistentVolumeSource", {
	targetPortal: string({ required: true, pb: 1 }),
	iqn: string({ required: true, pb: 2 }),
	lun: int32({ required: true, pb: 3 }),
	iscsiInterface: string({ pb: 4, default: "default" }),
	fsType: string({ pb: 5, doc: "File system on it." }),
	readOnly: bool({ pb: 6, doc: "True: it can not be written to." }),
	portals: listOf(types.string, { pb: 7, list: "atomic" }),
	chapAuthDiscovery: bool({ pb: 8 }),
	chapAuthSession: bool({ pb: 11 }),
	secretRef: ref(SecretReference, { pb: 10, nullable: true }),
	initiatorName: string({ pb: 12, nullable: true }),
});
export interface ISCSIPersistentVolumeSource extends Infer<typeof ISCSIPersistentVolumeSource> {}

export const CinderPersistentVolumeSource = object("core.v1.CinderPersistentVolumeSource", {
	volumeID: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2, doc: "File system on it." }),
	readOnly: bool({ pb: 3, doc: "True: it can not be written to." }),
	secretRef: ref(SecretReference, { pb: 4, nullable: true }),
});
export interface CinderPersistentVolumeSource extends Infer<typeof CinderPersistentVolumeSource> {}

export const CephFSPersistentVolumeSource = object("core.v1.CephFSPersistentVolumeSource", {
	monitors: listOf(types.string, { required: true, pb: 1, list: "atomic" }),
	path: string({ pb: 2 }),
	user: string({ pb: 3 }),
	secretFile: string({ pb: 4 }),
	secretRef: ref(SecretReference, { pb: 5, nullable: true }),
	readOnly: bool({ pb: 6, doc: "True: it can not be written to." }),
});
export interface CephFSPersistentVolumeSource extends Infer<typeof CephFSPersistentVolumeSource> {}

export const FlexPersistentVolumeSource = object("core.v1.FlexPersistentVolumeSource", {
	driver: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2, doc: "File system on it." }),
	secretRef: ref(SecretReference, { pb: 3, nullable: true }),
	readOnly: bool({ pb: 4, doc: "True: it can not be written to." }),
	options: mapOf(types.string, { pb: 5 }),
});
export interface FlexPersistentVolumeSource extends Infer<typeof FlexPersistentVolumeSource> {}

export const AzureFilePersistentVolumeSource = object("core.v1.AzureFilePersistentVolumeSource", {
	secretName: string({ required: true, pb: 1 }),
	shareName: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3, doc: "True: it can not be written to." }),
	secretNamespace: string({ pb: 4, nullable: true }),
});
export interface AzureFilePersistentVolumeSource extends Infer<typeof AzureFilePersistentVolumeSource> {}

export const ScaleIOPersistentVolumeSource = object("core.v1.ScaleIOPersistentVolumeSource", {
	gateway: string({ required: true, pb: 1 }),
	system: string({ required: true, pb: 2 }),
	secretRef: ref(SecretReference, { required: true, pb: 3, nullable: true }),
	sslEnabled: bool({ pb: 4 }),
	protectionDomain: string({ pb: 5 }),
	storagePool: string({ pb: 6 }),
	storageMode: string({ pb: 7, default: "ThinProvisioned" }),
	volumeName: string({ pb: 8 }),
	fsType: string({ pb: 9, default: "xfs", doc: "File system on it." }),
	readOnly: bool({ pb: 10, doc: "True: it can not be written to." }),
});
export interface ScaleIOPersistentVolumeSource extends Infer<typeof ScaleIOPersistentVolumeSource> {}

export const LocalVolumeSource = object(
	"core.v1.LocalVolumeSource",
	{
		path: string({ required: true, pb: 1, doc: "Path on the node." }),
		fsType: string({ pb: 2, nullable: true, doc: "File system on it." }),
	},
	"A disk or directory of one node.",
);
export interface LocalVolumeSource extends Infer<typeof LocalVolumeSource> {}

export const StorageOSPersistentVolumeSource = object("core.v1.StorageOSPersistentVolumeSource", {
	volumeName: string({ pb: 1 }),
	volumeNamespace: string({ pb: 2 }),
	fsType: string({ pb: 3, doc: "File system on it." }),
	readOnly: bool({ pb: 4, doc: "True: it can not be written to." }),
	secretRef: ref(ObjectReference, { pb: 5, nullable: true }),
});
export interface StorageOSPersistentVolumeSource extends Infer<typeof StorageOSPersistentVolumeSource> {}

export const CSIPersistentVolumeSource = object(
	"core.v1.CSIPersistentVolumeSource",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		volumeHandle: string({ required: true, pb: 2, doc: "Name of the volume for the driver." }),
		readOnly: bool({ pb: 3, doc: "True: it can not be written to." }),
		fsType: string({ pb: 4, doc: "File system on it." }),
		volumeAttributes: mapOf(types.string, { pb: 5, doc: "What else the driver needs to know." }),
		controllerPublishSecretRef: ref(SecretReference, { pb: 6, nullable: true, doc: "Secret for attaching." }),
		nodeStageSecretRef: ref(SecretReference, {
			pb: 7,
			nullable: true,
			doc: "Secret for staging on the node.",
		}),
		nodePublishSecretRef: ref(SecretReference, { pb: 8, nullable: true, doc: "Secret for mounting." }),
		controllerExpandSecretRef: ref(SecretReference, { pb: 9, nullable: true, doc: "Secret for growing." }),
		nodeExpandSecretRef: ref(SecretReference, {
			pb: 10,
			nullable: true,
			doc: "Secret for growing on the node.",
		}),
	},
	"Storage that a CSI driver provides.",
);
export interface CSIPersistentVolumeSource extends Infer<typeof CSIPersistentVolumeSource> {}

/** What a volume is made of: one of these. */
export const persistentVolumeSourceFields = {
	gcePersistentDisk: ref(GCEPersistentDiskVolumeSource, {
		pb: 1,
		nullable: true,
		doc: "A disk of Google's cloud.",
	}),
	awsElasticBlockStore: ref(AWSElasticBlockStoreVolumeSource, {
		pb: 2,
		nullable: true,
		doc: "A disk of Amazon's cloud.",
	}),
	hostPath: ref(HostPathVolumeSource, {
		pb: 3,
		nullable: true,
		doc: "A path of the node, for trying things out.",
	}),
	glusterfs: ref(GlusterfsPersistentVolumeSource, { pb: 4, nullable: true, doc: "A Gluster volume." }),
	nfs: ref(NFSVolumeSource, { pb: 5, nullable: true, doc: "An export of an NFS server." }),
	rbd: ref(RBDPersistentVolumeSource, { pb: 6, nullable: true, doc: "A Ceph block device." }),
	iscsi: ref(ISCSIPersistentVolumeSource, { pb: 7, nullable: true, doc: "An iSCSI disk." }),
	cinder: ref(CinderPersistentVolumeSource, { pb: 8, nullable: true, doc: "A disk of OpenStack." }),
	cephfs: ref(CephFSPersistentVolumeSource, { pb: 9, nullable: true, doc: "A Ceph file system." }),
	fc: ref(FCVolumeSource, { pb: 10, nullable: true, doc: "A Fibre Channel disk." }),
	flocker: ref(FlockerVolumeSource, { pb: 11, nullable: true, doc: "A Flocker volume." }),
	flexVolume: ref(FlexPersistentVolumeSource, {
		pb: 12,
		nullable: true,
		doc: "A volume of a driver on the node.",
	}),
	azureFile: ref(AzureFilePersistentVolumeSource, {
		pb: 13,
		nullable: true,
		doc: "A file share of Microsoft's cloud.",
	}),
	vsphereVolume: ref(VsphereVirtualDiskVolumeSource, { pb: 14, nullable: true, doc: "A disk of vSphere." }),
	quobyte: ref(QuobyteVolumeSource, { pb: 15, nullable: true, doc: "A Quobyte volume." }),
	azureDisk: ref(AzureDiskVolumeSource, { pb: 16, nullable: true, doc: "A disk of Microsoft's cloud." }),
	photonPersistentDisk: ref(PhotonPersistentDiskVolumeSource, {
		pb: 17,
		nullable: true,
		doc: "A disk of Photon.",
	}),
	portworxVolume: ref(PortworxVolumeSource, { pb: 18, nullable: true, doc: "A Portworx volume." }),
	scaleIO: ref(ScaleIOPersistentVolumeSource, { pb: 19, nullable: true, doc: "A ScaleIO volume." }),
	local: ref(LocalVolumeSource, { pb: 20, nullable: true, doc: "A disk or directory of one node." }),
	storageos: ref(StorageOSPersistentVolumeSource, { pb: 21, nullable: true, doc: "A StorageOS volume." }),
	csi: ref(CSIPersistentVolumeSource, { pb: 22, nullable: true, doc: "Storage that a CSI driver provides." }),
};

export const PERSISTENT_SOURCES = Object.keys(
	persistentVolumeSourceFields,
) as (keyof typeof persistentVolumeSourceFields)[];
