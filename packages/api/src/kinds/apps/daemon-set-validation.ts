/** Validation and defaults of daemon sets. */
import { type FieldError, invalidValue, required } from "../../machinery/field-error.ts";
import { defaultPodTemplate } from "../core/pod-defaults.ts";
import { PodTemplateSpec } from "../core/pod-spec.ts";
import { validateWorkload } from "../core/pod-template-validation.ts";
import { amountOf, countOrPercent, noMoreThanAll, nonNegative, notDecremented } from "../field-checks.ts";
import { change, fillAbsent, fillZero } from "../fill.ts";
import { sameValue } from "../same-value.ts";
import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from "./daemon-set.ts";

export const defaultDaemonSet = (set: DaemonSet): DaemonSet =>
	change(set, "spec", (spec) =>
		fillAbsent(
			{
				...change(spec, "template", defaultPodTemplate),
				updateStrategy: defaultStrategy(spec.updateStrategy ?? {}),
			},
			{ revisionHistoryLimit: 10 },
		),
	);

function defaultStrategy(strategy: DaemonSetUpdateStrategy): DaemonSetUpdateStrategy {
	const whole = fillZero(strategy, { type: "RollingUpdate" });
	if (whole.type !== "RollingUpdate") return whole;
	return {
		...whole,
		rollingUpdate: fillAbsent(whole.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }),
	};
}

/** Templates are counted here, for clients of versions that had a field for it. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const withTemplateGeneration = (set: DaemonSet, old?: DaemonSet): DaemonSet => {
	const before = Number(old?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0) || 0;
	const isSame = old !== undefined && sameValue(PodTemplateSpec, set.spec?.template, old.spec?.template);
	const generation = String(isSame ? Math.max(before, 1) : before + 1);
	if (set.metadata.annotations?.[TEMPLATE_GENERATION] === generation) return set;
	const annotations = { ...set.metadata.annotations, [TEMPLATE_GENERATION]: generation };
	return { ...set, metadata: { ...set.metadata, annotations } };
};

export const validateDaemonSet = ({ spec }: DaemonSet): FieldError[] => [
	...validateWorkload(spec, "spec", { selector: "daemonset", deadline: "DaemonSet" }),
	...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
	...strategyErrors(spec.updateStrategy ?? {}, "spec.updateStrategy"),
	...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
];

function strategyErrors({ type, rollingUpdate }: DaemonSetUpdateStrategy, path: string): FieldError[] {
	if (type !== "RollingUpdate") return [];
	return rollingUpdate
		? rollingErrors(rollingUpdate, `${path}.rollingUpdate`)
		: [required(`${path}.rollingUpdate`)];
}

function rollingErrors({ maxUnavailable, maxSurge }: RollingUpdateDaemonSet, path: string): FieldError[] {
	const [surges, stops] = [amountOf(maxSurge) !== 0, amountOf(maxUnavailable) !== 0];
	return [
		...countOrPercent(`${path}.maxUnavailable`, maxUnavailable),
		...countOrPercent(`${path}.maxSurge`, maxSurge),
		...noMoreThanAll(`${path}.maxUnavailable`, maxUnavailable),
		...noMoreThanAll(`${path}.maxSurge`, maxSurge),
		...(surges && stops
			? [invalidValue(`${path}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero")]
			: []),
		...(surges || stops ? [] : [required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0")]),
	];
}

const COUNTS = [
	"currentNumberScheduled",
	"numberMisscheduled",
	"desiredNumberScheduled",
	"numberReady",
	"observedGeneration",
	"updatedNumberScheduled",
	"numberAvailable",
	"numberUnavailable",
	"collisionCount",
] as const;

export const validateDaemonSetStatus = ({ status }: DaemonSet, { status: old }: DaemonSet): FieldError[] => [
	...COUNTS.flatMap((field) => nonNegative(`status.${field}`, status?.[field])),
	...notDecremented("status.collisionCount", status?.collisionCount, old?.collisionCount),
];
