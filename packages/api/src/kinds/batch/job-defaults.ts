/** What Kubernetes fills in for jobs, and the labels by which a job knows its pods. */
import { defaultPodTemplate } from "../core/pod-defaults.ts";
import { change, fillAbsent, fillZero, mapSame } from "../fill.ts";
import type { Job } from "./job.ts";
import type { JobSpec } from "./job-spec.ts";
import type { PodFailurePolicy } from "./pod-failure-policy.ts";

export const CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
export const JOB_NAME = "batch.kubernetes.io/job-name";
/** Their names before labels of the project got a prefix: still there, for those who select by them. */
export const LEGACY_CONTROLLER_UID = "controller-uid";
export const LEGACY_JOB_NAME = "job-name";

const RETRIES = 6;
const ALL_RETRIES = 2 ** 31 - 1;

export function defaultJob(job: Job): Job {
	const whole = change(job, "spec", (spec) => {
		const isSingle = isAbsent(spec.completions) && isAbsent(spec.parallelism);
		return fillAbsent(defaultJobTemplateSpec(spec), {
			...(isSingle ? { completions: 1 } : {}),
			parallelism: 1,
			backoffLimit: isAbsent(spec.backoffLimitPerIndex) ? RETRIES : ALL_RETRIES,
			completionMode: "NonIndexed",
			suspend: false,
			manualSelector: false,
			podReplacementPolicy: spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed",
		});
	});
	const labels = whole.spec?.template?.metadata?.labels;
	const isLabelled = Object.keys(whole.metadata?.labels ?? {}).length > 0;
	if (isLabelled || !labels || Object.keys(labels).length === 0) return whole;
	return { ...whole, metadata: { ...whole.metadata, labels } };
}

/** Of a job that is not one yet, inside a cron job: its own numbers come when it is made. */
export const defaultJobTemplateSpec = (spec: JobSpec): JobSpec =>
	change(change(spec, "template", defaultPodTemplate), "podFailurePolicy", defaultFailurePolicy);

const defaultFailurePolicy = (policy: PodFailurePolicy): PodFailurePolicy =>
	change(policy, "rules", (rules) =>
		mapSame(rules, (rule) =>
			change(rule, "onPodConditions", (patterns) =>
				mapSame(patterns, (pattern) => fillZero(pattern, { status: "True" })),
			),
		),
	);

const isAbsent = (value: unknown) => value === undefined || value === null;

/** Unless users select by themselves, a job selects by its own UID, and its pods carry that and its name. */
export function withGeneratedSelector(job: Job): Job {
	if (job.spec.manualSelector) return job;
	const { name, uid } = job.metadata;
	const { selector, template } = job.spec;
	const labels = {
		[LEGACY_JOB_NAME]: name,
		[JOB_NAME]: name,
		[LEGACY_CONTROLLER_UID]: uid,
		[CONTROLLER_UID]: uid,
		// What users said in conflict with these is refused by validation.
		...template?.metadata?.labels,
	};
	return {
		...job,
		spec: {
			...job.spec,
			selector: { ...selector, matchLabels: { [CONTROLLER_UID]: uid, ...selector?.matchLabels } },
			template: { ...template, metadata: { ...template?.metadata, labels } },
		},
	};
}
