/** Deployments and their sets for this folder's tests. */
import type { Deployment, ObjectMeta, PodTemplateSpec, ReplicaSet } from "@berth/api";
import { DESIRED_REPLICAS, REVISION } from "./revisions.ts";

export const template = (image: string): PodTemplateSpec => ({
	metadata: { labels: { app: "web" } },
	spec: { containers: [{ name: "web", image }] },
});

const metadata = (name: string, rest: Partial<ObjectMeta> = {}): ObjectMeta => ({
	name,
	namespace: "default",
	uid: `uid-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	...rest,
});

export const deployment = (spec: Partial<Deployment["spec"]> = {}): Deployment => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: metadata("web", { generation: 1 }),
	spec: {
		replicas: 3,
		selector: { matchLabels: { app: "web" } },
		template: template("web:1"),
		strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
		revisionHistoryLimit: 10,
		progressDeadlineSeconds: 600,
		...spec,
	},
});

export const replicaSet = (set: {
	readonly image: string;
	readonly replicas: number;
	readonly available?: number;
	readonly revision?: number;
	readonly desired?: number;
}): ReplicaSet => ({
	apiVersion: "apps/v1",
	kind: "ReplicaSet",
	metadata: metadata(`web-${set.image.replace(":", "-")}`, {
		creationTimestamp: `2026-01-01T00:00:0${set.revision ?? 1}Z`,
		annotations: {
			[REVISION]: String(set.revision ?? 1),
			...(set.desired === undefined ? {} : { [DESIRED_REPLICAS]: String(set.desired) }),
		},
	}),
	spec: { replicas: set.replicas, selector: { matchLabels: { app: "web" } }, template: template(set.image) },
	status: { replicas: set.replicas, availableReplicas: set.available ?? set.replicas },
});
