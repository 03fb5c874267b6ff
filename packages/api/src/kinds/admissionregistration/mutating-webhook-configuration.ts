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

export const MutatingWebhook = object(
	"admissionregistration.v1.MutatingWebhook",
	{
		name: string({ required: true, pb: 1, doc: "Name of the webhook, with at least three parts." }),
		clientConfig: ref(WebhookClientConfig, { required: true, pb: 2, doc: "Where it is." }),
		rules: listOf(RuleWithOperations, { pb: 3, list: "atomic", doc: "Requests that it is asked about." }),
		failurePolicy: string({
			pb: 4,
			nullable: true,
			enum: ["Ignore", "Fail"],
			doc: "What a failed call means: Fail or Ignore.",
		}),
		matchPolicy: string({
			pb: 9,
			nullable: true,
			enum: ["Exact", "Equivalent"],
			doc: "Exact, or Equivalent: also the same objects in other versions.",
		}),
		namespaceSelector: ref(LabelSelector, {
			pb: 5,
			nullable: true,
			doc: "Namespaces whose objects it is asked about.",
		}),
		objectSelector: ref(LabelSelector, { pb: 11, nullable: true, doc: "Objects that it is asked about." }),
		sideEffects: string({
			required: true,
			pb: 6,
			nullable: true,
			enum: ["Unknown", "None", "Some", "NoneOnDryRun"],
			doc: "Whether calls change something elsewhere: None or NoneOnDryRun.",
		}),
		timeoutSeconds: int32({ pb: 7, nullable: true, doc: "How long to wait; 1 to 30." }),
		admissionReviewVersions: listOf(types.string, {
			required: true,
			pb: 8,
			list: "atomic",
			doc: "Versions of AdmissionReview that it understands, best first.",
		}),
		reinvocationPolicy: string({
			pb: 10,
			nullable: true,
			enum: ["Never", "IfNeeded"],
			doc: "Whether it is asked again when others changed the object.",
		}),
		matchConditions: listOf(MatchCondition, {
			pb: 12,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "CEL conditions that must all hold for it to be asked.",
		}),
	},
	"A webhook that may change objects on their way in.",
);
export interface MutatingWebhook extends Infer<typeof MutatingWebhook> {}

const MutatingWebhookConfigurationSchema = object(
	"admissionregistration.v1.MutatingWebhookConfiguration",
	{
		metadata: metadataField,
		webhooks: listOf(MutatingWebhook, {
			pb: 2,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "The webhooks, in the order in which they are asked.",
		}),
	},
	"Webhooks that may change objects on their way in.",
);
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
