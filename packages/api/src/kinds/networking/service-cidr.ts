import { defineKind } from "../../machinery/kind.ts";
import { Condition, type KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, ref, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionsField } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { validateServiceCIDR, validateServiceCIDRUpdate } from "./service-cidr-validation.ts";

export const ServiceCIDRSpec = object(
	"networking.v1.ServiceCIDRSpec",
	{
		cidrs: listOf(types.string, { pb: 1, list: "atomic", doc: "One range, or one of each address family." }),
	},
	"Ranges that services get their addresses from.",
);
export interface ServiceCIDRSpec extends Infer<typeof ServiceCIDRSpec> {}

export const ServiceCIDRStatus = object(
	"networking.v1.ServiceCIDRStatus",
	{
		conditions: conditionsField(Condition, 1, "Whether addresses can be taken."),
	},
	"Whether the ranges are in use.",
);
export interface ServiceCIDRStatus extends Infer<typeof ServiceCIDRStatus> {}

const ServiceCIDRSchema = object(
	"networking.v1.ServiceCIDR",
	{
		metadata: metadataField,
		spec: ref(ServiceCIDRSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ServiceCIDRStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A range that cluster addresses of services are taken from.",
);
export interface ServiceCIDR extends KubeObject, Omit<Infer<typeof ServiceCIDRSchema>, "metadata" | "spec"> {
	readonly spec: ServiceCIDRSpec;
}

export const ServiceCIDR = defineKind<ServiceCIDR>({
	group: "networking.k8s.io",
	version: "v1",
	kind: "ServiceCIDR",
	plural: "servicecidrs",
	scope: "Cluster",
	schema: ServiceCIDRSchema,
	hasStatus: true,
	columns: [
		{
			name: "CIDRs",
			type: "string",
			description: "Ranges that addresses are taken from.",
			value: ({ spec }) => (spec.cidrs ?? []).join(","),
		},
		ageColumn,
	],
	validate: validateServiceCIDR,
	validateUpdate: validateServiceCIDRUpdate,
});
