import { forbiddenField, invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, int32, microTime, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { nonNegative } from "../field-checks.ts";
import { metadataField } from "../metadata-field.ts";

export const LeaseSpec = object(
	"coordination.v1.LeaseSpec",
	{
		holderIdentity: string({ pb: 1, nullable: true, doc: "Who holds it." }),
		leaseDurationSeconds: int32({ pb: 2, nullable: true, doc: "How long it holds without being renewed." }),
		acquireTime: microTime({ pb: 3, nullable: true, doc: "When it was taken." }),
		renewTime: microTime({ pb: 4, nullable: true, doc: "When it was renewed last." }),
		leaseTransitions: int32({ pb: 5, nullable: true, doc: "How often it has changed hands." }),
		strategy: string({ pb: 6, nullable: true, doc: "How the holder is chosen." }),
		preferredHolder: string({ pb: 7, nullable: true, doc: "Who should take it next." }),
	},
	"Who holds a lease, and for how long.",
);
export interface LeaseSpec extends Infer<typeof LeaseSpec> {}

const LeaseSchema = object(
	"coordination.v1.Lease",
	{
		metadata: metadataField,
		spec: ref(LeaseSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	},
	"Says who holds something, and until when.",
);
export interface Lease extends KubeObject, Omit<Infer<typeof LeaseSchema>, "metadata" | "spec"> {
	readonly spec: LeaseSpec;
}

export const Lease = defineKind<Lease>({
	group: "coordination.k8s.io",
	version: "v1",
	kind: "Lease",
	plural: "leases",
	scope: "Namespaced",
	schema: LeaseSchema,
	columns: [
		{
			name: "Holder",
			type: "string",
			description: "Who holds the lease.",
			value: ({ spec }) => spec.holderIdentity ?? "",
		},
		ageColumn,
	],
	validate: ({ spec }) => {
		const duration = spec.leaseDurationSeconds;
		return [
			...(duration !== undefined && duration !== null && duration <= 0
				? [invalidValue("spec.leaseDurationSeconds", duration, "must be greater than 0")]
				: []),
			...nonNegative("spec.leaseTransitions", spec.leaseTransitions),
			...(spec.preferredHolder && !spec.strategy
				? [forbiddenField("spec.preferredHolder", "may only be specified when strategy is set")]
				: []),
		];
	},
});
