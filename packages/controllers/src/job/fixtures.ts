/** Jobs and their pods for this folder's tests. */
import type { Job, JobStatus, Pod, PodStatus } from "@berth/api";
import { COMPLETION_INDEX, TRACKING } from "./job-pods.ts";

/** When the jobs of these tests were made. */
export const START = Date.UTC(2026, 0, 1);
export const at = (seconds: number): string =>
	`${new Date(START + seconds * 1000).toISOString().slice(0, 19)}Z`;

export const job = (spec: Partial<Job["spec"]> = {}, status: JobStatus = { startTime: at(0) }): Job => ({
	apiVersion: "batch/v1",
	kind: "Job",
	metadata: {
		name: "work",
		namespace: "default",
		uid: "uid-work",
		resourceVersion: "1",
		creationTimestamp: at(0),
	},
	spec: {
		parallelism: 2,
		completions: 4,
		backoffLimit: 6,
		completionMode: "NonIndexed",
		suspend: false,
		podReplacementPolicy: "TerminatingOrFailed",
		selector: { matchLabels: { job: "work" } },
		template: {
			metadata: { labels: { job: "work" } },
			spec: { restartPolicy: "Never", containers: [{ name: "main", image: "i" }] },
		},
		...spec,
	},
	status,
});

/** A pod of that job. `name` is its UID too. */
export function pod(
	name: string,
	phase: "Pending" | "Running" | "Succeeded" | "Failed",
	rest: {
		readonly index?: number;
		readonly annotations?: Readonly<Record<string, string>>;
		readonly exitCode?: number;
		/** Seconds after START. */
		readonly endedAt?: number;
		readonly deletedAt?: number;
		readonly isTracked?: boolean;
		readonly status?: PodStatus;
	} = {},
): Pod {
	const { index, annotations, exitCode = 1, endedAt = 0, deletedAt, isTracked = true, status } = rest;
	const hasEnded = phase === "Succeeded" || phase === "Failed";
	const terminated = { exitCode: phase === "Failed" ? exitCode : 0, finishedAt: at(endedAt) };
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name,
			namespace: "default",
			uid: name,
			resourceVersion: "1",
			creationTimestamp: at(0),
			labels: { job: "work" },
			...(isTracked ? { finalizers: [TRACKING] } : {}),
			...(deletedAt === undefined ? {} : { deletionTimestamp: at(deletedAt), deletionGracePeriodSeconds: 0 }),
			annotations: { ...annotations, ...(index === undefined ? {} : { [COMPLETION_INDEX]: `${index}` }) },
		},
		spec: { containers: [{ name: "main", image: "i" }] },
		status: {
			phase,
			containerStatuses: [
				{
					name: "main",
					image: "i",
					imageID: "",
					ready: phase === "Running",
					restartCount: 0,
					state: hasEnded ? { terminated } : {},
				},
			],
			...status,
		},
	};
}
