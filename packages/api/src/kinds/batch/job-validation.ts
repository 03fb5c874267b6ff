/** Validation of jobs. */
import {
	type FieldError,
	invalidValue,
	notSupported,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { LabelSelector, type LabelSelector as Selector } from "../../machinery/meta.ts";
import { dnsSubdomainErrors, pathSegmentErrors } from "../../machinery/names.ts";
import { selectorOf } from "../../machinery/selector.ts";
import { validateMatch, validatePodTemplate } from "../core/pod-template-validation.ts";
import { invalids, nonNegative, unchanged, unchangedScalar } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import type { Job } from "./job.ts";
import { CONTROLLER_UID, JOB_NAME, LEGACY_CONTROLLER_UID, LEGACY_JOB_NAME } from "./job-defaults.ts";
import type { JobSpec } from "./job-spec.ts";
import { templateUpdateErrors } from "./job-template-update.ts";
import { PodFailurePolicy, SuccessPolicy } from "./pod-failure-policy.ts";
import { validateFailurePolicy, validateSuccessPolicy } from "./policy-validation.ts";

export const validateJob = (job: Job): FieldError[] => [
	...generatedErrors(job),
	...validateJobSpec(job.spec, "spec"),
	...(job.spec.selector
		? [
				...validateLabelSelector(job.spec.selector, "spec.selector"),
				...(job.spec.template && isSound(job.spec.selector)
					? validateMatch(selectorOf(job.spec.selector), job.spec.template, "spec.template")
					: []),
			]
		: [required("spec.selector")]),
];

const isSound = (selector: Selector) => validateLabelSelector(selector, "").length === 0;

/** Labels that were generated must still be those of this very job. */
function generatedErrors({ metadata, spec }: Job): FieldError[] {
	const { selector, template, manualSelector } = spec;
	if (manualSelector || !selector) return [];
	const labels = template?.metadata?.labels ?? {};
	const wanted: Readonly<Record<string, string>> = {
		[LEGACY_CONTROLLER_UID]: metadata.uid,
		[LEGACY_JOB_NAME]: metadata.name,
		[CONTROLLER_UID]: metadata.uid,
		[JOB_NAME]: metadata.name,
	};
	return [
		...Object.entries(wanted).flatMap(([key, value]) => {
			const field = `spec.template.metadata.labels[${key}]`;
			if (!Object.hasOwn(labels, key)) return [required(field, `must be '${value}'`)];
			return labels[key] === value ? [] : [invalidValue(field, labels, `must be '${value}'`)];
		}),
		...(isSound(selector) && !selectorOf(selector).matches(wanted)
			? [invalidValue("spec.selector", selector, "`selector` not auto-generated")]
			: []),
	];
}

const COUNTS = [
	"parallelism",
	"completions",
	"activeDeadlineSeconds",
	"backoffLimit",
	"ttlSecondsAfterFinished",
	"backoffLimitPerIndex",
	"maxFailedIndexes",
] as const;

/** A job, or the job that a cron job makes; without its selector. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
	const isIndexed = spec.completionMode === "Indexed";
	return [
		...COUNTS.flatMap((field) => nonNegative(`${path}.${field}`, spec[field])),
		...(isSet(spec.maxFailedIndexes) && !isSet(spec.backoffLimitPerIndex)
			? [required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified")]
			: []),
		...managedByErrors(spec.managedBy, `${path}.managedBy`),
		...(isIndexed ? indexedErrors(spec, path) : plainErrors(spec, path)),
		...(spec.podFailurePolicy ? validateFailurePolicy(spec, `${path}.podFailurePolicy`) : []),
		...(spec.successPolicy
			? isIndexed
				? validateSuccessPolicy(spec, `${path}.successPolicy`)
				: [invalidValue(`${path}.successPolicy`, spec.successPolicy, "requires indexed completion mode")]
			: []),
		...(spec.podFailurePolicy && isSet(spec.podReplacementPolicy) && spec.podReplacementPolicy !== "Failed"
			? [notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, ["Failed"])]
			: []),
		...(spec.template
			? [
					...validatePodTemplate(spec.template, `${path}.template`),
					...restartErrors(spec, `${path}.template.spec.restartPolicy`),
				]
			: [required(`${path}.template`)]),
	];
}

const isSet = <T>(value: T | undefined | null): value is T => value !== undefined && value !== null;

const MAX_MANAGER = 63;

/** `example.com/controller`. */
function managedByErrors(name: string | undefined | null, field: string): FieldError[] {
	if (!isSet(name)) return [];
	if (name === "") return [required(field)];
	const slash = name.indexOf("/");
	const [domain, path] = [name.slice(0, slash), name.slice(slash + 1)];
	return [
		...(slash <= 0 || path === ""
			? [invalidValue(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")')]
			: [
					...invalids(field, domain, dnsSubdomainErrors(domain)),
					...invalids(field, path, path.split("/").flatMap(pathSegmentErrors)),
				]),
		...(name.length > MAX_MANAGER ? [tooLong(field, MAX_MANAGER)] : []),
	];
}

const MOST_PARALLEL = 100_000;
/** Above these many completions, and with limits for each index, the others are lower. */
const MANY_COMPLETIONS = 100_000;
const MANY_LIMIT = 10_000;

function indexedErrors(spec: JobSpec, path: string): FieldError[] {
	const { completions, maxFailedIndexes: failed } = spec;
	const parallelism = spec.parallelism ?? 0;
	const most = (field: string, value: number, limit: number, when: string) =>
		value > limit
			? [invalidValue(`${path}.${field}`, value, `must be less than or equal to ${limit}${when}`)]
			: [];
	const isMany = isSet(completions) && completions > MANY_COMPLETIONS && isSet(spec.backoffLimitPerIndex);
	const manyWords = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
	return [
		...(isSet(completions) ? [] : [required(`${path}.completions`, "when completion mode is Indexed")]),
		...most("parallelism", parallelism, MOST_PARALLEL, " when completion mode is Indexed"),
		...(isSet(completions) && isSet(failed) && failed > completions
			? [invalidValue(`${path}.maxFailedIndexes`, failed, "must be less than or equal to completions")]
			: []),
		...most("maxFailedIndexes", failed ?? 0, MOST_PARALLEL, ""),
		...(isMany
			? [
					...(isSet(failed)
						? most("maxFailedIndexes", failed, MANY_LIMIT, manyWords)
						: [
								required(
									`${path}.maxFailedIndexes`,
									`must be specified when completions is above ${MANY_COMPLETIONS}`,
								),
							]),
					...most("parallelism", parallelism, MANY_LIMIT, manyWords),
				]
			: []),
	];
}

const plainErrors = (spec: JobSpec, path: string): FieldError[] =>
	(["backoffLimitPerIndex", "maxFailedIndexes"] as const).flatMap((field) =>
		isSet(spec[field])
			? [invalidValue(`${path}.${field}`, spec[field], "requires indexed completion mode")]
			: [],
	);

/** Always is what nobody said, so it is missing rather than wrong. */
function restartErrors({ template, podFailurePolicy }: JobSpec, field: string): FieldError[] {
	const policy = template.spec?.restartPolicy ?? "";
	const first =
		policy === "" || policy === "Always"
			? [required(field, 'valid values: "OnFailure", "Never"')]
			: policy === "OnFailure" || policy === "Never"
				? []
				: [notSupported(field, policy, ["OnFailure", "Never"])];
	return podFailurePolicy && policy !== "Never"
		? [...first, invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')]
		: first;
}

export function validateJobUpdate(job: Job, old: Job): FieldError[] {
	const { spec } = job;
	const { spec: before } = old;
	return [
		...completionErrors(spec, before),
		...unchanged(LabelSelector, "spec.selector", spec.selector, before.selector),
		...templateUpdateErrors(job, old),
		...unchangedScalar("spec.completionMode", spec.completionMode, before.completionMode),
		...unchanged(PodFailurePolicy, "spec.podFailurePolicy", spec.podFailurePolicy, before.podFailurePolicy),
		...unchangedScalar("spec.backoffLimitPerIndex", spec.backoffLimitPerIndex, before.backoffLimitPerIndex),
		...unchangedScalar("spec.managedBy", spec.managedBy, before.managedBy),
		...unchanged(SuccessPolicy, "spec.successPolicy", spec.successPolicy, before.successPolicy),
	];
}

/** An indexed job may grow and shrink when it runs all of its indexes at once. */
function completionErrors(spec: JobSpec, before: JobSpec): FieldError[] {
	const field = "spec.completions";
	if (spec.completionMode !== "Indexed") return unchangedScalar(field, spec.completions, before.completions);
	if (!isSet(spec.completions) || !isSet(before.completions)) return [];
	return spec.completions === before.completions || spec.completions === spec.parallelism
		? []
		: [invalidValue(field, spec.completions, "can only be modified in tandem with spec.parallelism")];
}

/** A job inside a cron job gets its selector when it is made. */
export const validateJobTemplate = (spec: JobSpec, path: string): FieldError[] => [
	...validateJobSpec(spec, path),
	...(spec.selector
		? [invalidValue(`${path}.selector`, spec.selector, "`selector` will be auto-generated")]
		: []),
	...(spec.manualSelector
		? [notSupported(`${path}.manualSelector`, spec.manualSelector, ["nil", "false"])]
		: []),
];
