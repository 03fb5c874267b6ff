import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { MatchCondition, RuleWithOperations } from "./match.ts";
import { webhookDefaults } from "./match-defaults.ts";
import { WebhookClientConfig } from "./webhook.ts";
import { webhooksErrors } from "./webhook-validation.ts";

export const MutatingWebhook = object("admissionregistration.v1.MutatingWebhook", {
	name: string({ required: true, pb: 1 }),
	clientConfig: ref(WebhookClientConfig, { required: true, pb: 2 }),
	rules: listOf(RuleWithOperations, { pb: 3, list: "atomic" }),
	failurePolicy: string({ pb: 4, nullable: true, enum: ["Ignore", "Fail"] }),
	matchPolicy: string({ pb: 9, nullable: true, enum: ["Exact", "Equivalent"] }),
	namespaceSelector: ref(LabelSelector, { pb: 5, nullable: true }),
	objectSelector: ref(LabelSelector, { pb: 11, nullable: true }),
	sideEffects: string({
		required: true,
		pb: 6,
		nullable: true,
		enum: ["Unknown", "None", "Some", "NoneOnDryRun"],
	}),
	timeoutSeconds: int32({ pb: 7, nullable: true }),
	admissionReviewVersions: listOf(types.string, { required: true, pb: 8, list: "atomic" }),
	reinvocationPolicy: string({ pb: 10, nullable: true, enum: ["Never", "IfNeeded"] }),
	matchConditions: listOf(MatchCondition, {
		pb: 12,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
});
export interface MutatingWebhook extends Infer<typeof MutatingWebhook> {}

const MutatingWebhookConfigurationSchema = object("admissionregistration.v1.MutatingWebhookConfiguration", {
	metadata: metadataField,
	webhooks: listOf(MutatingWebhook, {
		pb: 2,
		list: "map",
		keys: ["name"],
		patch: ["merge"],
		mergeKey: "name",
	}),
});
export interface MutatingWebhookConfiguration
	extends KubeObject,
		Omit<Infer<typeof MutatingWebhookConfigurationSchema>, "metadata"> {}

export const MutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "MutatingWebhookConfiguration",
	plural: "mutatingwebhookconfigurations",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: MutatingWebhookConfigurationSchema,
	hasGeneration: true,
	columns: [
		{
			name: "Webhooks",
			type: "integer",
			description: "How many webhooks it holds.",
			value: ({ webhooks }) => webhooks?.length ?? 0,
		},
		ageColumn,
	],
	defaults: (configuration) =>
		change(configuration, "webhooks", (webhooks) =>
			mapSame(webhooks, (webhook) => fillAbsent(webhookDefaults(webhook), { reinvocationPolicy: "Never" })),
		),
	validate: ({ webhooks = [] }) => webhooksErrors(webhooks),
});
