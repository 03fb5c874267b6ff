/** Validation of pod templates, in whatever makes pods. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import type { LabelSelector } from "../../machinery/meta.ts";
import { validateAnnotations, validateLabels } from "../../machinery/metadata.ts";
import { type Selector, selectorOf } from "../../machinery/selector.ts";
import { isEmptySelector, validateLabelSelector } from "../label-selector-validation.ts";
import type { PodTemplateSpec } from "./pod-spec.ts";
import { validatePodAnnotations, validatePodSpec } from "./pod-validation.ts";

/** A template, wherever it stands. */
export function validatePodTemplate(template: PodTemplateSpec, path: string): FieldError[] {
	const spec = template.spec ?? { containers: [] };
	return [
		...validateTemplateMetadata(template, path),
		...validatePodSpec(spec, { path: `${path}.spec`, isPod: false }),
		...(spec.ephemeralContainers?.length
			? [
					forbiddenField(
						`${path}.spec.ephemeralContainers`,
						"ephemeral containers not allowed in pod template",
					),
				]
			: []),
	];
}

/** Labels and annotations of a template. */
export const validateTemplateMetadata = ({ metadata, spec }: PodTemplateSpec, path: string): FieldError[] => [
	...validateLabels(metadata?.labels, `${path}.labels`),
	...validateAnnotations(metadata?.annotations, `${path}.annotations`),
	...validatePodAnnotations(metadata?.annotations ?? {}, spec ?? { containers: [] }, `${path}.annotations`),
];

interface Workload {
	readonly selector?: LabelSelector | undefined;
	readonly template?: PodTemplateSpec | undefined;
}

/** What messages call the kind. */
export interface WorkloadWords {
	readonly selector: string;
	readonly deadline: string;
}

/** Selector and template of a workload whose pods always restart; `path` is the workload's `spec`. */
export const validateWorkload = (workload: Workload, path: string, words: WorkloadWords): FieldError[] =>
	validateSelected(workload, path, words, (template) => [
		...validatePodTemplate(template, `${path}.template`),
		...validateRestarts(template, `${path}.template.spec`, words.deadline),
	]);

/** Selector and template of a workload; `check` is for the template beside its labels. */
export function validateSelected(
	{ selector, template }: Workload,
	path: string,
	words: Pick<WorkloadWords, "selector">,
	check: (template: PodTemplateSpec) => FieldError[],
): FieldError[] {
	const selectorErrors = selector
		? [
				...validateLabelSelector(selector, `${path}.selector`),
				...(isEmptySelector(selector)
					? [invalidValue(`${path}.selector`, selector, `empty selector is invalid for ${words.selector}`)]
					: []),
			]
		: [required(`${path}.selector`)];
	const isSound = selectorErrors.length === 0 || !selector || isEmptySelector(selector);
	return [
		...selectorErrors,
		...(isSound ? [] : [invalidValue(`${path}.selector`, selector, "invalid label selector")]),
		...(template
			? [
					...(isSound ? validateMatch(selectorOf(selector), template, `${path}.template`) : []),
					...check(template),
				]
			: [required(`${path}.template`)]),
	];
}

/** A workload that does not select its own pods would make them without end. */
export const validateMatch = (
	selector: Selector,
	{ metadata }: PodTemplateSpec,
	path: string,
): FieldError[] =>
	selector.matches(metadata?.labels)
		? []
		: [
				invalidValue(
					`${path}.metadata.labels`,
					metadata?.labels,
					"`selector` does not match template `labels`",
				),
			];

/** `path` is the template's `spec`. */
export function validateRestarts({ spec }: PodTemplateSpec, path: string, kind: string): FieldError[] {
	const deadline = spec?.activeDeadlineSeconds;
	return [
		...(spec?.restartPolicy === "Always"
			? []
			: [notSupported(`${path}.restartPolicy`, spec?.restartPolicy ?? "", ["Always"])]),
		...(deadline === undefined || deadline === null
			? []
			: [
					forbiddenField(
						`${path}.activeDeadlineSeconds`,
						`activeDeadlineSeconds in ${kind} is not Supported`,
					),
				]),
	];
}
