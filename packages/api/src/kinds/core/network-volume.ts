/** Volumes that other machines keep: network file systems, disks of clouds, and what came before CSI. */
import {
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
import { LocalObjectReference } from "./references.ts";

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
