import { defineKind } from "../../machinery/kind.ts";
import { type KubeObject, ObjectMetaSchema } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { claimDefaults } from "./claim-defaults.ts";
import { validateResourceClaimTemplate, validateResourceClaimTemplateUpdate } from "./claim-validation.ts";
import { ResourceClaimSpec } from "./device-claim.ts";

export const ResourceClaimTemplateSpec = object(
	"resource.v1.ResourceClaimTemplateSpec",
	{
		metadata: ref(ObjectMetaSchema, { pb: 1, doc: "Labels and annotations of the claims." }),
		spec: ref(ResourceClaimSpec, { required: true, pb: 2, doc: "What they ask for." }),
	},
	"Claims to be made.",
);
export interface ResourceClaimTemplateSpec extends Infer<typeof ResourceClaimTemplateSpec> {}

const ResourceClaimTemplateSchema = object(
	"resource.v1.ResourceClaimTemplate",
	{
		metadata: metadataField,
		spec: ref(ResourceClaimTemplateSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Makes a claim for each pod that names it.",
);
export interface ResourceClaimTemplate
	extends KubeObject,
		Omit<Infer<typeof ResourceClaimTemplateSchema>, "metadata"> {}

export const ResourceClaimTemplate = defineKind<ResourceClaimTemplate>({
	group: "resource.k8s.io",
	version: "v1",
	kind: "ResourceClaimTemplate",
	plural: "resourceclaimtemplates",
	scope: "Namespaced",
	schema: ResourceClaimTemplateSchema,
	columns: [ageColumn],
	defaults: (template) => change(template, "spec", (spec) => change(spec, "spec", claimDefaults)),
	validate: validateResourceClaimTemplate,
	validateUpdate: validateResourceClaimTemplateUpdate,
});
