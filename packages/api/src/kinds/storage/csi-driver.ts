import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int64, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateCSIDriver, validateCSIDriverUpdate } from "./csi-driver-validation.ts";

export const CSITokenRequest = object(
	"storage.v1.TokenRequest",
	{
		audience: string({ required: true, pb: 1, doc: "Whom the token is for." }),
		expirationSeconds: int64({ pb: 2, nullable: true, doc: "How long it is good." }),
	},
	"A token that a driver gets.",
);
export interface CSITokenRequest extends Infer<typeof CSITokenRequest> {}

export const CSIDriverSpec = object(
	"storage.v1.CSIDriverSpec",
	{
		attachRequired: bool({
			pb: 1,
			nullable: true,
			doc: "Whether volumes must be attached before they are mounted.",
		}),
		podInfoOnMount: bool({ pb: 2, nullable: true, doc: "Whether the driver is told of the pod." }),
		volumeLifecycleModes: listOf(types.string, { pb: 3, list: "set", doc: "Persistent, Ephemeral or both." }),
		storageCapacity: bool({
			pb: 4,
			nullable: true,
			doc: "Whether the scheduler looks at the room that the driver reports.",
		}),
		fsGroupPolicy: string({
			pb: 5,
			nullable: true,
			enum: ["ReadWriteOnceWithFSType", "File", "None"],
			doc: "Whether files are given to the group of the pod.",
		}),
		tokenRequests: listOf(CSITokenRequest, {
			pb: 6,
			list: "atomic",
			doc: "Tokens of the service account that the driver is given.",
		}),
		requiresRepublish: bool({
			pb: 7,
			nullable: true,
			doc: "Whether the driver is called again and again while the volume is mounted.",
		}),
		seLinuxMount: bool({ pb: 8, nullable: true, doc: "Whether the driver can mount with an SELinux label." }),
		nodeAllocatableUpdatePeriodSeconds: int64({
			pb: 9,
			nullable: true,
			doc: "How often nodes ask how many volumes they can take.",
		}),
		serviceAccountTokenInSecrets: bool({
			pb: 10,
			nullable: true,
			doc: "Whether tokens come among the secrets.",
		}),
		preventPodSchedulingIfMissing: bool({
			pb: 11,
			nullable: true,
			doc: "Whether pods keep away from nodes without the driver.",
		}),
	},
	"What a driver can do, and needs.",
);
export interface CSIDriverSpec extends Infer<typeof CSIDriverSpec> {}

const CSIDriverSchema = object(
	"storage.v1.CSIDriver",
	{
		metadata: metadataField,
		spec: ref(CSIDriverSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Tells what a storage driver wants of the cluster.",
);
export interface CSIDriver extends KubeObject, Omit<Infer<typeof CSIDriverSchema>, "metadata"> {}

const DEFAULTS: Partial<CSIDriverSpec> = {
	attachRequired: true,
	podInfoOnMount: false,
	storageCapacity: false,
	fsGroupPolicy: "ReadWriteOnceWithFSType",
	requiresRepublish: false,
	seLinuxMount: false,
};

export const CSIDriver = defineKind<CSIDriver>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "CSIDriver",
	plural: "csidrivers",
	scope: "Cluster",
	schema: CSIDriverSchema,
	columns: [
		{
			name: "AttachRequired",
			type: "boolean",
			description: "Whether volumes are attached before they are mounted.",
			value: ({ spec }) => spec.attachRequired ?? true,
		},
		{
			name: "PodInfoOnMount",
			type: "boolean",
			description: "Whether the driver is told of the pod.",
			value: ({ spec }) => spec.podInfoOnMount ?? false,
		},
		{
			name: "StorageCapacity",
			type: "boolean",
			description: "Whether the scheduler asks for room.",
			value: ({ spec }) => spec.storageCapacity ?? false,
		},
		{
			name: "TokenRequests",
			type: "string",
			description: "Audiences of tokens it is given.",
			value: ({ spec }) => (spec.tokenRequests ?? []).map(({ audience }) => audience).join(",") || "<unset>",
		},
		{
			name: "RequiresRepublish",
			type: "boolean",
			description: "Whether it is called again and again.",
			value: ({ spec }) => spec.requiresRepublish ?? false,
		},
		{
			name: "Modes",
			type: "string",
			description: "How its volumes live.",
			value: ({ spec }) => (spec.volumeLifecycleModes ?? []).join(",") || "<none>",
		},
		ageColumn,
	],
	defaults: (driver) =>
		change(driver, "spec", (spec) => {
			const filled = fillAbsent(spec, DEFAULTS);
			return filled.volumeLifecycleModes?.length
				? filled
				: { ...filled, volumeLifecycleModes: ["Persistent"] };
		}),
	validate: validateCSIDriver,
	validateUpdate: validateCSIDriverUpdate,
});
