import { atomicObject, type Infer, mapOf, object, ref, string, types } from "../../machinery/schema.ts";
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
import {
	cephFsFields,
	cinderFields,
	flexFields,
	fsTypeField,
	glusterFields,
	iscsiFields,
	rbdFields,
	readOnlyField,
	scaleIoFields,
	secretField,
	storageOsFields,
} from "./volume-fields.ts";

export const GlusterfsPersistentVolumeSource = object(
	"core.v1.GlusterfsPersistentVolumeSource",
	{
		...glusterFields,
		endpointsNamespace: string({
			pb: 4,
			nullable: true,
			doc: "Namespace of the endpoints; default that of the claim.",
		}),
	},
	"A Gluster volume.",
);
export interface GlusterfsPersistentVolumeSource extends Infer<typeof GlusterfsPersistentVolumeSource> {}

export const SecretReference = atomicObject(
	"core.v1.SecretReference",
	{
		name: string({ pb: 1, doc: "Name of the secret." }),
		namespace: string({ pb: 2, doc: "Namespace of the secret." }),
	},
	"Names a secret in any namespace.",
);
export interface SecretReference extends Infer<typeof SecretReference> {}

export const RBDPersistentVolumeSource = object(
	"core.v1.RBDPersistentVolumeSource",
	{ ...rbdFields, secretRef: secretField(SecretReference, 7) },
	"A Ceph block device.",
);
export interface RBDPersistentVolumeSource extends Infer<typeof RBDPersistentVolumeSource> {}

export const ISCSIPersistentVolumeSource = object(
	"core.v1.ISCSIPersistentVolumeSource",
	{ ...iscsiFields, secretRef: secretField(SecretReference, 10) },
	"An iSCSI disk.",
);
export interface ISCSIPersistentVolumeSource extends Infer<typeof ISCSIPersistentVolumeSource> {}

export const CinderPersistentVolumeSource = object(
	"core.v1.CinderPersistentVolumeSource",
	{ ...cinderFields, secretRef: secretField(SecretReference, 4) },
	"A disk of OpenStack.",
);
export interface CinderPersistentVolumeSource extends Infer<typeof CinderPersistentVolumeSource> {}

export const CephFSPersistentVolumeSource = object(
	"core.v1.CephFSPersistentVolumeSource",
	{ ...cephFsFields, secretRef: secretField(SecretReference, 5) },
	"A Ceph file system.",
);
export interface CephFSPersistentVolumeSource extends Infer<typeof CephFSPersistentVolumeSource> {}

export const FlexPersistentVolumeSource = object(
	"core.v1.FlexPersistentVolumeSource",
	{ ...flexFields, secretRef: secretField(SecretReference, 3) },
	"A volume of a driver on the node.",
);
export interface FlexPersistentVolumeSource extends Infer<typeof FlexPersistentVolumeSource> {}

export const AzureFilePersistentVolumeSource = object(
	"core.v1.AzureFilePersistentVolumeSource",
	{
		secretName: string({ required: true, pb: 1, doc: "Secret with name and key of the account." }),
		shareName: string({ required: true, pb: 2, doc: "Name of the share." }),
		readOnly: readOnlyField(3),
		secretNamespace: string({
			pb: 4,
			nullable: true,
			doc: "Namespace of the secret; default that of the claim.",
		}),
	},
	"A file share of Microsoft's cloud.",
);
export interface AzureFilePersistentVolumeSource extends Infer<typeof AzureFilePersistentVolumeSource> {}

export const ScaleIOPersistentVolumeSource = object(
	"core.v1.ScaleIOPersistentVolumeSource",
	{
		...scaleIoFields,
		secretRef: ref(SecretReference, {
			required: true,
			pb: 3,
			nullable: true,
			doc: "Secret to prove oneself with.",
		}),
	},
	"A ScaleIO volume.",
);
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

export const StorageOSPersistentVolumeSource = object(
	"core.v1.StorageOSPersistentVolumeSource",
	{ ...storageOsFields, secretRef: secretField(ObjectReference, 5) },
	"A StorageOS volume.",
);
export interface StorageOSPersistentVolumeSource extends Infer<typeof StorageOSPersistentVolumeSource> {}

export const CSIPersistentVolumeSource = object(
	"core.v1.CSIPersistentVolumeSource",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		volumeHandle: string({ required: true, pb: 2, doc: "Name of the volume for the driver." }),
		readOnly: readOnlyField(3),
		fsType: fsTypeField(4),
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
