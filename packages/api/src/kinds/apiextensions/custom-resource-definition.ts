/** CustomResourceDefinition: a kind that users add to the API. */
import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, type ObjectMeta, ObjectMetaSchema } from "../../machinery/meta.ts";
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
import { withDefinitionDefaults, withStoredVersions } from "./definition-defaults.ts";
import {
	validateDefinition,
	validateDefinitionUpdate,
	validateStoredVersions,
} from "./definition-validation.ts";
import { JsonSchema } from "./json-schema.ts";

const CustomResourceDefinitionNames = object("apiextensions.v1.CustomResourceDefinitionNames", {
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
});
export interface CustomResourceDefinitionNames extends Infer<typeof CustomResourceDefinitionNames> {}

const ServiceReference = object("apiextensions.v1.ServiceReference", {
	namespace: string({ required: true, pb: 1 }),
	name: string({ required: true, pb: 2 }),
	path: string({ pb: 3, nullable: true }),
	port: int32({ pb: 4, nullable: true }),
});

const WebhookClientConfig = object("apiextensions.v1.WebhookClientConfig", {
	url: string({ pb: 3, nullable: true, doc: "Address of the webhook, beginning with https." }),
	service: ref(ServiceReference, { pb: 1, nullable: true, doc: "The service it is reached by." }),
	caBundle: bytes({ pb: 2, doc: "Certificates that its certificate is checked against, in PEM." }),
});

const WebhookConversion = object("apiextensions.v1.WebhookConversion", {
	clientConfig: ref(WebhookClientConfig, { pb: 2, nullable: true }),
	conversionReviewVersions: listOf(types.string, { required: true, pb: 3, list: "atomic" }),
});
export interface WebhookConversion extends Infer<typeof WebhookConversion> {}

const CustomResourceConversion = object("apiextensions.v1.CustomResourceConversion", {
	strategy: string({
		required: true,
		pb: 1,
		doc: "None: only apiVersion changes. Webhook: a server is asked.",
	}),
	webhook: ref(WebhookConversion, { pb: 2, nullable: true }),
});

const CustomResourceColumnDefinition = object("apiextensions.v1.CustomResourceColumnDefinition", {
	name: string({ required: true, pb: 1 }),
	type: string({ required: true, pb: 2 }),
	format: string({ pb: 3 }),
	description: string({ pb: 4 }),
	priority: int32({ pb: 5 }),
	jsonPath: string({ required: true, pb: 6 }),
});
export interface CustomResourceColumnDefinition extends Infer<typeof CustomResourceColumnDefinition> {}

const CustomResourceSubresourceScale = object("apiextensions.v1.CustomResourceSubresourceScale", {
	specReplicasPath: string({ required: true, pb: 1 }),
	statusReplicasPath: string({ required: true, pb: 2 }),
	labelSelectorPath: string({ pb: 3, nullable: true }),
});

const CustomResourceDefinitionVersion = object("apiextensions.v1.CustomResourceDefinitionVersion", {
	name: string({ required: true, pb: 1, doc: "The version, such as v1 or v1beta1." }),
	served: bool({ required: true, pb: 2, doc: "Whether it can be asked for." }),
	storage: bool({ required: true, pb: 3, doc: "Whether objects are kept in it: true of exactly one." }),
	deprecated: bool({ pb: 7 }),
	deprecationWarning: string({ pb: 8, nullable: true }),
	schema: ref(
		object("apiextensions.v1.CustomResourceValidation", {
			openAPIV3Schema: ref(JsonSchema, { pb: 1, nullable: true }),
		}),
		{ pb: 4, nullable: true, doc: "What objects of this version look like." },
	),
	subresources: ref(
		object("apiextensions.v1.CustomResourceSubresources", {
			status: ref(object("apiextensions.v1.CustomResourceSubresourceStatus", {}), { pb: 1, nullable: true }),
			scale: ref(CustomResourceSubresourceScale, { pb: 2, nullable: true }),
		}),
		{ pb: 5, nullable: true },
	),
	additionalPrinterColumns: listOf(CustomResourceColumnDefinition, { pb: 6, list: "atomic" }),
	selectableFields: listOf(
		object("apiextensions.v1.SelectableField", { jsonPath: string({ required: true, pb: 1 }) }),
		{ pb: 9, list: "atomic", doc: "Fields that field selectors may name." },
	),
});
export interface CustomResourceDefinitionVersion extends Infer<typeof CustomResourceDefinitionVersion> {}

const CustomResourceDefinitionSpec = object("apiextensions.v1.CustomResourceDefinitionSpec", {
	group: string({ required: true, pb: 1, doc: "The API group that is added to." }),
	names: ref(CustomResourceDefinitionNames, { required: true, pb: 3 }),
	scope: string({ required: true, pb: 4, doc: "Cluster or Namespaced." }),
	versions: listOf(CustomResourceDefinitionVersion, { required: true, pb: 7, list: "atomic" }),
	conversion: ref(CustomResourceConversion, {
		pb: 9,
		nullable: true,
		doc: "How one version becomes another.",
	}),
	preserveUnknownFields: bool({ pb: 10 }),
});
export interface CustomResourceDefinitionSpec extends Infer<typeof CustomResourceDefinitionSpec> {}

const CustomResourceDefinitionCondition = object("apiextensions.v1.CustomResourceDefinitionCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastTransitionTime: time({ pb: 3, nullable: true }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
	observedGeneration: int64({ pb: 6 }),
});
export interface CustomResourceDefinitionCondition extends Infer<typeof CustomResourceDefinitionCondition> {}

const CustomResourceDefinitionStatus = object("apiextensions.v1.CustomResourceDefinitionStatus", {
	conditions: listOf(CustomResourceDefinitionCondition, { pb: 1, list: "map", keys: ["type"] }),
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
	observedGeneration: int64({ pb: 4 }),
});
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
			metadata: ref(ObjectMetaSchema, { required: true, pb: 1 }),
			spec: ref(CustomResourceDefinitionSpec, { required: true, pb: 2 }),
			status: ref(CustomResourceDefinitionStatus, { pb: 3, nullable: true }),
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
