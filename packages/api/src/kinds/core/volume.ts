import { LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import {
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
} from "../../machinery/schema.ts";
import { LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";

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

export const GCEPersistentDiskVolumeSource = object("core.v1.GCEPersistentDiskVolumeSource", {
	pdName: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	partition: int32({ pb: 3 }),
	readOnly: bool({ pb: 4 }),
});
export interface GCEPersistentDiskVolumeSource extends Infer<typeof GCEPersistentDiskVolumeSource> {}

export const AWSElasticBlockStoreVolumeSource = object("core.v1.AWSElasticBlockStoreVolumeSource", {
	volumeID: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	partition: int32({ pb: 3 }),
	readOnly: bool({ pb: 4 }),
});
export interface AWSElasticBlockStoreVolumeSource extends Infer<typeof AWSElasticBlockStoreVolumeSource> {}

export const GitRepoVolumeSource = object("core.v1.GitRepoVolumeSource", {
	repository: string({ required: true, pb: 1 }),
	revision: string({ pb: 2 }),
	directory: string({ pb: 3 }),
});
export interface GitRepoVolumeSource extends Infer<typeof GitRepoVolumeSource> {}

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

export const NFSVolumeSource = object("core.v1.NFSVolumeSource", {
	server: string({ required: true, pb: 1 }),
	path: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3 }),
});
export interface NFSVolumeSource extends Infer<typeof NFSVolumeSource> {}

export const ISCSIVolumeSource = object("core.v1.ISCSIVolumeSource", {
	targetPortal: string({ required: true, pb: 1 }),
	iqn: string({ required: true, pb: 2 }),
	lun: int32({ required: true, pb: 3 }),
	iscsiInterface: string({ pb: 4, default: "default" }),
	fsType: string({ pb: 5 }),
	readOnly: bool({ pb: 6 }),
	portals: listOf(types.string, { pb: 7, list: "atomic" }),
	chapAuthDiscovery: bool({ pb: 8 }),
	chapAuthSession: bool({ pb: 11 }),
	secretRef: ref(LocalObjectReference, { pb: 10, nullable: true }),
	initiatorName: string({ pb: 12, nullable: true }),
});
export interface ISCSIVolumeSource extends Infer<typeof ISCSIVolumeSource> {}

export const GlusterfsVolumeSource = object("core.v1.GlusterfsVolumeSource", {
	endpoints: string({ required: true, pb: 1 }),
	path: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3 }),
});
export interface GlusterfsVolumeSource extends Infer<typeof GlusterfsVolumeSource> {}

export const PersistentVolumeClaimVolumeSource = object("core.v1.PersistentVolumeClaimVolumeSource", {
	claimName: string({ required: true, pb: 1 }),
	readOnly: bool({ pb: 2 }),
});
export interface PersistentVolumeClaimVolumeSource extends Infer<typeof PersistentVolumeClaimVolumeSource> {}

export const RBDVolumeSource = object("core.v1.RBDVolumeSource", {
	monitors: listOf(types.string, { required: true, pb: 1, list: "atomic" }),
	image: string({ required: true, pb: 2 }),
	fsType: string({ pb: 3 }),
	pool: string({ pb: 4, default: "rbd" }),
	user: string({ pb: 5, default: "admin" }),
	keyring: string({ pb: 6, default: "/etc/ceph/keyring" }),
	secretRef: ref(LocalObjectReference, { pb: 7, nullable: true }),
	readOnly: bool({ pb: 8 }),
});
export interface RBDVolumeSource extends Infer<typeof RBDVolumeSource> {}

export const FlexVolumeSource = object("core.v1.FlexVolumeSource", {
	driver: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	secretRef: ref(LocalObjectReference, { pb: 3, nullable: true }),
	readOnly: bool({ pb: 4 }),
	options: mapOf(types.string, { pb: 5 }),
});
export interface FlexVolumeSource extends Infer<typeof FlexVolumeSource> {}

export const CinderVolumeSource = object("core.v1.CinderVolumeSource", {
	volumeID: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	readOnly: bool({ pb: 3 }),
	secretRef: ref(LocalObjectReference, { pb: 4, nullable: true }),
});
export interface CinderVolumeSource extends Infer<typeof CinderVolumeSource> {}

