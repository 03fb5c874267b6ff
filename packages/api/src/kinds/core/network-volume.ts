/** Volumes that other machines keep: network file systems, disks of clouds, and what came before CSI. */
import { bool, type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { LocalObjectReference } from "./references.ts";
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

const partitionField = (pb: number) =>
	int32({ pb, doc: "Number of the partition; none means all of the disk." });

export const GCEPersistentDiskVolumeSource = object(
	"core.v1.GCEPersistentDiskVolumeSource",
	{
		pdName: string({ required: true, pb: 1, doc: "Name of the disk." }),
		fsType: fsTypeField(2),
		partition: partitionField(3),
		readOnly: readOnlyField(4),
	},
	"A disk of Google's cloud.",
);
export interface GCEPersistentDiskVolumeSource extends Infer<typeof GCEPersistentDiskVolumeSource> {}

export const AWSElasticBlockStoreVolumeSource = object(
	"core.v1.AWSElasticBlockStoreVolumeSource",
	{
		volumeID: string({ required: true, pb: 1, doc: "Id of the disk." }),
		fsType: fsTypeField(2),
		partition: partitionField(3),
		readOnly: readOnlyField(4),
	},
	"A disk of Amazon's cloud.",
);
export interface AWSElasticBlockStoreVolumeSource extends Infer<typeof AWSElasticBlockStoreVolumeSource> {}

export const GitRepoVolumeSource = object(
	"core.v1.GitRepoVolumeSource",
	{
		repository: string({ required: true, pb: 1, doc: "URL of the repository." }),
		revision: string({ pb: 2, doc: "Commit to check out." }),
		directory: string({ pb: 3, doc: "Directory below the volume that it is put into." }),
	},
	"A clone of a git repository; not supported any more.",
);
export interface GitRepoVolumeSource extends Infer<typeof GitRepoVolumeSource> {}

export const NFSVolumeSource = object(
	"core.v1.NFSVolumeSource",
	{
		server: string({ required: true, pb: 1, doc: "Name or address of the server." }),
		path: string({ required: true, pb: 2, doc: "Path that the server exports." }),
		readOnly: readOnlyField(3),
	},
	"An export of an NFS server.",
);
export interface NFSVolumeSource extends Infer<typeof NFSVolumeSource> {}

export const ISCSIVolumeSource = object(
	"core.v1.ISCSIVolumeSource",
	{ ...iscsiFields, secretRef: secretField(LocalObjectReference, 10) },
	"An iSCSI disk.",
);
export interface ISCSIVolumeSource extends Infer<typeof ISCSIVolumeSource> {}

export const GlusterfsVolumeSource = object(
	"core.v1.GlusterfsVolumeSource",
	glusterFields,
	"A Gluster volume.",
);
export interface GlusterfsVolumeSource extends Infer<typeof GlusterfsVolumeSource> {}

export const RBDVolumeSource = object(
	"core.v1.RBDVolumeSource",
	{ ...rbdFields, secretRef: secretField(LocalObjectReference, 7) },
	"A Ceph block device.",
);
export interface RBDVolumeSource extends Infer<typeof RBDVolumeSource> {}

export const FlexVolumeSource = object(
	"core.v1.FlexVolumeSource",
	{ ...flexFields, secretRef: secretField(LocalObjectReference, 3) },
	"A volume of a driver on the node.",
);
export interface FlexVolumeSource extends Infer<typeof FlexVolumeSource> {}

export const CinderVolumeSource = object(
	"core.v1.CinderVolumeSource",
	{ ...cinderFields, secretRef: secretField(LocalObjectReference, 4) },
	"A disk of OpenStack.",
);
export interface CinderVolumeSource extends Infer<typeof CinderVolumeSource> {}

export const CephFSVolumeSource = object(
	"core.v1.CephFSVolumeSource",
	{ ...cephFsFields, secretRef: secretField(LocalObjectReference, 5) },
	"A Ceph file system.",
);
export interface CephFSVolumeSource extends Infer<typeof CephFSVolumeSource> {}

export const FlockerVolumeSource = object(
	"core.v1.FlockerVolumeSource",
	{
		datasetName: string({ pb: 1, doc: "Name of the dataset; datasetUUID is preferred." }),
		datasetUUID: string({ pb: 2, doc: "Identity of the dataset." }),
	},
	"A Flocker volume.",
);
export interface FlockerVolumeSource extends Infer<typeof FlockerVolumeSource> {}

export const FCVolumeSource = object(
	"core.v1.FCVolumeSource",
	{
		targetWWNs: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "World-wide names of the targets; with lun, instead of wwids.",
		}),
		lun: int32({ pb: 2, nullable: true, doc: "Number of the disk at the targets." }),
		fsType: fsTypeField(3),
		readOnly: readOnlyField(4),
		wwids: listOf(types.string, {
			pb: 5,
			list: "atomic",
			doc: "World-wide identifiers of the disk; instead of targetWWNs.",
		}),
	},
	"A Fibre Channel disk.",
);
export interface FCVolumeSource extends Infer<typeof FCVolumeSource> {}

