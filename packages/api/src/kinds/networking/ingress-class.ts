import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateIngressClass, validateIngressClassUpdate } from "./ingress-class-validation.ts";

export const IngressClassParametersReference = object(
	"networking.v1.IngressClassParametersReference",
	{
		apiGroup: string({ pb: 1, nullable: true, doc: "Group of the object; empty for the core group." }),
		kind: string({ required: true, pb: 2, doc: "Kind of the object." }),
		name: string({ required: true, pb: 3, doc: "Name of the object." }),
		scope: string({ pb: 4, nullable: true, doc: "Cluster or Namespace." }),
		namespace: string({ pb: 5, nullable: true, doc: "Namespace of the object, when it has one." }),
	},
	"An object with settings of a class.",
);
export interface IngressClassParametersReference extends Infer<typeof IngressClassParametersReference> {}

export const IngressClassSpec = object(
	"networking.v1.IngressClassSpec",
	{
		controller: string({ pb: 1, doc: "Name of the controller, such as example.com/ingress." }),
		parameters: ref(IngressClassParametersReference, {
			pb: 2,
			nullable: true,
			doc: "Object with further settings.",
		}),
	},
	"Who looks after ingresses of a class.",
);
export interface IngressClassSpec extends Infer<typeof IngressClassSpec> {}

const IngressClassSchema = object(
	"networking.v1.IngressClass",
	{
		metadata: metadataField,
		spec: ref(IngressClassSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Says which controller takes care of ingresses that name the class.",
);
export interface IngressClass
	extends KubeObject,
		Omit<Infer<typeof IngressClassSchema>, "metadata" | "spec"> {
	readonly spec: IngressClassSpec;
}

export const IngressClass = defineKind<IngressClass>({
	group: "networking.k8s.io",
	version: "v1",
	kind: "IngressClass",
	plural: "ingressclasses",
	scope: "Cluster",
	schema: IngressClassSchema,
	hasGeneration: true,
	columns: [
		{
			name: "Controller",
			type: "string",
			description: "Controller that takes care of ingresses of this class.",
			value: ({ spec }) => spec.controller ?? "",
		},
		{
			name: "Parameters",
			type: "string",
			description: "Further settings of the controller.",
			value: parametersText,
		},
		ageColumn,
	],
	defaults: (ingressClass) =>
		change(ingressClass, "spec", (spec) =>
			change(spec, "parameters", (parameters) => fillAbsent(parameters, { scope: "Cluster" })),
		),
	validate: validateIngressClass,
	validateUpdate: validateIngressClassUpdate,
});

function parametersText({ spec: { parameters } }: IngressClass): string {
	if (!parameters) return "<none>";
	const { kind, apiGroup, name } = parameters;
	return `${kind}${apiGroup ? `.${apiGroup}` : ""}/${name}`;
}
