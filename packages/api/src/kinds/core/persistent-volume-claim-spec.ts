/** What storage is asked for: by a claim, and by a pod that brings its claims along. */
import { LabelSelector, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";
import { TypedLocalObjectReference, TypedObjectReference } from "./references.ts";

export const VolumeResourceRequirements = object(
	"core.v1.VolumeResourceRequirements",
	{
		limits: mapOf(types.quantity, { pb: 1, doc: "The most there may be." }),
		requests: mapOf(types.quantity, { pb: 2, doc: "The least there must be, such as storage: 10Gi." }),
	},
	"How much storage is asked for.",
);
export interface VolumeResourceRequirements extends Infer<typeof VolumeResourceRequirements> {}

export const PersistentVolumeClaimSpec = object(
	"core.v1.PersistentVolumeClaimSpec",
	{
		accessModes: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "How it will be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.",
		}),
		selector: ref(LabelSelector, { pb: 4, nullable: true, doc: "Labels that the volume must have." }),
		resources: ref(VolumeResourceRequirements, { pb: 2, doc: "How much storage." }),
		volumeName: string({ pb: 3, doc: "The volume it is bound to, or wants." }),
		storageClassName: string({
			pb: 5,
			nullable: true,
			doc: "Class the storage comes from; absent is the default class, empty is none.",
		}),
		volumeMode: string({
			pb: 6,
			nullable: true,
			enum: ["Block", "Filesystem"],
			doc: "Filesystem, or Block for a raw device; default Filesystem.",
		}),
		dataSource: ref(TypedLocalObjectReference, {
			pb: 7,
			nullable: true,
			doc: "Snapshot or claim to fill it from.",
		}),
		dataSourceRef: ref(TypedObjectReference, {
			pb: 8,
			nullable: true,
			doc: "The same, of any kind and namespace.",
		}),
		volumeAttributesClassName: string({
			pb: 9,
			nullable: true,
			doc: "Class of attributes, such as speed, that may be changed later.",
		}),
	},
	"What storage is asked for.",
);
export interface PersistentVolumeClaimSpec extends Infer<typeof PersistentVolumeClaimSpec> {}

export const PersistentVolumeClaimTemplate = object(
	"core.v1.PersistentVolumeClaimTemplate",
	{
		metadata: ref(ObjectMetaSchema, { pb: 1, doc: "Labels and annotations of the claim." }),
		spec: ref(PersistentVolumeClaimSpec, { required: true, pb: 2, doc: "What storage is asked for." }),
	},
	"A claim to be made.",
);
export interface PersistentVolumeClaimTemplate extends Infer<typeof PersistentVolumeClaimTemplate> {}