export const AzureFileVolumeSource = object(
	"core.v1.AzureFileVolumeSource",
	{
		secretName: string({ required: true, pb: 1, doc: "Secret with name and key of the account." }),
		shareName: string({ required: true, pb: 2, doc: "Name of the share." }),
		readOnly: readOnlyField(3),
	},
	"A file share of Microsoft's cloud.",
);
export interface AzureFileVolumeSource extends Infer<typeof AzureFileVolumeSource> {}

export const VsphereVirtualDiskVolumeSource = object(
	"core.v1.VsphereVirtualDiskVolumeSource",
	{
		volumePath: string({ required: true, pb: 1, doc: "Path of the disk." }),
		fsType: fsTypeField(2),
		storagePolicyName: string({ pb: 3, doc: "Name of its storage policy." }),
		storagePolicyID: string({ pb: 4, doc: "Id of its storage policy." }),
	},
	"A disk of vSphere.",
);
export interface VsphereVirtualDiskVolumeSource extends Infer<typeof VsphereVirtualDiskVolumeSource> {}

export const QuobyteVolumeSource = object(
	"core.v1.QuobyteVolumeSource",
	{
		registry: string({
			required: true,
			pb: 1,
			doc: "Addresses of the registries, as host:port with commas between.",
		}),
		volume: string({ required: true, pb: 2, doc: "Name of the volume." }),
		readOnly: readOnlyField(3),
		user: string({ pb: 4, doc: "User that it is mounted as." }),
		group: string({ pb: 5, doc: "Group that it is mounted as." }),
		tenant: string({ pb: 6, doc: "Tenant that it belongs to." }),
	},
	"A Quobyte volume.",
);
export interface QuobyteVolumeSource extends Infer<typeof QuobyteVolumeSource> {}

export const AzureDiskVolumeSource = object(
	"core.v1.AzureDiskVolumeSource",
	{
		diskName: string({ required: true, pb: 1, doc: "Name of the disk." }),
		diskURI: string({ required: true, pb: 2, doc: "URI of the disk." }),
		cachingMode: string({
			pb: 3,
			nullable: true,
			default: "ReadWrite",
			enum: ["None", "ReadOnly", "ReadWrite"],
			doc: "What the host caches: None, ReadOnly or ReadWrite.",
		}),
		fsType: string({ pb: 4, nullable: true, default: "ext4", doc: "File system on it." }),
		readOnly: bool({ pb: 5, nullable: true, default: false, doc: "True: it can not be written to." }),
		kind: string({
			pb: 6,
			nullable: true,
			default: "Shared",
			enum: ["Shared", "Dedicated", "Managed"],
			doc: "Shared, Dedicated, or Managed.",
		}),
	},
	"A disk of Microsoft's cloud.",
);
export interface AzureDiskVolumeSource extends Infer<typeof AzureDiskVolumeSource> {}

export const PhotonPersistentDiskVolumeSource = object(
	"core.v1.PhotonPersistentDiskVolumeSource",
	{
		pdID: string({ required: true, pb: 1, doc: "Id of the disk." }),
		fsType: fsTypeField(2),
	},
	"A disk of Photon.",
);
export interface PhotonPersistentDiskVolumeSource extends Infer<typeof PhotonPersistentDiskVolumeSource> {}

export const PortworxVolumeSource = object(
	"core.v1.PortworxVolumeSource",
	{
		volumeID: string({ required: true, pb: 1, doc: "Id of the volume." }),
		fsType: fsTypeField(2),
		readOnly: readOnlyField(3),
	},
	"A Portworx volume.",
);
export interface PortworxVolumeSource extends Infer<typeof PortworxVolumeSource> {}

export const ScaleIOVolumeSource = object(
	"core.v1.ScaleIOVolumeSource",
	{
		...scaleIoFields,
		secretRef: ref(LocalObjectReference, {
			required: true,
			pb: 3,
			nullable: true,
			doc: "Secret to prove oneself with.",
		}),
	},
	"A ScaleIO volume.",
);
export interface ScaleIOVolumeSource extends Infer<typeof ScaleIOVolumeSource> {}

export const StorageOSVolumeSource = object(
	"core.v1.StorageOSVolumeSource",
	{ ...storageOsFields, secretRef: secretField(LocalObjectReference, 5) },
	"A StorageOS volume.",
);
export interface StorageOSVolumeSource extends Infer<typeof StorageOSVolumeSource> {}
