/** The pods that a job makes: its template, the finalizer by which they are counted, and their index. Pure. */
import type { Container, Draft, Job, Pod, PodSpec, PodTemplateSpec } from "@berth/api";
import { podOf } from "../pods/pod-writer.ts";
import { COMPLETION_INDEX, INDEX_FAILURES, INDEX_IGNORED_FAILURES, TRACKING } from "./job-pods.ts";
import type { PodOrder } from "./sizes.ts";

const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
/** Of a host name. */
const LONGEST = 63;
/** The hyphen and the random end of a generated name. */
const END = 6;

export function podOfJob(job: Job, order: PodOrder): Draft<Pod> {
	const pod = podOf(job, withFinalizer(job.spec.template));
	const { index } = order;
	if (index === undefined) return pod;
	const name = `${job.metadata.name}-${index}`;
	return {
		metadata: {
			...pod.metadata,
			generateName: `${name.slice(0, LONGEST - END)}-`,
			labels: { ...pod.metadata.labels, [COMPLETION_INDEX]: `${index}` },
			annotations: { ...pod.metadata.annotations, ...annotationsOf(index, order) },
		},
		spec: withHostname(pod.spec, name.slice(0, LONGEST)),
	};
}

const withFinalizer = (template: PodTemplateSpec): PodTemplateSpec => ({
	...template,
	metadata: { ...template.metadata, finalizers: [...(template.metadata?.finalizers ?? []), TRACKING] },
});

const annotationsOf = (index: number, { failures, ignoredFailures }: PodOrder) => ({
	[COMPLETION_INDEX]: `${index}`,
	...(failures === undefined ? {} : { [INDEX_FAILURES]: `${failures}` }),
	...(ignoredFailures ? { [INDEX_IGNORED_FAILURES]: `${ignoredFailures}` } : {}),
});

const withHostname = (spec: PodSpec, hostname: string): PodSpec => ({
	...spec,
	hostname,
	containers: spec.containers.map(withVariable),
	...(spec.initContainers ? { initContainers: spec.initContainers.map(withVariable) } : {}),
});

/** A variable of that name that users gave stays. */
const withVariable = (container: Container): Container =>
	container.env?.some(({ name }) => name === INDEX_VARIABLE)
		? container
		: {
				...container,
				env: [
					...(container.env ?? []),
					{
						name: INDEX_VARIABLE,
						valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
					},
				],
			};
