import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import { validateIPAddress, validateIPAddressUpdate } from "./service-cidr-validation.ts";

export const ParentReference = object(
	"networking.v1.ParentReference",
	{
		group: string({ pb: 1, doc: "Group of the object; empty for the core group." }),
		resource: string({ required: true, pb: 2, doc: "Resource of the object." }),
		namespace: string({ pb: 3, doc: "Namespace of the object." }),
		name: string({ required: true, pb: 4, doc: "Name of the object." }),
	},
	"An object that has an address.",
);
export interface ParentReference extends Infer<typeof ParentReference> {}

export const IPAddressSpec = object(
	"networking.v1.IPAddressSpec",
	{
		parentRef: ref(ParentReference, { required: true, pb: 1, nullable: true, doc: "What has the address." }),
	},
	"Whose an address is.",
);
export interface IPAddressSpec extends Infer<typeof IPAddressSpec> {}

const IPAddressSchema = object(
	"networking.v1.IPAddress",
	{
		metadata: metadataField,
		spec: ref(IPAddressSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"A cluster address that somebody has.",
);
export interface IPAddress extends KubeObject, Omit<Infer<typeof IPAddressSchema>, "metadata"> {}

export const IPAddress = defineKind<IPAddress>({
	group: "networking.k8s.io",
	version: "v1",
	kind: "IPAddress",
	plural: "ipaddresses",
	shortNames: ["ip"],
	scope: "Cluster",
	schema: IPAddressSchema,
	columns: [
		{ name: "ParentRef", type: "string", description: "What has the address.", value: parentText },
		ageColumn,
	],
	// Not every address is a DNS name; validateIPAddress judges it.
	name: "pathSegment",
	validate: validateIPAddress,
	validateUpdate: validateIPAddressUpdate,
});

function parentText({ spec: { parentRef } }: IPAddress): string {
	if (!parentRef) return "<none>";
	const { group, resource, namespace, name } = parentRef;
	return [group ? `${resource}.${group}` : resource, ...(namespace ? [namespace] : []), name].join("/");
}
