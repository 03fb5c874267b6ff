import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { type Infer, object, ref } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";
import { JobSpec } from "./job-spec.ts";
import { JobStatus } from "./job-status.ts";

const JobSchema = object("batch.v1.Job", {
	metadata: metadataField,
	spec: ref(JobSpec, { default: {}, pb: 2 }),
	status: ref(JobStatus, { pb: 3 }),
});
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
	columns: [],
});
