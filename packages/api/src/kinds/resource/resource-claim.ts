import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { AllocatedDeviceStatus, AllocationResult } from "./allocation.ts";
import { claimDefaults } from "./claim-defaults.ts";
import {
	validateResourceClaim,
	validateResourceClaimStatus,
	validateResourceClaimUpdate,
} from "./claim-validation.ts";
import { ResourceClaimSpec } from "./device-claim.ts";

export const ResourceClaimConsumerReference = object(
	"resource.v1.ResourceClaimConsumerReference",
	{
		apiGroup: string({ pb: 1, doc: "API group; empty for the core group." }),
		resource: string({ required: true, pb: 3, doc: "Resource, such as pods." }),
		name: string({ required: true, pb: 4, doc: "Name of the object." }),
		uid: string({ required: true, pb: 5, doc: "Identity of the object." }),
	},
	"Somebody who uses a claim.",
);
export interface ResourceClaimConsumerReference extends Infer<typeof ResourceClaimConsumerReference> {}

export const ResourceClaimStatus = object(
	"resource.v1.ResourceClaimStatus",
	{
		allocation: ref(AllocationResult, { pb: 1, nullable: true, doc: "Devices that were given." }),
		reservedFor: listOf(ResourceClaimConsumerReference, {
			pb: 2,
			list: "map",
			keys: ["uid"],
			patch: ["merge"],
			mergeKey: "uid",
			doc: "Who may use them.",
		}),
		devices: listOf(AllocatedDeviceStatus, {
			pb: 4,
			list: "map",
			keys: ["driver", "device", "pool", "shareID"],
			doc: "State of the devices, as drivers tell it.",
		}),
	},
	"Which devices were given, and to whom.",
);
export interface ResourceClaimStatus extends Infer<typeof ResourceClaimStatus> {}

const ResourceClaimSchema = object(
	"resource.v1.ResourceClaim",
	{
		metadata: metadataField,
		spec: ref(ResourceClaimSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ResourceClaimStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Asks for devices.",
);
export interface ResourceClaim extends KubeObject, Omit<Infer<typeof ResourceClaimSchema>, "metadata"> {}

export const ResourceClaim = defineKind<ResourceClaim>({
	group: "resource.k8s.io",
	version: "v1",
	kind: "ResourceClaim",
	plural: "resourceclaims",
	scope: "Namespaced",
	schema: ResourceClaimSchema,
	hasStatus: true,
	columns: [
		{
			name: "State",
			type: "string",
			description: "Whether devices are allocated and in use.",
			value: stateText,
		},
		ageColumn,
	],
	defaults: (claim) => change(claim, "spec", claimDefaults),
	validate: validateResourceClaim,
	validateUpdate: validateResourceClaimUpdate,
	validateStatusUpdate: validateResourceClaimStatus,
});

function stateText({ metadata, status }: ResourceClaim): string {
	const deleted = metadata.deletionTimestamp ? ["deleted"] : [];
	if (!status?.allocation) return deleted[0] ?? "pending";
	return [...deleted, "allocated", ...(status.reservedFor?.length ? ["reserved"] : [])].join(",");
}
