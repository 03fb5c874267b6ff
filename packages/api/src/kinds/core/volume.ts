import {
	bool,
	type Infer,
	mapOf,
	object,
	quantity,
	ref,
	string,
	types,
	within,
} from "../../machinery/schema.ts";
import {
	AWSElasticBlockStoreVolumeSource,
	AzureDiskVolumeSource,
	AzureFileVolumeSource,
	CephFSVolumeSource,
	CinderVolumeSource,
	FCVolumeSource,
	FlexVolumeSource,
	FlockerVolumeSource,
	GCEPersistentDiskVolumeSource,
	GitRepoVolumeSource,
	GlusterfsVolumeSource,
	ISCSIVolumeSource,
	NFSVolumeSource,
	PhotonPersistentDiskVolumeSource,
	PortworxVolumeSource,
	QuobyteVolumeSource,
	RBDVolumeSource,
	ScaleIOVolumeSource,
	StorageOSVolumeSource,
	VsphereVirtualDiskVolumeSource,
} from "./network-volume.ts";
import { PersistentVolumeClaimTemplate } from "./persistent-volume-claim-spec.ts";
import { LocalObjectReference } from "./references.ts";
import {
	ConfigMapVolumeSource,
	DownwardAPIVolumeSource,
	ProjectedVolumeSource,
	SecretVolumeSource,
} from "./volume-files.ts";
export const HostPathVolumeSource = object(
	"core.v1.HostPathVolumeSource",
	{
		path: string({ required: true, pb: 1, doc: "Path on the node." }),
		type: string({
			pb: 2,
			nullable: true,
			enum: [
				"",
				"DirectoryOrCreate",
				"Directory",
				"FileOrCreate",
				"File",
				"Socket",
				"CharDevice",
				"BlockDevice",
			],
			doc: "What must be there, or is made when missing (…OrCreate); nothing is checked when it is empty.",
		}),
	},
	"A file or directory of the node.",
);
export interface HostPathVolumeSource extends Infer<typeof HostPathVolumeSource> {}

export const EmptyDirVolumeSource = object(
	"core.v1.EmptyDirVolumeSource",
	{
		medium: string({ pb: 1, doc: "Memory keeps it in RAM; default is the node's disk." }),
		sizeLimit: quantity({
			pb: 2,
			nullable: true,
			doc: "How much it may hold; the pod is evicted beyond that.",
		}),
	},
	"A new, empty directory that lives as long as the pod.",
);
export interface EmptyDirVolumeSource extends Infer<typeof EmptyDirVolumeSource> {}

export const PersistentVolumeClaimVolumeSource = object(
	"core.v1.PersistentVolumeClaimVolumeSource",
	{
		claimName: string({ required: true, pb: 1, doc: "Name of the claim." }),
		readOnly: bool({ pb: 2, doc: "True: every mount of it is read-only." }),
	},
	"Storage that a claim of the same namespace has got.",
);
export interface PersistentVolumeClaimVolumeSource extends Infer<typeof PersistentVolumeClaimVolumeSource> {}

export const CSIVolumeSource = object(
	"core.v1.CSIVolumeSource",
	{
		driver: string({ required: true, pb: 1, doc: "Name of the driver." }),
		readOnly: bool({ pb: 2, nullable: true, doc: "True: it can not be written to." }),
		fsType: string({
			pb: 3,
			nullable: true,
			doc: "File system to make on it; default is the driver's choice.",
		}),
		volumeAttributes: mapOf(types.string, { pb: 4, doc: "What else the driver needs to know." }),
		nodePublishSecretRef: ref(LocalObjectReference, {
			pb: 5,
			nullable: true,
			doc: "Secret that the driver mounts it with.",
		}),
	},
	"A volume that a CSI driver makes for this pod alone.",
);
export interface CSIVolumeSource extends Infer<typeof CSIVolumeSource> {}

export const EphemeralVolumeSource = object(
	"core.v1.EphemeralVolumeSource",
	{
		volumeClaimTemplate: ref(PersistentVolumeClaimTemplate, {
			pb: 1,
			nullable: true,
			doc: "The claim to make; it is named after pod and volume.",
		}),
	},
	"A claim made for the pod, and deleted with it.",
);
export interface EphemeralVolumeSource extends Infer<typeof EphemeralVolumeSource> {}

export const ImageVolumeSource = object(
	"core.v1.ImageVolumeSource",
	{
		reference: string({ pb: 1, doc: "Name of the image." }),
		pullPolicy: string({
			pb: 2,
			enum: ["Always", "Never", "IfNotPresent"],
			doc: "When it is fetched: Always, Never or IfNotPresent; default Always for tag latest, else IfNotPresent.",
		}),
	},
	"The files of an image, read-only.",
);
export interface ImageVolumeSource extends Infer<typeof ImageVolumeSource> {}

