import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { canonicalQuantity } from "../../machinery/quantity.ts";
import {
	atomicObject,
	type Infer,
	listOf,
	mapOf,
	object,
	ref,
	string,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";
import {
	validateResourceQuota,
	validateResourceQuotaStatus,
	validateResourceQuotaUpdate,
} from "./resource-quota-validation.ts";

export const ScopedResourceSelectorRequirement = atomicObject(
	"core.v1.ScopedResourceSelectorRequirement",
	{
		scopeName: string({ required: true, pb: 1, doc: "Scope, such as PriorityClass or BestEffort." }),
		operator: string({ required: true, pb: 2, doc: "In, NotIn, Exists or DoesNotExist." }),
		values: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Values for In and NotIn, such as names of priority classes.",
		}),
	},
	"One condition on pods.",
);
export interface ScopedResourceSelectorRequirement extends Infer<typeof ScopedResourceSelectorRequirement> {}

export const ScopeSelector = atomicObject(
	"core.v1.ScopeSelector",
	{
		matchExpressions: listOf(ScopedResourceSelectorRequirement, {
			pb: 1,
			list: "atomic",
			doc: "The conditions.",
		}),
	},
	"Chooses pods that a quota is about: all conditions must hold.",
);
export interface ScopeSelector extends Infer<typeof ScopeSelector> {}

export const ResourceQuotaSpec = object(
	"core.v1.ResourceQuotaSpec",
	{
		hard: mapOf(types.quantity, { pb: 1, doc: "Most of each resource." }),
		scopes: listOf(types.string, { pb: 2, list: "atomic", doc: "Sorts of objects that count." }),
		scopeSelector: ref(ScopeSelector, {
			pb: 3,
			nullable: true,
			doc: "Sorts of objects that count, with values.",
		}),
	},
	"What is limited, and for which objects.",
);
export interface ResourceQuotaSpec extends Infer<typeof ResourceQuotaSpec> {}

export const ResourceQuotaStatus = object(
	"core.v1.ResourceQuotaStatus",
	{
		hard: mapOf(types.quantity, { pb: 1, doc: "Most of each resource." }),
		used: mapOf(types.quantity, { pb: 2, doc: "What is used of each." }),
	},
	"What is limited and what is used.",
);
export interface ResourceQuotaStatus extends Infer<typeof ResourceQuotaStatus> {}

const ResourceQuotaSchema = object(
	"core.v1.ResourceQuota",
	{
		metadata: metadataField,
		spec: ref(ResourceQuotaSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(ResourceQuotaStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"How much all objects of a namespace may use together.",
);
export interface ResourceQuota
	extends KubeObject,
		Omit<Infer<typeof ResourceQuotaSchema>, "metadata" | "spec"> {
	readonly spec: ResourceQuotaSpec;
}

const ownAmount = (amounts: Readonly<Record<string, string>> | undefined, resource: string): string =>
	(amounts && Object.hasOwn(amounts, resource) ? amounts[resource] : undefined) ?? "0";

/** `cpu: 1/2, pods: 3/10`, in order of names. */
const usage = ({ status }: ResourceQuota, isShown: (resource: string) => boolean): string =>
	Object.entries(status?.hard ?? {})
		.filter(([resource]) => isShown(resource))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(
			([resource, hard]) =>
				`${resource}: ${canonicalQuantity(ownAmount(status?.used, resource))}/${canonicalQuantity(hard)}`,
		)
		.join(", ");

export const ResourceQuota = defineKind<ResourceQuota>({
	group: "",
	version: "v1",
	kind: "ResourceQuota",
	plural: "resourcequotas",
	shortNames: ["quota"],
	scope: "Namespaced",
	schema: ResourceQuotaSchema,
	hasStatus: true,
	columns: [
		{
			name: "Request",
			type: "string",
			description: "Used of what may be requested and counted.",
			value: (quota) => usage(quota, (resource) => !resource.includes("limits")),
		},
		{
			name: "Limit",
			type: "string",
			description: "Used of what limits may add up to.",
			value: (quota) => usage(quota, (resource) => resource.includes("limits")),
		},
		ageColumn,
	],
	prepareCreate: (quota) => ({ ...quota, status: {} }),
	validate: validateResourceQuota,
	validateUpdate: validateResourceQuotaUpdate,
	validateStatusUpdate: validateResourceQuotaStatus,
});
