import { invalidValue } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { qualifiedNameErrors } from "../../machinery/names.ts";
import { type Infer, listOf, object, ref, string, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { invalids } from "../field-checks.ts";
import { change, fillZero } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";

export const NamespaceSpec = object(
	"core.v1.NamespaceSpec",
	{
		finalizers: listOf(types.string, {
			pb: 1,
			list: "atomic",
			doc: "Names of jobs to be done before it goes; kubernetes empties it.",
		}),
	},
	"What has to be done before a namespace goes.",
);
export interface NamespaceSpec extends Infer<typeof NamespaceSpec> {}

export const NamespaceCondition = object(
	"core.v1.NamespaceCondition",
	{
		...conditionFields(4),
	},
	"One thing that is known of a namespace's state.",
);
export interface NamespaceCondition extends Infer<typeof NamespaceCondition> {}

export const NamespaceStatus = object(
	"core.v1.NamespaceStatus",
	{
		phase: string({
			pb: 1,
			enum: ["Active", "Terminating"],
			doc: "Active, or Terminating: it is being emptied and takes nothing new.",
		}),
		conditions: conditionsField(NamespaceCondition, 2),
	},
	"Whether a namespace is in use or going.",
);
export interface NamespaceStatus extends Infer<typeof NamespaceStatus> {}

const NamespaceSchema = object(
	"core.v1.Namespace",
	{
		metadata: metadataField,
		spec: ref(NamespaceSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(NamespaceStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"A space for names: objects of the same kind are unique in it, and are removed with it.",
);
export interface Namespace extends KubeObject, Omit<Infer<typeof NamespaceSchema>, "metadata" | "spec"> {
	readonly spec: NamespaceSpec;
}

export const Namespace = defineKind<Namespace>({
	group: "",
	version: "v1",
	kind: "Namespace",
	plural: "namespaces",
	shortNames: ["ns"],
	scope: "Cluster",
	schema: NamespaceSchema,
	verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
	hasStatus: true,
	name: "dnsLabel",
	columns: [
		{
			name: "Status",
			type: "string",
			description: "Active, or Terminating while its contents are removed.",
			value: (namespace) => namespace.status?.phase ?? "",
		},
		ageColumn,
	],
	selectableFields: { "status.phase": (namespace) => namespace.status?.phase ?? "" },
	defaults: (namespace) =>
		change(labelledWithName(namespace), "status", (status) => fillZero(status, { phase: "Active" })),
	prepareCreate: (namespace) => ({
		...labelledWithName(namespace),
		spec: { ...namespace.spec, finalizers: withOwnFinalizer(namespace.spec.finalizers ?? []) },
		status: { phase: "Active" },
	}),
	validate: ({ spec }) =>
		(spec.finalizers ?? []).flatMap((finalizer) => [
			...invalids("spec.finalizers", finalizer, qualifiedNameErrors(finalizer)),
			...(finalizer.includes("/") || STANDARD_FINALIZERS.includes(finalizer)
				? []
				: [
						invalidValue(
							"spec.finalizers",
							finalizer,
							"name is neither a standard finalizer name nor is it fully qualified",
						),
					]),
		]),
	validateStatusUpdate: ({ metadata, status }) => {
		const phase = status?.phase ?? "";
		const [wanted, empty] = metadata.deletionTimestamp ? ["Terminating", "not empty"] : ["Active", "empty"];
		return phase === wanted
			? []
			: [invalidValue("status.Phase", phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${empty}`)];
	},
	// Finalizers are removed through /finalize only.
	prepareUpdate: (namespace, old) => ({ ...namespace, spec: old.spec }),
});

/** Held by the namespace controller until the namespace is empty. */
const FINALIZER = "kubernetes";
const STANDARD_FINALIZERS: readonly string[] = [FINALIZER, "orphan", "foregroundDeletion"];

const withOwnFinalizer = (finalizers: readonly string[]) =>
	finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];

const NAME_LABEL = "kubernetes.io/metadata.name";

/** Policies select namespaces by name through a label that always tells it. */
function labelledWithName(namespace: Namespace): Namespace {
	const { name, labels } = namespace.metadata;
	if (!name || labels?.[NAME_LABEL] === name) return namespace;
	return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [NAME_LABEL]: name } } };
}
