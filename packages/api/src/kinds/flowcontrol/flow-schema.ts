import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { change, fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateFlowSchema } from "./flow-schema-validation.ts";

export const PriorityLevelConfigurationReference = object(
	"flowcontrol.v1.PriorityLevelConfigurationReference",
	{
		name: string({ required: true, pb: 1, doc: "Name of the level." }),
	},
	"A priority level.",
);
export interface PriorityLevelConfigurationReference
	extends Infer<typeof PriorityLevelConfigurationReference> {}

export const FlowDistinguisherMethod = object(
	"flowcontrol.v1.FlowDistinguisherMethod",
	{
		type: string({ required: true, pb: 1, enum: ["ByUser", "ByNamespace"], doc: "ByUser or ByNamespace." }),
	},
	"What tells flows apart.",
);
export interface FlowDistinguisherMethod extends Infer<typeof FlowDistinguisherMethod> {}

export const UserSubject = object(
	"flowcontrol.v1.UserSubject",
	{
		name: string({ required: true, pb: 1, doc: "Name of the user; * for all." }),
	},
	"A user.",
);
export interface UserSubject extends Infer<typeof UserSubject> {}

export const GroupSubject = object(
	"flowcontrol.v1.GroupSubject",
	{
		name: string({ required: true, pb: 1, doc: "Name of the group; * for all." }),
	},
	"A group.",
);
export interface GroupSubject extends Infer<typeof GroupSubject> {}

export const ServiceAccountSubject = object(
	"flowcontrol.v1.ServiceAccountSubject",
	{
		namespace: string({ required: true, pb: 1, doc: "Namespace of the account." }),
		name: string({ required: true, pb: 2, doc: "Name of the account; * for all of the namespace." }),
	},
	"A service account.",
);
export interface ServiceAccountSubject extends Infer<typeof ServiceAccountSubject> {}

export const FlowSubject = object(
	"flowcontrol.v1.Subject",
	{
		kind: string({
			required: true,
			pb: 1,
			enum: ["User", "Group", "ServiceAccount"],
			doc: "User, Group or ServiceAccount.",
		}),
		user: ref(UserSubject, { pb: 2, nullable: true, doc: "A user, by name." }),
		group: ref(GroupSubject, { pb: 3, nullable: true, doc: "A group, by name." }),
		serviceAccount: ref(ServiceAccountSubject, {
			pb: 4,
			nullable: true,
			doc: "A service account, by namespace and name.",
		}),
	},
	"Somebody who makes requests: the one of these that kind says.",
);
export interface FlowSubject extends Infer<typeof FlowSubject> {}

export const ResourcePolicyRule = object(
	"flowcontrol.v1.ResourcePolicyRule",
	{
		verbs: listOf(types.string, { required: true, pb: 1, list: "set", doc: "Verbs; * for all." }),
		apiGroups: listOf(types.string, { required: true, pb: 2, list: "set", doc: "Groups; * for all." }),
		resources: listOf(types.string, { required: true, pb: 3, list: "set", doc: "Resources; * for all." }),
		clusterScope: bool({ pb: 4, doc: "Whether requests without a namespace match." }),
		namespaces: listOf(types.string, { pb: 5, list: "set", doc: "Namespaces; * for all." }),
	},
	"Requests about resources: every list must match.",
);
export interface ResourcePolicyRule extends Infer<typeof ResourcePolicyRule> {}

export const NonResourcePolicyRule = object(
	"flowcontrol.v1.NonResourcePolicyRule",
	{
		verbs: listOf(types.string, { required: true, pb: 1, list: "set", doc: "Verbs; * for all." }),
		nonResourceURLs: listOf(types.string, {
			required: true,
			pb: 6,
			list: "set",
			doc: "Paths; * at the end stands for the rest.",
		}),
	},
	"Requests about paths that are no resources.",
);
export interface NonResourcePolicyRule extends Infer<typeof NonResourcePolicyRule> {}

