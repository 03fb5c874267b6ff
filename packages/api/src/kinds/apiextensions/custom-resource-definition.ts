/** CustomResourceDefinition: a kind that users add to the API. */

import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject, ObjectMeta } from "../../machinery/meta.ts";
import {
	bool,
	bytes,
	type Infer,
	int32,
	int64,
	listOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { conditionFields } from "../conditions.ts";
import { metadataField } from "../metadata-field.ts";
import { withDefinitionDefaults, withStoredVersions } from "./definition-defaults.ts";
import {
	validateDefinition,
	validateDefinitionUpdate,
	validateStoredVersions,
} from "./definition-validation.ts";
import { JsonSchema } from "./json-schema.ts";

const CustomResourceDefinitionNames = object(
	"apiextensions.v1.CustomResourceDefinitionNames",
	{
		plural: string({ required: true, pb: 1, doc: "Name in paths, in lower case." }),
		singular: string({ pb: 2, doc: "Name on the command line; default the kind in lower case." }),
		shortNames: listOf(types.string, { pb: 3, list: "atomic", doc: "Short names on the command line." }),
		kind: string({ required: true, pb: 4, doc: "Name in objects, in CamelCase." }),
		listKind: string({ pb: 5, doc: "Name of lists; default the kind with List behind it." }),
		categories: listOf(types.string, {
			pb: 6,
			list: "atomic",
			doc: "Groups of resources it belongs to, such as all.",
		}),
	},
	"Names of the kind and its resource.",
);
export interface CustomResourceDefinitionNames extends Infer<typeof CustomResourceDefinitionNames> {}

const ServiceReference = object(
	"apiextensions.v1.ServiceReference",
	{
		namespace: string({ required: true, pb: 1, doc: "Namespace of the service." }),
		name: string({ required: true, pb: 2, doc: "Name of the service." }),
		path: string({ pb: 3, nullable: true, doc: "Path of its URL." }),
		port: int32({ pb: 4, nullable: true, doc: "Port of the service; 443 by default." }),
	},
	"A service of the cluster.",
);

const WebhookClientConfig = object(
	"apiextensions.v1.WebhookClientConfig",
	{
		url: string({ pb: 3, nullable: true, doc: "Address of the webhook, beginning with https." }),
		service: ref(ServiceReference, { pb: 1, nullable: true, doc: "The service it is reached by." }),
		caBundle: bytes({ pb: 2, doc: "Certificates that its certificate is checked against, in PEM." }),
	},
	"Where a webhook is.",
);

const WebhookConversion = object(
	"apiextensions.v1.WebhookConversion",
	{
		clientConfig: ref(WebhookClientConfig, { pb: 2, nullable: true, doc: "Where it is." }),
		conversionReviewVersions: listOf(types.string, {
			required: true,
			pb: 3,
			list: "atomic",
			doc: "Versions of ConversionReview that it understands, best first.",
		}),
	},
	"A server that turns one version into another.",
);
export interface WebhookConversion extends Infer<typeof WebhookConversion> {}

const CustomResourceConversion = object(
	"apiextensions.v1.CustomResourceConversion",
	{
		strategy: string({
			required: true,
			pb: 1,
			doc: "None: only apiVersion changes. Webhook: a server is asked.",
		}),
		webhook: ref(WebhookConversion, {
			pb: 2,
			nullable: true,
			doc: "The server to ask, for strategy Webhook.",
		}),
	},
	"How one version becomes another.",
);

const CustomResourceColumnDefinition = object(
	"apiextensions.v1.CustomResourceColumnDefinition",
	{
		name: string({ required: true, pb: 1, doc: "Head of the column." }),
		type: string({
			required: true,
			pb: 2,
			doc: "Type of its values: integer, number, string, boolean or date.",
		}),
		format: string({ pb: 3, doc: "More about the type, such as int64." }),
		description: string({ pb: 4, doc: "What it shows." }),
		priority: int32({ pb: 5, doc: "0 shows it always, more only in wide tables." }),
		jsonPath: string({ required: true, pb: 6, doc: "Path of its value in the object." }),
	},
	"A column of tables.",
);
export interface CustomResourceColumnDefinition extends Infer<typeof CustomResourceColumnDefinition> {}

const CustomResourceSubresourceScale = object(
	"apiextensions.v1.CustomResourceSubresourceScale",
	{
		specReplicasPath: string({ required: true, pb: 1, doc: "Path of the wanted number, below .spec." }),
		statusReplicasPath: string({ required: true, pb: 2, doc: "Path of the present number, below .status." }),
		labelSelectorPath: string({
			pb: 3,
			nullable: true,
			doc: "Path of the pods' selector as text; autoscalers need it.",
		}),
	},
	"Where an object keeps its replicas.",
);

const CustomResourceDefinitionVersion = object(
	"apiextensions.v1.CustomResourceDefinitionVersion",
	{
		name: string({ required: true, pb: 1, doc: "The version, such as v1 or v1beta1." }),
		served: bool({ required: true, pb: 2, doc: "Whether it can be asked for." }),
		storage: bool({ required: true, pb: 3, doc: "Whether objects are kept in it: true of exactly one." }),
		deprecated: bool({ pb: 7, doc: "True: whoever uses it is warned." }),
		deprecationWarning: string({
			pb: 8,
			nullable: true,
			doc: "What the warning says; default is a sentence with the names.",
		}),
		schema: ref(
			object(
				"apiextensions.v1.CustomResourceValidation",
				{
					openAPIV3Schema: ref(JsonSchema, { pb: 1, nullable: true, doc: "Schema of the objects." }),
				},
				"What objects look like.",
			),
			{ pb: 4, nullable: true, doc: "What objects of this version look like." },
		),
		subresources: ref(
			object(
				"apiextensions.v1.CustomResourceSubresources",
				{
					status: ref(
						object(
							"apiextensions.v1.CustomResourceSubresourceStatus",
							{},
							"That there is a status with a path of its own.",
						),
						{ pb: 1, nullable: true, doc: "Given: status is written by its own path alone." },
					),
					scale: ref(CustomResourceSubresourceScale, {
						pb: 2,
						nullable: true,
						doc: "Given: replicas are read and set by their own path.",
					}),
				},
				"Parts of objects with a path of their own.",
			),
			{ pb: 5, nullable: true, doc: "Whether it has status and scale." },
		),
		additionalPrinterColumns: listOf(CustomResourceColumnDefinition, {
			pb: 6,
			list: "atomic",
			doc: "Columns of tables; default is the age.",
		}),
		selectableFields: listOf(
			object(
				"apiextensions.v1.SelectableField",
				{ jsonPath: string({ required: true, pb: 1, doc: "Path of the field." }) },
				"A field that field selectors may name.",
			),
			{ pb: 9, list: "atomic", doc: "Fields that field selectors may name." },
		),
	},
	"One version of the kind.",
);
export interface CustomResourceDefinitionVersion extends Infer<typeof CustomResourceDefinitionVersion> {}

const CustomResourceDefinitionSpec = object(
	"apiextensions.v1.CustomResourceDefinitionSpec",
	{
		group: string({ required: true, pb: 1, doc: "The API group that is added to." }),
		names: ref(CustomResourceDefinitionNames, { required: true, pb: 3, doc: "Its names." }),
		scope: string({ required: true, pb: 4, doc: "Cluster or Namespaced." }),
		versions: listOf(CustomResourceDefinitionVersion, {
			required: true,
			pb: 7,
			list: "atomic",
			doc: "Its versions, each with a schema.",
		}),
		conversion: ref(CustomResourceConversion, {
			pb: 9,
			nullable: true,
			doc: "How one version becomes another.",
		}),
		preserveUnknownFields: bool({
			pb: 10,
			doc: "Always false; fields are kept by x-kubernetes-preserve-unknown-fields in schemas.",
		}),
	},
	"Names and versions of the kind.",
);
export interface CustomResourceDefinitionSpec extends Infer<typeof CustomResourceDefinitionSpec> {}

const CustomResourceDefinitionCondition = object(
	"apiextensions.v1.CustomResourceDefinitionCondition",
	{
		...conditionFields(),
		lastTransitionTime: time({ pb: 3, nullable: true, doc: "When the status last changed." }),
		observedGeneration: int64({ pb: 6, doc: "Generation of the definition that the condition speaks of." }),
	},
	"One thing that is known of a definition.",
);
export interface CustomResourceDefinitionCondition extends Infer<typeof CustomResourceDefinitionCondition> {}

const CustomResourceDefinitionStatus = object(
	"apiextensions.v1.CustomResourceDefinitionStatus",
	{
		conditions: listOf(CustomResourceDefinitionCondition, {
			pb: 1,
			list: "map",
			keys: ["type"],
			doc: "What is known of its state, one entry for each type.",
		}),
		acceptedNames: ref(CustomResourceDefinitionNames, {
			pb: 2,
			nullable: true,
			doc: "The names it is served under.",
		}),
		storedVersions: listOf(types.string, {
			pb: 3,
			list: "atomic",
			doc: "Versions that objects may have been stored in.",
		}),
		observedGeneration: int64({ pb: 4, doc: "Generation that this status speaks of." }),
	},
	"What is served, and how it is.",
);
export interface CustomResourceDefinitionStatus extends Infer<typeof CustomResourceDefinitionStatus> {}

export interface CustomResourceDefinition extends KubeObject {
	readonly metadata: ObjectMeta;
	readonly spec: CustomResourceDefinitionSpec;
	readonly status?: CustomResourceDefinitionStatus | undefined;
}

export const CustomResourceDefinition = defineKind<CustomResourceDefinition>({
	group: "apiextensions.k8s.io",
	version: "v1",
	kind: "CustomResourceDefinition",
	plural: "customresourcedefinitions",
	shortNames: ["crd", "crds"],
	categories: ["api-extensions"],
	scope: "Cluster",
	freeFinalizers: true,
	hasStatus: true,
	hasGeneration: true,
	schema: object(
		"apiextensions.v1.CustomResourceDefinition",
		{
			metadata: metadataField,
			spec: ref(CustomResourceDefinitionSpec, { required: true, pb: 2, doc: "What is wanted." }),
			status: ref(CustomResourceDefinitionStatus, {
				pb: 3,
				nullable: true,
				doc: "What is there; kept by the cluster.",
			}),
		},
		"A kind that users add to the API: its names, its versions and their schemas.",
	),
	columns: [
		{
			name: "Created At",
			type: "date",
			description: "When the definition was created.",
			value: (definition) => definition.metadata.creationTimestamp,
		},
	],
	defaults: withDefinitionDefaults,
	prepareCreate: withStoredVersions,
	prepareUpdate: withStoredVersions,
	validate: validateDefinition,
	validateUpdate: validateDefinitionUpdate,
	validateStatusUpdate: validateStoredVersions,
});
