import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, listOf, object, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent, mapSame } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { webhookDefaults } from "./match-defaults.ts";
import { webhookFields, webhooksColumn } from "./webhook.ts";
import { webhooksErrors } from "./webhook-validation.ts";

export const MutatingWebhook = object(
	"admissionregistration.v1.MutatingWebhook",
	{
		...webhookFields({ objectSelector: 11, matchConditions: 12 }),
		reinvocationPolicy: string({
			pb: 10,
			nullable: true,
			enum: ["Never", "IfNeeded"],
			doc: "Whether it is asked again when others changed the object.",
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
	columns: [webhooksColumn, ageColumn],
	defaults: (configuration) =>
		change(configuration, "webhooks", (webhooks) =>
			mapSame(webhooks, (webhook) => fillAbsent(webhookDefaults(webhook), { reinvocationPolicy: "Never" })),
		),
	validate: ({ webhooks = [] }) => webhooksErrors(webhooks),
});
