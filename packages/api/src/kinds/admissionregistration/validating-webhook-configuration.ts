import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { webhookDefaults } from "./match-defaults.ts";
import { webhookFields, webhooksColumn } from "./webhook.ts";
import { webhooksErrors } from "./webhook-validation.ts";

export const ValidatingWebhook = object(
	"admissionregistration.v1.ValidatingWebhook",
	webhookFields({ objectSelector: 10, matchConditions: 11 }),
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
	columns: [webhooksColumn, ageColumn],
	defaults: (configuration) =>
		change(configuration, "webhooks", (webhooks) => mapSame(webhooks, webhookDefaults)),
	validate: ({ webhooks = [] }) => webhooksErrors(webhooks),
});