export const PolicyRulesWithSubjects = object(
	"flowcontrol.v1.PolicyRulesWithSubjects",
	{
		subjects: listOf(FlowSubject, { required: true, pb: 1, list: "atomic", doc: "Who makes them." }),
		resourceRules: listOf(ResourcePolicyRule, { pb: 2, list: "atomic", doc: "Requests about resources." }),
		nonResourceRules: listOf(NonResourcePolicyRule, {
			pb: 3,
			list: "atomic",
			doc: "Requests about other paths.",
		}),
	},
	"Requests by who makes them and what they are about.",
);
export interface PolicyRulesWithSubjects extends Infer<typeof PolicyRulesWithSubjects> {}

export const FlowSchemaSpec = object(
	"flowcontrol.v1.FlowSchemaSpec",
	{
		priorityLevelConfiguration: ref(PriorityLevelConfigurationReference, {
			required: true,
			pb: 1,
			doc: "Level of the requests that match.",
		}),
		matchingPrecedence: int32({ pb: 2, doc: "The lowest that matches wins; 1 to 10000." }),
		distinguisherMethod: ref(FlowDistinguisherMethod, {
			pb: 3,
			nullable: true,
			doc: "What tells flows apart: the user or the namespace.",
		}),
		rules: listOf(PolicyRulesWithSubjects, {
			pb: 4,
			list: "atomic",
			doc: "Requests that match; any one of these.",
		}),
	},
	"Which requests match, and the level they get.",
);
export interface FlowSchemaSpec extends Infer<typeof FlowSchemaSpec> {}

export const FlowSchemaCondition = object(
	"flowcontrol.v1.FlowSchemaCondition",
	{
		...conditionFields(),
		type: string({ pb: 1, doc: "What it speaks of." }),
		status: string({ pb: 2, doc: "True, False or Unknown." }),
	},
	"One thing that is known of a flow schema.",
);
export interface FlowSchemaCondition extends Infer<typeof FlowSchemaCondition> {}

export const FlowSchemaStatus = object(
	"flowcontrol.v1.FlowSchemaStatus",
	{
		conditions: conditionsField(FlowSchemaCondition, 1),
	},
	"What is known of a flow schema.",
);
export interface FlowSchemaStatus extends Infer<typeof FlowSchemaStatus> {}

const FlowSchemaSchema = object(
	"flowcontrol.v1.FlowSchema",
	{
		metadata: metadataField,
		spec: ref(FlowSchemaSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(FlowSchemaStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Says which requests belong to which priority level.",
);
export interface FlowSchema extends KubeObject, Omit<Infer<typeof FlowSchemaSchema>, "metadata" | "spec"> {
	readonly spec: FlowSchemaSpec;
}

const DEFAULT_PRECEDENCE = 1000;

export const FlowSchema = defineKind<FlowSchema>({
	group: "flowcontrol.apiserver.k8s.io",
	version: "v1",
	kind: "FlowSchema",
	plural: "flowschemas",
	scope: "Cluster",
	schema: FlowSchemaSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: [
		{
			name: "PriorityLevel",
			type: "string",
			description: "Level of the requests that match.",
			value: ({ spec }) => spec.priorityLevelConfiguration.name,
		},
		{
			name: "MatchingPrecedence",
			type: "integer",
			description: "Which schema wins: the lowest.",
			value: ({ spec }) => spec.matchingPrecedence ?? 0,
		},
		{
			name: "DistinguisherMethod",
			type: "string",
			description: "What tells flows apart.",
			value: ({ spec }) => spec.distinguisherMethod?.type ?? "<none>",
		},
		ageColumn,
		{
			name: "MissingPL",
			type: "string",
			description: "Whether its level does not exist.",
			value: ({ status }) => status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
		},
	],
	defaults: (schema) =>
		change(schema, "spec", (spec) => fillZero(spec, { matchingPrecedence: DEFAULT_PRECEDENCE })),
	validate: validateFlowSchema,
});
