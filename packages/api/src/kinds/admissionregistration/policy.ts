import { LabelSelector } from "../../machinery/meta.ts";
import { atomicObject, type Infer, object, ref, string } from "../../machinery/schema.ts";
import { MatchResources, matchConditionsField } from "./match.ts";

export const ParamKind = atomicObject(
	"admissionregistration.v1.ParamKind",
	{
		apiVersion: string({ pb: 1, doc: "Group and version." }),
		kind: string({ pb: 2, doc: "Kind." }),
	},
	"Kind of the objects that configure a policy.",
);
export interface ParamKind extends Infer<typeof ParamKind> {}

export const Variable = object(
	"admissionregistration.v1.Variable",
	{
		name: string({ required: true, pb: 1, doc: "Its name: variables.NAME." }),
		expression: string({ required: true, pb: 2, doc: "CEL expression that it is computed by." }),
	},
	"A value that expressions may use.",
);
export interface Variable extends Infer<typeof Variable> {}

export const ParamRef = atomicObject(
	"admissionregistration.v1.ParamRef",
	{
		name: string({ pb: 1, doc: "Name of the object." }),
		namespace: string({ pb: 2, doc: "Namespace of the object." }),
		selector: ref(LabelSelector, { pb: 3, nullable: true, doc: "Objects by label." }),
		parameterNotFoundAction: string({
			pb: 4,
			nullable: true,
			enum: ["Allow", "Deny"],
			doc: "What it means when there is none: Allow or Deny.",
		}),
	},
	"Objects that configure a policy.",
);
export interface ParamRef extends Infer<typeof ParamRef> {}

/** What policies of both sorts say of the requests they are about. */
export const policyFields = (numbers: { readonly failurePolicy: number }) => ({
	paramKind: ref(ParamKind, { pb: 1, nullable: true, doc: "Kind of the objects that configure it." }),
	matchConstraints: ref(MatchResources, { pb: 2, nullable: true, doc: "Requests that it is about." }),
	failurePolicy: string({
		pb: numbers.failurePolicy,
		nullable: true,
		enum: ["Ignore", "Fail"],
		doc: "What an error means: Fail or Ignore.",
	}),
	matchConditions: matchConditionsField(6, "CEL conditions that must all hold."),
});

/** What bindings of both sorts say, beyond the name of the policy. */
export const bindingFields = {
	paramRef: ref(ParamRef, { pb: 2, nullable: true, doc: "Objects that configure it." }),
	matchResources: ref(MatchResources, { pb: 3, nullable: true, doc: "Requests that it is limited to." }),
};
