/** Volumes whose files are made of what the API knows: secrets, config maps, facts of the pod, tokens. */
import { LabelSelector } from "../../machinery/meta.ts";
import {
	bool,
	type Infer,
	int32,
	int64,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { localReferenceFields, ObjectFieldSelector, ResourceFieldSelector } from "./references.ts";
import { defaultModeField } from "./volume-fields.ts";

export const KeyToPath = object(
	"core.v1.KeyToPath",
	{
		key: string({ required: true, pb: 1, doc: "The key." }),
		path: string({ required: true, pb: 2, doc: "File below the volume, as a relative path without `..`." }),
		mode: int32({ pb: 3, nullable: true, doc: "Permissions of the file; default that of the volume." }),
	},
	"One key, and the file it becomes.",
);
export interface KeyToPath extends Infer<typeof KeyToPath> {}

/** Which keys of a secret or config map become files. */
const chosenKeys = {
	items: listOf(KeyToPath, {
		pb: 2,
		list: "atomic",
		doc: "Keys to show, and as which files; default all of them.",
	}),
	optional: bool({
		pb: 4,
		nullable: true,
		doc: "True: the pod starts even when the object or a key is missing.",
	}),
};

export const SecretVolumeSource = object(
	"core.v1.SecretVolumeSource",
	{
		secretName: string({ pb: 1, doc: "Name of the secret." }),
		...chosenKeys,
		defaultMode: defaultModeField(3),
	},
	"Keys of a secret, one file each.",
);
export interface SecretVolumeSource extends Infer<typeof SecretVolumeSource> {}

export const DownwardAPIVolumeFile = object(
	"core.v1.DownwardAPIVolumeFile",
	{
		path: string({ required: true, pb: 1, doc: "File below the volume, as a relative path without `..`." }),
		fieldRef: ref(ObjectFieldSelector, {
			pb: 2,
			nullable: true,
			doc: "Field of the pod; instead of resourceFieldRef.",
		}),
		resourceFieldRef: ref(ResourceFieldSelector, {
			pb: 3,
			nullable: true,
			doc: "Request or limit of a container; instead of fieldRef.",
		}),
		mode: int32({ pb: 4, nullable: true, doc: "Permissions of the file; default that of the volume." }),
	},
	"A file with one fact of the pod.",
);
export interface DownwardAPIVolumeFile extends Infer<typeof DownwardAPIVolumeFile> {}

export const DownwardAPIVolumeSource = object(
	"core.v1.DownwardAPIVolumeSource",
	{
		items: listOf(DownwardAPIVolumeFile, { pb: 1, list: "atomic", doc: "The files." }),
		defaultMode: defaultModeField(2),
	},
	"Facts of the pod, one file each.",
);
export interface DownwardAPIVolumeSource extends Infer<typeof DownwardAPIVolumeSource> {}

export const ConfigMapVolumeSource = object(
	"core.v1.ConfigMapVolumeSource",
	{
		...localReferenceFields,
		...chosenKeys,
		defaultMode: defaultModeField(3),
	},
	"Keys of a config map, one file each.",
);
export interface ConfigMapVolumeSource extends Infer<typeof ConfigMapVolumeSource> {}

export const SecretProjection = object(
	"core.v1.SecretProjection",
	{
		...localReferenceFields,
		...chosenKeys,
	},
	"Keys of a secret, as files of a projected volume.",
);
export interface SecretProjection extends Infer<typeof SecretProjection> {}

export const DownwardAPIProjection = object(
	"core.v1.DownwardAPIProjection",
	{
		items: listOf(DownwardAPIVolumeFile, { pb: 1, list: "atomic", doc: "The files." }),
	},
	"Facts of the pod, as files of a projected volume.",
);
export interface DownwardAPIProjection extends Infer<typeof DownwardAPIProjection> {}

export const ConfigMapProjection = object(
	"core.v1.ConfigMapProjection",
	{
		...localReferenceFields,
		...chosenKeys,
	},
	"Keys of a config map, as files of a projected volume.",
);
export interface ConfigMapProjection extends Infer<typeof ConfigMapProjection> {}

export const ServiceAccountTokenProjection = object(
	"core.v1.ServiceAccountTokenProjection",
	{
		audience: string({ pb: 1, doc: "For whom the token is; default the API server." }),
		expirationSeconds: int64({
			pb: 2,
			nullable: true,
			doc: "How long the token is good for, in seconds; default 3600, at least 600.",
		}),
		path: string({ required: true, pb: 3, doc: "File below the volume, as a relative path." }),
	},
	"A token of the pod's service account, as a file.",
);
export interface ServiceAccountTokenProjection extends Infer<typeof ServiceAccountTokenProjection> {}

export const ClusterTrustBundleProjection = object(
	"core.v1.ClusterTrustBundleProjection",
	{
		name: string({ pb: 1, nullable: true, doc: "Name of one trust bundle; instead of signerName." }),
		signerName: string({
			pb: 2,
			nullable: true,
			doc: "Signer whose trust bundles are taken, as chosen by labelSelector.",
		}),
		labelSelector: ref(LabelSelector, {
			pb: 3,
			nullable: true,
			doc: "Trust bundles of the signer, by label; none at all when it is absent.",
		}),
		optional: bool({
			pb: 5,
			nullable: true,
			doc: "True: the pod starts without it when no bundle is found.",
		}),
		path: string({ required: true, pb: 4, doc: "File below the volume, as a relative path." }),
	},
	"Certificates of authorities, as one file.",
);
export interface ClusterTrustBundleProjection extends Infer<typeof ClusterTrustBundleProjection> {}

export const PodCertificateProjection = object(
	"core.v1.PodCertificateProjection",
	{
		signerName: string({ required: true, pb: 1, doc: "Signer that is asked for the certificate." }),
		keyType: string({ required: true, pb: 2, doc: "Sort of the key, such as ED25519 or ECDSAP256." }),
		maxExpirationSeconds: int32({
			pb: 3,
			nullable: true,
			doc: "Longest life of the certificate in seconds; default 86400.",
		}),
		credentialBundlePath: string({
			pb: 4,
			doc: "File for key and certificates together, as a relative path.",
		}),
		keyPath: string({ pb: 5, doc: "File for the key alone, as a relative path." }),
		certificateChainPath: string({ pb: 6, doc: "File for the certificates alone, as a relative path." }),
		userAnnotations: mapOf(types.string, { pb: 7, doc: "Notes for the signer, passed on as they are." }),
	},
	"A key with its certificate chain, made for this pod.",
);
export interface PodCertificateProjection extends Infer<typeof PodCertificateProjection> {}

export const VolumeProjection = object(
	"core.v1.VolumeProjection",
	{
		secret: ref(SecretProjection, { pb: 1, nullable: true, doc: "Keys of a secret." }),
		downwardAPI: ref(DownwardAPIProjection, { pb: 2, nullable: true, doc: "Facts of the pod." }),
		configMap: ref(ConfigMapProjection, { pb: 3, nullable: true, doc: "Keys of a config map." }),
		serviceAccountToken: ref(ServiceAccountTokenProjection, {
			pb: 4,
			nullable: true,
			doc: "A token of the pod's service account, renewed before it expires.",
		}),
		clusterTrustBundle: ref(ClusterTrustBundleProjection, {
			pb: 5,
			nullable: true,
			doc: "Certificates of authorities, from cluster trust bundles.",
		}),
		podCertificate: ref(PodCertificateProjection, {
			pb: 6,
			nullable: true,
			doc: "A key and a certificate made for this pod, renewed before it expires.",
		}),
	},
	"One source of a projected volume: exactly one of these.",
);
export interface VolumeProjection extends Infer<typeof VolumeProjection> {}

export const ProjectedVolumeSource = object(
	"core.v1.ProjectedVolumeSource",
	{
		sources: listOf(VolumeProjection, { pb: 1, list: "atomic", doc: "What goes into the directory." }),
		defaultMode: defaultModeField(2),
	},
	"Several sources together in one directory.",
);
export interface ProjectedVolumeSource extends Infer<typeof ProjectedVolumeSource> {}