export const Volume = object(
	"core.v1.Volume",
	{
		...within(2, {
			hostPath: ref(HostPathVolumeSource, { pb: 1, nullable: true, doc: "A directory or file of the node." }),
			emptyDir: ref(EmptyDirVolumeSource, {
				pb: 2,
				nullable: true,
				doc: "An empty directory that lives as long as the pod.",
			}),
			gcePersistentDisk: ref(GCEPersistentDiskVolumeSource, {
				pb: 3,
				nullable: true,
				doc: "A disk of Google's cloud.",
			}),
			awsElasticBlockStore: ref(AWSElasticBlockStoreVolumeSource, {
				pb: 4,
				nullable: true,
				doc: "A disk of Amazon's cloud.",
			}),
			gitRepo: ref(GitRepoVolumeSource, {
				pb: 5,
				nullable: true,
				doc: "A clone of a git repository; not supported any more.",
			}),
			secret: ref(SecretVolumeSource, { pb: 6, nullable: true, doc: "Files from the keys of a secret." }),
			nfs: ref(NFSVolumeSource, { pb: 7, nullable: true, doc: "A directory of an NFS server." }),
			iscsi: ref(ISCSIVolumeSource, { pb: 8, nullable: true, doc: "An iSCSI disk." }),
			glusterfs: ref(GlusterfsVolumeSource, { pb: 9, nullable: true, doc: "A Gluster volume." }),
			persistentVolumeClaim: ref(PersistentVolumeClaimVolumeSource, {
				pb: 10,
				nullable: true,
				doc: "Storage that a claim holds.",
			}),
			rbd: ref(RBDVolumeSource, { pb: 11, nullable: true, doc: "A Ceph block device." }),
			flexVolume: ref(FlexVolumeSource, { pb: 12, nullable: true, doc: "A volume of a driver on the node." }),
			cinder: ref(CinderVolumeSource, { pb: 13, nullable: true, doc: "A disk of OpenStack." }),
			cephfs: ref(CephFSVolumeSource, { pb: 14, nullable: true, doc: "A Ceph file system." }),
			flocker: ref(FlockerVolumeSource, { pb: 15, nullable: true, doc: "A Flocker volume." }),
			downwardAPI: ref(DownwardAPIVolumeSource, {
				pb: 16,
				nullable: true,
				doc: "Files from fields of the pod.",
			}),
			fc: ref(FCVolumeSource, { pb: 17, nullable: true, doc: "A Fibre Channel disk." }),
			azureFile: ref(AzureFileVolumeSource, {
				pb: 18,
				nullable: true,
				doc: "A file share of Microsoft's cloud.",
			}),
			configMap: ref(ConfigMapVolumeSource, {
				pb: 19,
				nullable: true,
				doc: "Files from the keys of a config map.",
			}),
			vsphereVolume: ref(VsphereVirtualDiskVolumeSource, {
				pb: 20,
				nullable: true,
				doc: "A disk of vSphere.",
			}),
			quobyte: ref(QuobyteVolumeSource, { pb: 21, nullable: true, doc: "A Quobyte volume." }),
			azureDisk: ref(AzureDiskVolumeSource, { pb: 22, nullable: true, doc: "A disk of Microsoft's cloud." }),
			photonPersistentDisk: ref(PhotonPersistentDiskVolumeSource, {
				pb: 23,
				nullable: true,
				doc: "A disk of Photon.",
			}),
			projected: ref(ProjectedVolumeSource, {
				pb: 26,
				nullable: true,
				doc: "Several sources in one directory.",
			}),
			portworxVolume: ref(PortworxVolumeSource, { pb: 24, nullable: true, doc: "A Portworx volume." }),
			scaleIO: ref(ScaleIOVolumeSource, { pb: 25, nullable: true, doc: "A ScaleIO volume." }),
			storageos: ref(StorageOSVolumeSource, { pb: 27, nullable: true, doc: "A StorageOS volume." }),
			csi: ref(CSIVolumeSource, {
				pb: 28,
				nullable: true,
				doc: "Storage of a CSI driver that lives as long as the pod.",
			}),
			ephemeral: ref(EphemeralVolumeSource, {
				pb: 29,
				nullable: true,
				doc: "Storage claimed for this pod alone.",
			}),
			image: ref(ImageVolumeSource, { pb: 30, nullable: true, doc: "The content of an image." }),
		}),
		name: string({ required: true, pb: 1, doc: "Name of the volume, unique in the pod." }),
	},
	"A directory or device that containers mount.",
);
export interface Volume extends Infer<typeof Volume> {}
