import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { podNameWarnings, podTemplateWarnings } from "../core/pod-warnings.ts";
import { metadataField } from "../metadata-field.ts";
import { jobColumns } from "./job-columns.ts";
import { defaultJob, withGeneratedSelector } from "./job-defaults.ts";
import { JobSpec } from "./job-spec.ts";
import { JobStatus } from "./job-status.ts";
import { validateJobStatus } from "./job-status-validation.ts";
import { validateJob, validateJobUpdate } from "./job-validation.ts";

const JobSchema = object(
	"batch.v1.Job",
	{
		metadata: metadataField,
		spec: ref(JobSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(JobStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Runs pods until enough of them have ended well.",
);
export interface Job extends KubeObject, Omit<Infer<typeof JobSchema>, "metadata" | "spec"> {
	readonly spec: JobSpec;
}

export const Job = defineKind<Job>({
	group: "batch",
	version: "v1",
	kind: "Job",
	plural: "jobs",
	categories: ["all"],
	scope: "Namespaced",
	schema: JobSchema,
	hasStatus: true,
	hasGeneration: true,
	columns: jobColumns,
	selectableFields: { "status.successful": ({ status }) => String(status?.succeeded ?? 0) },
	defaultPropagation: "Orphan",
	deleteWarning:
		"child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
	defaults: defaultJob,
	prepareCreate: (job) => ({ ...withGeneratedSelector(job), status: {} }),
	warnings: ({ metadata, spec }) => [
		...podNameWarnings(metadata.name),
		...podTemplateWarnings(spec.template, "spec.template"),
	],
	validate: validateJob,
	validateUpdate: validateJobUpdate,
	validateStatusUpdate: validateJobStatus,
});
