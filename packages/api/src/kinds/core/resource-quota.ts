import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, mapOf, object, ref, string, types } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";

export const ScopedResourceSelectorRequirement = object("core.v1.ScopedResourceSelectorRequirement", {
	scopeName: string({
		required: true,
		pb: 1,
		enum: [
			"Terminating",
			"NotTerminating",
			"BestEffort",
			"NotBestEffort",
			"PriorityClass",
			"CrossNamespacePodAffinity",
			"VolumeAttributesClass",
		],
	}),
	operator: string({ required: true, pb: 2, enum: ["In", "NotIn", "Exists", "DoesNotExist"] }),
	values: listOf(types.string, { pb: 3, list: "atomic" }),
});
export interface ScopedResourceSelectorRequirement extends Infer<typeof ScopedResourceSelectorRequirement> {}

export const ScopeSelector = object("core.v1.ScopeSelector", {
	matchExpressions: listOf(ScopedResourceSelectorRequirement, { pb: 1, list: "atomic" }),
});
export interface ScopeSelector extends Infer<typeof ScopeSelector> {}

export const ResourceQuotaSpec = object("core.v1.ResourceQuotaSpec", {
	hard: mapOf(types.quantity, { pb: 1 }),
	scopes: listOf(types.string, { pb: 2, list: "atomic" }),
	scopeSelector: ref(ScopeSelector, { pb: 3, nullable: true }),
});
export interface ResourceQuotaSpec extends Infer<typeof ResourceQuotaSpec> {}

export const ResourceQuotaStatus = object("core.v1.ResourceQuotaStatus", {
	hard: mapOf(types.quantity, { pb: 1 }),
	used: mapOf(types.quantity, { pb: 2 }),
});
export interface ResourceQuotaStatus extends Infer<typeof ResourceQuotaStatus> {}

const ResourceQuotaSchema = object("core.v1.ResourceQuota", {
	metadata: metadataField,
	spec: ref(ResourceQuotaSpec, { default: {}, pb: 2 }),
	status: ref(ResourceQuotaStatus, { pb: 3 }),
});
export interface ResourceQuota
	extends KubeObject,
		Omit<Infer<typeof ResourceQuotaSchema>, "metadata" | "spec"> {
	readonly spec: ResourceQuotaSpec;
}

export const ResourceQuota = defineKind<ResourceQuota>({
	group: "",
	version: "v1",
	kind: "ResourceQuota",
	plural: "resourcequotas",
	shortNames: ["quota"],
	scope: "Namespaced",
	schema: ResourceQuotaSchema,
	hasStatus: true,
	columns: [],
});
