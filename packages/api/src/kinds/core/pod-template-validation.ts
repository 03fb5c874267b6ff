/** Validation of pod templates, in workloads that keep their pods running. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import type { LabelSelector } from "../../machinery/meta.ts";
import { validateAnnotations, validateLabels } from "../../machinery/metadata.ts";
import { selectorOf } from "../../machinery/selector.ts";
import { isEmptySelector, validateLabelSelector } from "../label-selector-validation.ts";
import type { PodTemplateSpec } from "./pod-spec.ts";
import { validatePodAnnotations, validatePodSpec } from "./pod-validation.ts";

/** A template, wherever it stands. */
function validatePodTemplate(template: PodTemplateSpec, path: string): FieldError[] {
	const spec = template.spec ?? { containers: [] };
	return [
		...validateLabels(template.metadata?.labels, `${path}.labels`),
		...validateAnnotations(template.metadata?.annotations, `${path}.annotations`),
		...validatePodAnnotations(template.metadata?.annotations ?? {}, spec, `${path}.annotations`),
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

interface Workload {
	readonly selector?: LabelSelector | undefined;
	readonly template?: PodTemplateSpec | undefined;
}

/** Selector and template of a workload whose pods always restart; `path` is the workload's `spec`. */
export function validateWorkload({ selector, template }: Workload, path: string): FieldError[] {
	const selectorErrors = selector
		? [
				...validateLabelSelector(selector, `${path}.selector`),
				...(isEmptySelector(selector)
					? [invalidValue(`${path}.selector`, selector, "empty selector is invalid for deployment")]
					: []),
			]
		: [required(`${path}.selector`)];
	const isSound = selectorErrors.length === 0 || !selector || isEmptySelector(selector);
	return [
		...selectorErrors,
		...(isSound ? [] : [invalidValue(`${path}.selector`, selector, "invalid label selector")]),
		...(template
			? [
					...(isSound ? mismatchErrors(selector, template, `${path}.template`) : []),
					...validatePodTemplate(template, `${path}.template`),
					...restartErrors(template, `${path}.template.spec`),
				]
			: [required(`${path}.template`)]),
	];
}

function mismatchErrors(
	selector: LabelSelector | undefined,
	{ metadata }: PodTemplateSpec,
	path: string,
): FieldError[] {
	if (selectorOf(selector).matches(metadata?.labels)) return [];
	return [
		invalidValue(`${path}.metadata.labels`, metadata?.labels, "`selector` does not match template `labels`"),
	];
}

function restartErrors({ spec }: PodTemplateSpec, path: string): FieldError[] {
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
						"activeDeadlineSeconds in ReplicaSet is not Supported",
					),
				]),
	];
}
