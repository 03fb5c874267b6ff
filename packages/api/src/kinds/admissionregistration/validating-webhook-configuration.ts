import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, LabelSelector } from "../../machinery/meta.ts";
import { type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { MatchCondition, RuleWithOperations } from "./match.ts";
import { webhookDefaults } from "./match-defaults.ts";
import { WebhookClientConfig } from "./webhook.ts";
import { webhooksErrors } from "./webhook-validation.ts";

export const ValidatingWebhook = object(
	"admissionregistration.v1.ValidatingWebhook",
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
		objectSelector: ref(LabelSelector, { pb: 10, nullable: true, doc: "Objects that it is asked about." }),
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
		matchConditions: listOf(MatchCondition, {
			pb: 11,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "CEL conditions that must all hold for it to be asked.",
		}),
	},
	"A webhook that may refuse requests.",
);
export interface ValidatingWebhook extends Infer<typeof ValidatingWebhook> {}

const ValidatingWebhookConfigurationSchema = object(
	"admissionregistration.v1.ValidatingWebhookConfiguration",
	{
		metadata: metadataField,
		webhooks: listOf(ValidatingWebhook, {
			pb: 2,
			list: "map",
			keys: ["name"],
			patch: ["merge"],
			mergeKey: "name",
			doc: "The webhooks.",
		}),
	},
	"Webhooks that may refuse requests.",
);
export interface ValidatingWebhookConfiguration
	extends KubeObject,
		Omit<Infer<typeof ValidatingWebhookConfigurationSchema>, "metadata"> {}

export const ValidatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
	group: "admissionregistration.k8s.io",
	version: "v1",
	kind: "ValidatingWebhookConfiguration",
	plural: "validatingwebhookconfigurations",
	categories: ["api-extensions"],
	scope: "Cluster",
	schema: ValidatingWebhookConfigurationSchema,
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
		change(configuration, "webhooks", (webhooks) => mapSame(webhooks, webhookDefaults)),
	validate: ({ webhooks = [] }) => webhooksErrors(webhooks),
});
