import { LabelSelector } from "../../machinery/meta.ts";
import { atomicObject, type Infer, object, ref, string } from "../../machinery/schema.ts";

export const ParamKind = atomicObject("admissionregistration.v1.ParamKind", {
	apiVersion: string({ pb: 1 }),
	kind: string({ pb: 2 }),
});
export interface ParamKind extends Infer<typeof ParamKind> {}

export const Variable = object("admissionregistration.v1.Variable", {
	name: string({ required: true, pb: 1 }),
	expression: string({ required: true, pb: 2 }),
});
export interface Variable extends Infer<typeof Variable> {}

export const ParamRef = atomicObject("admissionregistration.v1.ParamRef", {
	name: string({ pb: 1 }),
	namespace: string({ pb: 2 }),
	selector: ref(LabelSelector, { pb: 3, nullable: true }),
	parameterNotFoundAction: string({ pb: 4, nullable: true, enum: ["Allow", "Deny"] }),
});
export interface ParamRef extends Infer<typeof ParamRef> {}