export const CephFSVolumeSource = object("core.v1.CephFSVolumeSource", {
	monitors: listOf(types.string, { required: true, pb: 1, list: "atomic" }),
	path: string({ pb: 2 }),
	user: string({ pb: 3 }),
	secretFile: string({ pb: 4 }),
	secretRef: ref(LocalObjectReference, { pb: 5, nullable: true }),
	readOnly: bool({ pb: 6 }),
});
export interface CephFSVolumeSource extends Infer<typeof CephFSVolumeSource> {}

export const FlockerVolumeSource = object("core.v1.FlockerVolumeSource", {
	datasetName: string({ pb: 1 }),
	datasetUUID: string({ pb: 2 }),
});
export interface FlockerVolumeSource extends Infer<typeof FlockerVolumeSource> {}

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

export const FCVolumeSource = object("core.v1.FCVolumeSource", {
	targetWWNs: listOf(types.string, { pb: 1, list: "atomic" }),
	lun: int32({ pb: 2, nullable: true }),
	fsType: string({ pb: 3 }),
	readOnly: bool({ pb: 4 }),
	wwids: listOf(types.string, { pb: 5, list: "atomic" }),
});
export interface FCVolumeSource extends Infer<typeof FCVolumeSource> {}

export const AzureFileVolumeSource = object("core.v1.AzureFileVolumeSource", {
	secretName: string({ required: true, pb: 1 }),
	shareName: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3 }),
});
export interface AzureFileVolumeSource extends Infer<typeof AzureFileVolumeSource> {}

