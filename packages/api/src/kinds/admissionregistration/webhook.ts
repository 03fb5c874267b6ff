import { LabelSelector } from "../../machinery/meta.ts";
import { bytes, type Infer, int32, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { matchConditionsField, matchPolicyField, RuleWithOperations } from "./match.ts";

export const ServiceReference = object(
	"admissionregistration.v1.ServiceReference",
	{
		namespace: string({ required: true, pb: 1, doc: "Namespace of the service." }),
		name: string({ required: true, pb: 2, doc: "Name of the service." }),
		path: string({ pb: 3, nullable: true, doc: "Path of its URL." }),
		port: int32({ pb: 4, nullable: true, doc: "Port of the service; 443 by default." }),
	},
	"A service of the cluster.",
);
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const WebhookClientConfig = object(
	"admissionregistration.v1.WebhookClientConfig",
	{
		url: string({ pb: 3, nullable: true, doc: "Its URL; https." }),
		service: ref(ServiceReference, {
			pb: 1,
			nullable: true,
			doc: "Service of the cluster that it is behind.",
		}),
		caBundle: bytes({ pb: 2, doc: "Authorities of its certificate, PEM." }),
	},
	"Where a webhook is.",
);
export interface WebhookClientConfig extends Infer<typeof WebhookClientConfig> {}

/** What webhooks of both sorts say; protobuf numbers two of the fields differently. */
export const webhookFields = (numbers: {
	readonly objectSelector: number;
	readonly matchConditions: number;
}) => ({
	name: string({ required: true, pb: 1, doc: "Name of the webhook, with at least three parts." }),
	clientConfig: ref(WebhookClientConfig, { required: true, pb: 2, doc: "Where it is." }),
	rules: listOf(RuleWithOperations, { pb: 3, list: "atomic", doc: "Requests that it is asked about." }),
	failurePolicy: string({
		pb: 4,
		nullable: true,
		enum: ["Ignore", "Fail"],
		doc: "What a failed call means: Fail or Ignore.",
	}),
	matchPolicy: matchPolicyField(9),
	namespaceSelector: ref(LabelSelector, {
		pb: 5,
		nullable: true,
		doc: "Namespaces whose objects it is asked about.",
	}),
	objectSelector: ref(LabelSelector, {
		pb: numbers.objectSelector,
		nullable: true,
		doc: "Objects that it is asked about.",
	}),
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
	matchConditions: matchConditionsField(
		numbers.matchConditions,
		"CEL conditions that must all hold for it to be asked.",
	),
});

export const webhooksColumn = {
	name: "Webhooks",
	type: "integer",
	description: "How many webhooks it holds.",
	value: ({ webhooks }: { readonly webhooks?: readonly unknown[] | undefined }) => webhooks?.length ?? 0,
} as const;
