/** Lets pods go whose job is gone or over: nobody else would count them, and until then they could not be deleted. */
import { controllerOf, isNotFound, Job, keyOf, Pod, selectorOf } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { isFinished } from "./ending.ts";
import { isOurs, isTracked } from "./job-pods.ts";
import { releasePod } from "./release-pod.ts";

export function createJobOrphansController({ client, informers }: ControllerEnvironment): Controller {
	const jobs = informers.of(Job);
	const pods = informers.of(Pod);

	async function reconcile(key: string): Promise<undefined> {
		const pod = pods.get(key);
		if (pod && isTracked(pod) && !(await hasJob(pod))) await releasePod(client, pod, { asSeen: true });
	}

	/** The server is asked before a pod is let go: the informer may not know a young job yet. */
	async function hasJob(pod: Pod): Promise<boolean> {
		const owner = controllerOf(pod);
		if (!owner) return jobs.list(pod.metadata.namespace).some((job) => mayAdopt(job, pod));
		if (owner.kind !== Job.kind) return false;
		const name = { namespace: pod.metadata.namespace, name: owner.name };
		const isIts = (job: Job | undefined) =>
			job?.metadata.uid === owner.uid && (!isOurs(job) || !isFinished(job));
		if (isIts(jobs.get(`${name.namespace}/${name.name}`))) return true;
		try {
			return isIts(await client.get(Job, name));
		} catch (error) {
			if (isNotFound(error)) return false;
			throw error;
		}
	}

	return {
		name: "job-orphans",
		workers: 2,
		sources: [
			watch(pods, ({ type, object }) => (type !== "deleted" && isTracked(object) ? [keyOf(object)] : [])),
			watch(jobs, ({ type, object }) =>
				type === "deleted" || isFinished(object)
					? pods
							.list(object.metadata.namespace)
							.filter((pod) => isTracked(pod) && controllerOf(pod)?.uid === object.metadata.uid)
							.map(keyOf)
					: [],
			),
		],
		reconcile,
	};
}

const mayAdopt = (job: Job, pod: Pod): boolean =>
	!isFinished(job) &&
	!job.metadata.deletionTimestamp &&
	!pod.metadata.deletionTimestamp &&
	selectorOf(job.spec.selector ?? undefined).matches(pod.metadata.labels);