export const ConfigMapVolumeSource = object("core.v1.ConfigMapVolumeSource", {
	name: string({ pb: 1, default: "" }),
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	defaultMode: int32({ pb: 3, nullable: true }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface ConfigMapVolumeSource extends Infer<typeof ConfigMapVolumeSource> {}

export const VsphereVirtualDiskVolumeSource = object("core.v1.VsphereVirtualDiskVolumeSource", {
	volumePath: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	storagePolicyName: string({ pb: 3 }),
	storagePolicyID: string({ pb: 4 }),
});
export interface VsphereVirtualDiskVolumeSource extends Infer<typeof VsphereVirtualDiskVolumeSource> {}

export const QuobyteVolumeSource = object("core.v1.QuobyteVolumeSource", {
	registry: string({ required: true, pb: 1 }),
	volume: string({ required: true, pb: 2 }),
	readOnly: bool({ pb: 3 }),
	user: string({ pb: 4 }),
	group: string({ pb: 5 }),
	tenant: string({ pb: 6 }),
});
export interface QuobyteVolumeSource extends Infer<typeof QuobyteVolumeSource> {}

export const AzureDiskVolumeSource = object("core.v1.AzureDiskVolumeSource", {
	diskName: string({ required: true, pb: 1 }),
	diskURI: string({ required: true, pb: 2 }),
	cachingMode: string({
		pb: 3,
		nullable: true,
		default: "ReadWrite",
		enum: ["None", "ReadOnly", "ReadWrite"],
	}),
	fsType: string({ pb: 4, nullable: true, default: "ext4" }),
	readOnly: bool({ pb: 5, nullable: true, default: false }),
	kind: string({
		pb: 6,
		nullable: true,
		default: "Shared",
		enum: ["Shared", "Dedicated", "Managed"],
	}),
});
export interface AzureDiskVolumeSource extends Infer<typeof AzureDiskVolumeSource> {}

export const PhotonPersistentDiskVolumeSource = object("core.v1.PhotonPersistentDiskVolumeSource", {
	pdID: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
});
export interface PhotonPersistentDiskVolumeSource extends Infer<typeof PhotonPersistentDiskVolumeSource> {}

export const SecretProjection = object("core.v1.SecretProjection", {
	name: string({ pb: 1, default: "" }),
	items: listOf(KeyToPath, { pb: 2, list: "atomic" }),
	optional: bool({ pb: 4, nullable: true }),
});
export interface SecretProjection extends Infer<typeof SecretProjection> {}

export const DownwardAPIProjection = object("core.v1.DownwardAPIProjection", {
	items: listOf(DownwardAPIVolumeFile, { pb: 1, list: "atomic" }),
});
export interface DownwardAPIProjection extends Infer<typeof DownwardAPIProjection> {}

export const ConfigMapProjection = object("core.v1.ConfigMapProjection", {
	name: string({ pb: 1, default: "" }),
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

export const PortworxVolumeSource = object("core.v1.PortworxVolumeSource", {
	volumeID: string({ required: true, pb: 1 }),
	fsType: string({ pb: 2 }),
	readOnly: bool({ pb: 3 }),
});
export interface PortworxVolumeSource extends Infer<typeof PortworxVolumeSource> {}

export const ScaleIOVolumeSource = object("core.v1.ScaleIOVolumeSource", {
	gateway: string({ required: true, pb: 1 }),
	system: string({ required: true, pb: 2 }),
	secretRef: ref(LocalObjectReference, { required: true, pb: 3, nullable: true }),
	sslEnabled: bool({ pb: 4 }),
	protectionDomain: string({ pb: 5 }),
	storagePool: string({ pb: 6 }),
	storageMode: string({ pb: 7, default: "ThinProvisioned" }),
	volumeName: string({ pb: 8 }),
	fsType: string({ pb: 9, default: "xfs" }),
	readOnly: bool({ pb: 10 }),
});
export interface ScaleIOVolumeSource extends Infer<typeof ScaleIOVolumeSource> {}

export const StorageOSVolumeSource = object("core.v1.StorageOSVolumeSource", {
	volumeName: string({ pb: 1 }),
	volumeNamespace: string({ pb: 2 }),
	fsType: string({ pb: 3 }),
	readOnly: bool({ pb: 4 }),
	secretRef: ref(LocalObjectReference, { pb: 5, nullable: true }),
});
export interface StorageOSVolumeSource extends Infer<typeof StorageOSVolumeSource> {}

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

export const TypedLocalObjectReference = object("core.v1.TypedLocalObjectReference", {
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

export const Volume = object("core.v1.Volume", {
	hostPath: ref(HostPathVolumeSource, { pb: 1, nullable: true }),
	emptyDir: ref(EmptyDirVolumeSource, { pb: 2, nullable: true }),
	gcePersistentDisk: ref(GCEPersistentDiskVolumeSource, { pb: 3, nullable: true }),
	awsElasticBlockStore: ref(AWSElasticBlockStoreVolumeSource, { pb: 4, nullable: true }),
	gitRepo: ref(GitRepoVolumeSource, { pb: 5, nullable: true }),
	secret: ref(SecretVolumeSource, { pb: 6, nullable: true }),
	nfs: ref(NFSVolumeSource, { pb: 7, nullable: true }),
	iscsi: ref(ISCSIVolumeSource, { pb: 8, nullable: true }),
	glusterfs: ref(GlusterfsVolumeSource, { pb: 9, nullable: true }),
	persistentVolumeClaim: ref(PersistentVolumeClaimVolumeSource, { pb: 10, nullable: true }),
	rbd: ref(RBDVolumeSource, { pb: 11, nullable: true }),
	flexVolume: ref(FlexVolumeSource, { pb: 12, nullable: true }),
	cinder: ref(CinderVolumeSource, { pb: 13, nullable: true }),
	cephfs: ref(CephFSVolumeSource, { pb: 14, nullable: true }),
	flocker: ref(FlockerVolumeSource, { pb: 15, nullable: true }),
	downwardAPI: ref(DownwardAPIVolumeSource, { pb: 16, nullable: true }),
	fc: ref(FCVolumeSource, { pb: 17, nullable: true }),
	azureFile: ref(AzureFileVolumeSource, { pb: 18, nullable: true }),
	configMap: ref(ConfigMapVolumeSource, { pb: 19, nullable: true }),
	vsphereVolume: ref(VsphereVirtualDiskVolumeSource, { pb: 20, nullable: true }),
	quobyte: ref(QuobyteVolumeSource, { pb: 21, nullable: true }),
	azureDisk: ref(AzureDiskVolumeSource, { pb: 22, nullable: true }),
	photonPersistentDisk: ref(PhotonPersistentDiskVolumeSource, { pb: 23, nullable: true }),
	projected: ref(ProjectedVolumeSource, { pb: 26, nullable: true }),
	portworxVolume: ref(PortworxVolumeSource, { pb: 24, nullable: true }),
	scaleIO: ref(ScaleIOVolumeSource, { pb: 25, nullable: true }),
	storageos: ref(StorageOSVolumeSource, { pb: 27, nullable: true }),
	csi: ref(CSIVolumeSource, { pb: 28, nullable: true }),
	ephemeral: ref(EphemeralVolumeSource, { pb: 29, nullable: true }),
	image: ref(ImageVolumeSource, { pb: 30, nullable: true }),
	name: string({ required: true, pb: 1 }),
});
export interface Volume extends Infer<typeof Volume> {}
