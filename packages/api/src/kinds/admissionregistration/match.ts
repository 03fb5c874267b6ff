import { LabelSelector } from "../../machinery/meta.ts";
import {
	atomicObject,
	type Infer,
	listOf,
	object,
	ref,
	string,
	types,
	within,
} from "../../machinery/schema.ts";

const ruleFields = {
	apiGroups: listOf(types.string, {
		pb: 1,
		list: "atomic",
		doc: "API groups; * for all, empty text for the core group.",
	}),
	apiVersions: listOf(types.string, { pb: 2, list: "atomic", doc: "API versions; * for all." }),
	resources: listOf(types.string, {
		pb: 3,
		list: "atomic",
		doc: "Resources, with a slash also subresources: pods, pods/log, */scale, *; no slash, no subresource.",
	}),
	scope: string({
		pb: 4,
		nullable: true,
		enum: ["Cluster", "Namespaced", "*"],
		doc: "Cluster, Namespaced, or * for both; default *.",
	}),
};

const ruleWithOperationsFields = {
	...within(2, ruleFields),
	operations: listOf(types.string, {
		pb: 1,
		list: "atomic",
		doc: "CREATE, UPDATE, DELETE, CONNECT, or * for all.",
	}),
};

export const RuleWithOperations = object(
	"admissionregistration.v1.RuleWithOperations",
	ruleWithOperationsFields,
	"Requests by operation and resource.",
);
export interface RuleWithOperations extends Infer<typeof RuleWithOperations> {}

export const MatchCondition = object(
	"admissionregistration.v1.MatchCondition",
	{
		name: string({ required: true, pb: 1, doc: "Name, for messages." }),
		expression: string({ required: true, pb: 2, doc: "CEL expression that is true or false." }),
	},
	"A CEL condition.",
);
export interface MatchCondition extends Infer<typeof MatchCondition> {}

/** All of them must hold. */
export const matchConditionsField = (pb: number, doc: string) =>
	listOf(MatchCondition, { pb, list: "map", keys: ["name"], patch: ["merge"], mergeKey: "name", doc });

export const matchPolicyField = (pb: number) =>
	string({
		pb,
		nullable: true,
		enum: ["Exact", "Equivalent"],
		doc: "Exact, or Equivalent: also the same objects in other versions.",
	});

export const NamedRuleWithOperations = atomicObject(
	"admissionregistration.v1.NamedRuleWithOperations",
	{
		...within(2, ruleWithOperationsFields),
		resourceNames: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "Names of the objects; empty for all.",
		}),
	},
	"Requests by operation, resource and name.",
);
export interface NamedRuleWithOperations extends Infer<typeof NamedRuleWithOperations> {}

export const MatchResources = object(
	"admissionregistration.v1.MatchResources",
	{
		namespaceSelector: ref(LabelSelector, {
			pb: 1,
			nullable: true,
			doc: "Namespaces whose objects are meant.",
		}),
		objectSelector: ref(LabelSelector, { pb: 2, nullable: true, doc: "Objects that are meant." }),
		resourceRules: listOf(NamedRuleWithOperations, {
			pb: 3,
			list: "atomic",
			doc: "Requests that are meant.",
		}),
		excludeResourceRules: listOf(NamedRuleWithOperations, {
			pb: 4,
			list: "atomic",
			doc: "Requests that are not meant after all.",
		}),
		matchPolicy: matchPolicyField(7),
	},
	"Which requests a policy is about.",
);
export interface MatchResources extends Infer<typeof MatchResources> {}
