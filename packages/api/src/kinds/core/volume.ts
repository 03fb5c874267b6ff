import { LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import {
	atomicObject,
	bool,
	type Infer,
	int32,
	int64,
	listOf,
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
import {
	LocalObjectReference,
	localReferenceFields,
	ObjectFieldSelector,
	ResourceFieldSelector,
} from "./references.ts";

export const HostPathVolumeSource = object("core.v1.HostPathVolumeSource", {
	path: string({ required: true, pb: 1 }),
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
	}),
});
export interface HostPathVolumeSource extends Infer<typeof HostPathVolumeSource> {}

export const EmptyDirVolumeSource = object("core.v1.EmptyDirVolumeSource", {
	medium: string({ pb: 1 }),
	sizeLimit: quantity({ pb: 2, nullable: true }),
});
export interface EmptyDirVolumeSource extends Infer<typeof EmptyDirVolumeSource> {}

export const KeyToPath = object("core.v1.KeyToPath", {
	key: string({ required: true, pb: 1 }),
	path: string({ required: true, pb: 2 }),
	mode: int32({ pb: 3, nullable: true }),
});
export interface KeyToPath extends Infer<typeof KeyToPath> {}

export const SecretVolumeSource = object("core.v1.SecretVolumeSource", {
	secretName: string({ pb: 1 }),
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	defaultMode: int32({ pb: 3, nullable: true }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface SecretVolumeSource extends Infer<typeof SecretVolumeSource> {}

export const PersistentVolumeClaimVolumeSource = object("core.v1.PersistentVolumeClaimVolumeSource", {
	claimName: string({ required: true, pb: 1 }),
	readOnly: bool({ pb: 2 }),
});
export interface PersistentVolumeClaimVolumeSource extends Infer<typeof PersistentVolumeClaimVolumeSource> {}

export const DownwardAPIVolumeFile = object("core.v1.DownwardAPIVolumeFile", {
	path: string({ required: true, pb: 1 }),
	fieldRef: ref(ObjectFieldSelector, { pb: 2, nullable: true }),
	resourceFieldRef: ref(ResourceFieldSelector, { pb: 3, nullable: true }),
	mode: int32({ pb: 4, nullable: true }),
});
export interface DownwardAPIVolumeFile extends Infer<typeof DownwardAPIVolumeFile> {}

export const DownwardAPIVolumeSource = object("core.v1.DownwardAPIVolumeSource", {
	items: listOf(DownwardAPIVolumeFile, { pb: 1, list: "atomic" }),
	defaultMode: int32({ pb: 2, nullable: true }),
});
export interface DownwardAPIVolumeSource extends Infer<typeof DownwardAPIVolumeSource> {}

export const ConfigMapVolumeSource = object("core.v1.ConfigMapVolumeSource", {
	...localReferenceFields,
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	defaultMode: int32({ pb: 3, nullable: true }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface ConfigMapVolumeSource extends Infer<typeof ConfigMapVolumeSource> {}

export const SecretProjection = object("core.v1.SecretProjection", {
	...localReferenceFields,
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface SecretProjection extends Infer<typeof SecretProjection> {}

export const DownwardAPIProjection = object("core.v1.DownwardAPIProjection", {
	items: listOf(DownwardAPIVolumeFile, { pb: 1, list: "atomic" }),
});
export interface DownwardAPIProjection extends Infer<typeof DownwardAPIProjection> {}

export const ConfigMapProjection = object("core.v1.ConfigMapProjection", {
	...localReferenceFields,
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface ConfigMapProjection extends Infer<typeof ConfigMapProjection> {}

export const ServiceAccountTokenProjection = object("core.v1.ServiceAccountTokenProjection", {
	audience: string({ pb: 1 }),
	expirationSeconds: int64({ pb: 2, nullable: true }),
	path: string({ required: true, pb: 3 }),
});
export interface ServiceAccountTokenProjection extends Infer<typeof ServiceAccountTokenProjection> {}

export const ClusterTrustBundleProjection = object("core.v1.ClusterTrustBundleProjection", {
	name: string({ pb: 1, nullable: true }),
	signerName: string({ pb: 2, nullable: true }),
	labelSelector: ref(LabelSelector, { pb: 3, nullable: true }),
	optional: bool({ pb: 5, nullable: true }),
	path: string({ required: true, pb: 4 }),
});
export interface ClusterTrustBundleProjection extends Infer<typeof ClusterTrustBundleProjection> {}

export const PodCertificateProjection = object("core.v1.PodCertificateProjection", {
	signerName: string({ required: true, pb: 1 }),
	keyType: string({ required: true, pb: 2 }),
	maxExpirationSeconds: int32({ pb: 3, nullable: true }),
	credentialBundlePath: string({ pb: 4 }),
	keyPath: string({ pb: 5 }),
	certificateChainPath: string({ pb: 6 }),
	userAnnotations: mapOf(types.string, { pb: 7 }),
});
export interface PodCertificateProjection extends Infer<typeof PodCertificateProjection> {}

export const VolumeProjection = object("core.v1.VolumeProjection", {
	secret: ref(SecretProjection, { pb: 1, nullable: true }),
	downwardAPI: ref(DownwardAPIProjection, { pb: 2, nullable: true }),
	configMap: ref(ConfigMapProjection, { pb: 3, nullable: true }),
	serviceAccountToken: ref(ServiceAccountTokenProjection, { pb: 4, nullable: true }),
	clusterTrustBundle: ref(ClusterTrustBundleProjection, { pb: 5, nullable: true }),
	podCertificate: ref(PodCertificateProjection, { pb: 6, nullable: true }),
});
export interface VolumeProjection extends Infer<typeof VolumeProjection> {}

export const ProjectedVolumeSource = object("core.v1.ProjectedVolumeSource", {
	sources: listOf(VolumeProjection, { pb: 1, list: "atomic" }),
	defaultMode: int32({ pb: 2, nullable: true }),
});
export interface ProjectedVolumeSource extends Infer<typeof ProjectedVolumeSource> {}

export const CSIVolumeSource = object("core.v1.CSIVolumeSource", {
	driver: string({ required: true, pb: 1 }),
	readOnly: bool({ pb: 2, nullable: true }),
	fsType: string({ pb: 3, nullable: true }),
	volumeAttributes: mapOf(types.string, { pb: 4 }),
	nodePublishSecretRef: ref(LocalObjectReference, { pb: 5, nullable: true }),
});
export interface CSIVolumeSource extends Infer<typeof CSIVolumeSource> {}

export const VolumeResourceRequirements = object("core.v1.VolumeResourceRequirements", {
	limits: mapOf(types.quantity, { pb: 1 }),
	requests: mapOf(types.quantity, { pb: 2 }),
});
export interface VolumeResourceRequirements extends Infer<typeof VolumeResourceRequirements> {}

export const TypedLocalObjectReference = atomicObject("core.v1.TypedLocalObjectReference", {
	apiGroup: string({ pb: 1, nullable: true }),
	kind: string({ required: true, pb: 2 }),
	name: string({ required: true, pb: 3 }),
});
export interface TypedLocalObjectReference extends Infer<typeof TypedLocalObjectReference> {}

export const TypedObjectReference = object("core.v1.TypedObjectReference", {
	apiGroup: string({ pb: 1, nullable: true }),
	kind: string({ required: true, pb: 2 }),
	name: string({ required: true, pb: 3 }),
	namespace: string({ pb: 4, nullable: true }),
});
export interface TypedObjectReference extends Infer<typeof TypedObjectReference> {}

export const PersistentVolumeClaimSpec = object("core.v1.PersistentVolumeClaimSpec", {
	accessModes: listOf(types.string, { pb: 1, list: "atomic" }),
	selector: ref(LabelSelector, { pb: 4, nullable: true }),
	resources: ref(VolumeResourceRequirements, { pb: 2 }),
	volumeName: string({ pb: 3 }),
	storageClassName: string({ pb: 5, nullable: true }),
	volumeMode: string({ pb: 6, nullable: true, enum: ["Block", "Filesystem"] }),
	dataSource: ref(TypedLocalObjectReference, { pb: 7, nullable: true }),
	dataSourceRef: ref(TypedObjectReference, { pb: 8, nullable: true }),
	volumeAttributesClassName: string({ pb: 9, nullable: true }),
});
export interface PersistentVolumeClaimSpec extends Infer<typeof PersistentVolumeClaimSpec> {}

export const PersistentVolumeClaimTemplate = object("core.v1.PersistentVolumeClaimTemplate", {
	metadata: ref(ObjectMetaSchema, { pb: 1 }),
	spec: ref(PersistentVolumeClaimSpec, { required: true, pb: 2 }),
});
export interface PersistentVolumeClaimTemplate extends Infer<typeof PersistentVolumeClaimTemplate> {}

export const EphemeralVolumeSource = object("core.v1.EphemeralVolumeSource", {
	volumeClaimTemplate: ref(PersistentVolumeClaimTemplate, { pb: 1, nullable: true }),
});
export interface EphemeralVolumeSource extends Infer<typeof EphemeralVolumeSource> {}

export const ImageVolumeSource = object("core.v1.ImageVolumeSource", {
	reference: string({ pb: 1 }),
	pullPolicy: string({ pb: 2, enum: ["Always", "Never", "IfNotPresent"] }),
});
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
			gcePersistentDisk: ref(GCEPersistentDiskVolumeSource, { pb: 3, nullable: true }),
			awsElasticBlockStore: ref(AWSElasticBlockStoreVolumeSource, { pb: 4, nullable: true }),
			gitRepo: ref(GitRepoVolumeSource, { pb: 5, nullable: true }),
			secret: ref(SecretVolumeSource, { pb: 6, nullable: true, doc: "Files from the keys of a secret." }),
			nfs: ref(NFSVolumeSource, { pb: 7, nullable: true, doc: "A directory of an NFS server." }),
			iscsi: ref(ISCSIVolumeSource, { pb: 8, nullable: true }),
			glusterfs: ref(GlusterfsVolumeSource, { pb: 9, nullable: true }),
			persistentVolumeClaim: ref(PersistentVolumeClaimVolumeSource, {
				pb: 10,
				nullable: true,
				doc: "Storage that a claim holds.",
			}),
			rbd: ref(RBDVolumeSource, { pb: 11, nullable: true }),
			flexVolume: ref(FlexVolumeSource, { pb: 12, nullable: true }),
			cinder: ref(CinderVolumeSource, { pb: 13, nullable: true }),
			cephfs: ref(CephFSVolumeSource, { pb: 14, nullable: true }),
			flocker: ref(FlockerVolumeSource, { pb: 15, nullable: true }),
			downwardAPI: ref(DownwardAPIVolumeSource, {
				pb: 16,
				nullable: true,
				doc: "Files from fields of the pod.",
			}),
			fc: ref(FCVolumeSource, { pb: 17, nullable: true }),
			azureFile: ref(AzureFileVolumeSource, { pb: 18, nullable: true }),
			configMap: ref(ConfigMapVolumeSource, {
				pb: 19,
				nullable: true,
				doc: "Files from the keys of a config map.",
			}),
			vsphereVolume: ref(VsphereVirtualDiskVolumeSource, { pb: 20, nullable: true }),
			quobyte: ref(QuobyteVolumeSource, { pb: 21, nullable: true }),
			azureDisk: ref(AzureDiskVolumeSource, { pb: 22, nullable: true }),
			photonPersistentDisk: ref(PhotonPersistentDiskVolumeSource, { pb: 23, nullable: true }),
			projected: ref(ProjectedVolumeSource, {
				pb: 26,
				nullable: true,
				doc: "Several sources in one directory.",
			}),
			portworxVolume: ref(PortworxVolumeSource, { pb: 24, nullable: true }),
			scaleIO: ref(ScaleIOVolumeSource, { pb: 25, nullable: true }),
			storageos: ref(StorageOSVolumeSource, { pb: 27, nullable: true }),
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
