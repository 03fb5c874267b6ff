/** What Kubernetes fills in for deployments. */
import { defaultPodTemplate } from "../core/pod-defaults.ts";
import { change, fillAbsent, fillZero } from "../fill.ts";
import type { Deployment, DeploymentStrategy } from "./deployment.ts";

export const defaultDeployment = (deployment: Deployment): Deployment =>
	change(deployment, "spec", (spec) =>
		fillAbsent(
			{
				...change(spec, "template", defaultPodTemplate),
				strategy: defaultStrategy(spec.strategy ?? {}),
			},
			{ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
		),
	);

function defaultStrategy(strategy: DeploymentStrategy): DeploymentStrategy {
	const whole = fillZero(strategy, { type: "RollingUpdate" });
	if (whole.type !== "RollingUpdate") return whole;
	return {
		...whole,
		rollingUpdate: fillAbsent(whole.rollingUpdate ?? {}, { maxUnavailable: "25%", maxSurge: "25%" }),
	};
}
