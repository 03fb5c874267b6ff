/** Makes a job whenever a cron job is due, and keeps only as many finished ones as it says. */
import {
	CronJob,
	type CronJobStatus,
	controllerOf,
	controllerReference,
	deepEqual,
	hasReason,
	isNamespaceTerminating,
	Job,
	keyOf,
	splitKey,
} from "@berth/api";
import {
	type Controller,
	type ControllerEnvironment,
	created,
	deleted,
	ownWritesSeen,
	updated,
	watch,
} from "@berth/reconcile";
import { concerned } from "../ownership/concerned.ts";
import { deleteObject } from "../ownership/delete-object.ts";
import { nameFor, planCronJob, SCHEDULED_AT, scheduledAt, withJob } from "./plan.ts";

export function createCronJobController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const cronJobs = informers.of(CronJob);
	const jobs = informers.of(Job);

	async function reconcile(key: string, signal: AbortSignal) {
		const cronJob = cronJobs.get(key);
		if (!cronJob) return undefined;
		const owned = jobs
			.list(splitKey(key).namespace)
			.filter((job) => controllerOf(job)?.uid === cronJob.metadata.uid);
		const plan = planCronJob(cronJob, owned, clock.now());
		for (const job of plan.remove) await removeJob(cronJob, job);
		const made = plan.due === undefined ? undefined : await makeJob(cronJob, plan.due);
		const written = new Map<string, (job: Job | undefined) => boolean>();
		for (const job of plan.remove) written.set(keyOf(job), deleted(job));
		if (made) written.set(keyOf(made), created(made));
		await ownWritesSeen({ informer: jobs, written, clock, signal });
		const status = made && plan.due !== undefined ? withJob(plan.status, made, plan.due) : plan.status;
		await writeStatus(cronJob, status, signal);
		for (const { type, reason, message } of plan.events) events[type](cronJob, reason, message);
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
	}

	/** Undefined: there can be none, as its namespace goes or somebody else's job has that name. */
	async function makeJob(cronJob: CronJob, time: number): Promise<Job | undefined> {
		const { metadata, spec } = cronJob.spec.jobTemplate;
		const name = nameFor(cronJob, time);
		const { namespace } = cronJob.metadata;
		try {
			const job = await client.create(Job, {
				metadata: {
					name,
					namespace,
					labels: metadata?.labels,
					annotations: { ...metadata?.annotations, [SCHEDULED_AT]: scheduledAt(cronJob, time) },
					ownerReferences: [controllerReference(cronJob)],
				},
				spec: spec ?? { template: {} },
			});
			events.normal(cronJob, "SuccessfulCreate", `Created job ${name}`);
			return job;
		} catch (error) {
			if (isNamespaceTerminating(error)) return undefined;
			if (hasReason(error, "AlreadyExists")) {
				const job = await client.get(Job, { namespace, name });
				if (controllerOf(job)?.uid === cronJob.metadata.uid) return job;
			}
			const message = error instanceof Error ? error.message : String(error);
			events.warning(cronJob, "FailedCreate", `Error creating job: ${message}`);
			throw error;
		}
	}

	/** Its pods go with it. */
	async function removeJob(cronJob: CronJob, job: Job): Promise<void> {
		await deleteObject(client, Job, job, { propagationPolicy: "Background" });
		events.normal(cronJob, "SuccessfulDelete", `Deleted job ${job.metadata.name}`);
	}

	async function writeStatus(cronJob: CronJob, status: CronJobStatus, signal: AbortSignal): Promise<void> {
		if (deepEqual(cronJob.status ?? {}, status)) return;
		const next = await client.updateStatus(CronJob, { ...cronJob, status });
		const written = new Map([[keyOf(next), updated(next)]]);
		await ownWritesSeen({ informer: cronJobs, written, clock, signal });
	}

	return {
		name: "cronjob",
		workers: 5,
		sources: [
			watch(cronJobs, (change) => [keyOf(change.object)]),
			watch(
				jobs,
				concerned(CronJob, cronJobs, () => undefined),
			),
		],
		reconcile,
	};
}
