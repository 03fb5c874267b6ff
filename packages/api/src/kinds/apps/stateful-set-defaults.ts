/** What Kubernetes fills in for stateful sets. */
import { defaultClaim } from "../core/persistent-volume-claim-defaults.ts";
import { defaultPodTemplate } from "../core/pod-defaults.ts";
import { change, fillAbsent, fillZero, mapSame } from "../fill.ts";
import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from "./stateful-set.ts";

export const defaultStatefulSet = (set: StatefulSet): StatefulSet => change(set, "spec", defaultSpec);

function defaultSpec(spec: StatefulSetSpec): StatefulSetSpec {
	const whole: StatefulSetSpec = {
		...change(spec, "template", defaultPodTemplate),
		updateStrategy: defaultStrategy(spec.updateStrategy ?? {}),
		persistentVolumeClaimRetentionPolicy: fillZero(spec.persistentVolumeClaimRetentionPolicy ?? {}, {
			whenDeleted: "Retain",
			whenScaled: "Retain",
		}),
	};
	return fillZero(
		fillAbsent(
			change(whole, "volumeClaimTemplates", (claims) => mapSame(claims, defaultClaimTemplate)),
			{ replicas: 1, revisionHistoryLimit: 10 },
		),
		{ podManagementPolicy: "OrderedReady" },
	);
}

function defaultStrategy(strategy: StatefulSetUpdateStrategy): StatefulSetUpdateStrategy {
	const whole = fillZero(strategy, { type: "RollingUpdate" });
	if (whole.type !== "RollingUpdate") return whole;
	return {
		...whole,
		rollingUpdate: fillAbsent(whole.rollingUpdate ?? {}, { partition: 0, maxUnavailable: 1 }),
	};
}

type ClaimTemplate = NonNullable<StatefulSetSpec["volumeClaimTemplates"]>[number];

/** Claims inside the set say what they are, so that they can be taken out and used as they stand. */
const defaultClaimTemplate = (claim: ClaimTemplate): ClaimTemplate =>
	defaultClaim(
		claim.apiVersion === "v1" && claim.kind === "PersistentVolumeClaim"
			? claim
			: { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim" },
	);
