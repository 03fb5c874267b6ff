/** Stateful sets and their pods for this folder's tests. */
import type { Pod, PodStatus, StatefulSet } from "@berth/api";

export const NOW = Date.UTC(2026, 0, 1, 12);

const metadata = (name: string) => ({
	name,
	namespace: "default",
	uid: `uid-${name}`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
});

export const statefulSet = (spec: Partial<StatefulSet["spec"]> = {}): StatefulSet => ({
	apiVersion: "apps/v1",
	kind: "StatefulSet",
	metadata: { ...metadata("web"), generation: 1 },
	spec: {
		replicas: 3,
		serviceName: "peers",
		selector: { matchLabels: { app: "web" } },
		template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "i:1" }] } },
		podManagementPolicy: "OrderedReady",
		updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0, maxUnavailable: 1 } },
		revisionHistoryLimit: 10,
		...spec,
	},
});

export interface PodState {
	readonly revision?: string;
	readonly ready?: boolean;
	readonly going?: boolean;
	readonly phase?: PodStatus["phase"];
	/** Seconds since it is ready. */
	readonly since?: number;
}

export const pod = (ordinal: number, state: PodState = {}): Pod => {
	const { revision = "new", ready = true, going = false, phase = "Running", since = 3_600 } = state;
	const lastTransitionTime = new Date(NOW - since * 1_000).toISOString();
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			...metadata(`web-${ordinal}`),
			labels: { app: "web", "controller-revision-hash": revision },
			...(going ? { deletionTimestamp: "2026-01-01T11:00:00Z" } : {}),
		},
		spec: { containers: [{ name: "c", image: "i:1" }] },
		status: {
			phase,
			conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime }],
		},
	};
};
