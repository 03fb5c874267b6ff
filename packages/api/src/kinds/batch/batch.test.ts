import test from "ava";
import { applyMergePatch } from "../../machinery/patch/merge.ts";
import { runKindTable } from "../testing/kind-table.ts";
import { sampleContainer, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { CronJob } from "./cron-job.ts";
import { Job } from "./job.ts";

const template = { spec: { restartPolicy: "Never", containers: [sampleContainer()] } };
const UID = "uid-web";

test("jobs", (t) => {
	runKindTable(t, Job, {
		sample: { spec: { template } },
		defaults: {
			"spec.completions": 1,
			"spec.parallelism": 1,
			"spec.backoffLimit": 6,
			"spec.completionMode": "NonIndexed",
			"spec.suspend": false,
			"spec.manualSelector": false,
			"spec.podReplacementPolicy": "TerminatingOrFailed",
			"spec.selector": { matchLabels: { "batch.kubernetes.io/controller-uid": UID } },
			"spec.template.metadata.labels": {
				"job-name": "web",
				"batch.kubernetes.io/job-name": "web",
				"controller-uid": UID,
				"batch.kubernetes.io/controller-uid": UID,
			},
			status: {},
		},
		creates: [
			[
				{ spec: { template: { spec: { restartPolicy: "Always" } } } },
				['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
			],
			[
				{ spec: { template: { metadata: { labels: { "job-name": "other" } } } } },
				[
					'spec.template.metadata.labels[job-name]: Invalid value: {"job-name":"other","batch.kubernetes.io/job-name":"web","controller-uid":"uid-web","batch.kubernetes.io/controller-uid":"uid-web"}: must be \'web\'',
				],
			],
			[{ spec: { manualSelector: true } }, ["spec.selector: Required value"]],
			[{ spec: { completionMode: "Indexed" } }, []],
			[
				{ spec: { completionMode: "Indexed", parallelism: 2 } },
				["spec.completions: Required value: when completion mode is Indexed"],
			],
			[
				{ spec: { backoffLimitPerIndex: 1, maxFailedIndexes: 1 } },
				[
					"spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
					"spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode",
				],
			],
			[
				{ spec: { managedBy: "me" } },
				['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
			],
			[{ spec: { managedBy: "example.com/me" } }, []],
			[
				{
					spec: {
						podFailurePolicy: {
							rules: [
								{
									action: "FailIndex",
									onExitCodes: { operator: "In", containerName: "nobody", values: [3, 0, 3] },
								},
								{ action: "Ignore" },
								{ action: "Count", onPodConditions: [{ type: "DisruptionTarget" }] },
							],
						},
					},
				},
				[
					'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
					'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "nobody": must be one of the container or initContainer names in the pod template',
					"spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator",
					"spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 3",
					"spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [3,0,3]: must be ordered",
					"spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
				],
			],
			[
				{
					spec: {
						completionMode: "Indexed",
						completions: 5,
						successPolicy: {
							rules: [
								{ succeededIndexes: "0-2,4", succeededCount: 5 },
								{ succeededIndexes: "3,1" },
								{ succeededIndexes: "7" },
								{},
							],
						},
					},
				},
				[
					"spec.successPolicy.rules[0].succeededCount: Invalid value: 5: must be less than or equal to 4 (the number of indexes in the specified succeededIndexes field)",
					'spec.successPolicy.rules[1].succeededIndexes: Invalid value: "3,1": error parsing succeededIndexes: non-increasing order, previous: 3, current: 1',
					'spec.successPolicy.rules[2].succeededIndexes: Invalid value: "7": error parsing succeededIndexes: too large index: "7"',
					"spec.successPolicy.rules[3]: Required value: at least one of succeededCount or succeededIndexes must be specified",
				],
			],
		],
		updates: [
			[{ spec: { parallelism: 3, backoffLimit: 1, suspend: true, ttlSecondsAfterFinished: 5 } }, []],
			[{ spec: { completions: 3 } }, ["spec.completions: Invalid value: 3: field is immutable"]],
			[{ spec: { managedBy: "a.b/c" } }, ['spec.managedBy: Invalid value: "a.b/c": field is immutable']],
		],
		prints: [
			{
				spec: { completions: 3 },
				status: {
					succeeded: 1,
					startTime: "2026-01-02T11:58:00Z",
					conditions: [{ type: "FailureTarget", status: "True" }],
				},
			},
			["FailureTarget", "1/3", "2m", "5m", "web", "nginx:1.29", "batch.kubernetes.io/controller-uid=uid-web"],
		],
	});
});

test("a suspended job may be placed anew, a running one not", (t) => {
	const placed = { spec: { template: { spec: { nodeSelector: { disk: "ssd" } } } } };
	runKindTable(t, Job, { sample: { spec: { template, suspend: true } }, updates: [[placed, []]] });
	const suspended: Job = {
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: sampleMeta("web"),
		spec: {
			suspend: true,
			manualSelector: true,
			template: { spec: { restartPolicy: "Never", containers: [sampleContainer()] } },
		},
	};
	const conditions = [{ type: "Suspended", status: "True" }];
	const startTime = "2026-01-02T11:58:00Z";
	for (const [status, isFree] of [
		[{ startTime, conditions }, true],
		[{ startTime, conditions, active: 1 }, false],
		[{ startTime }, false],
	] as const) {
		const waiting = { ...suspended, status };
		t.is(updateRefusals(Job, applyMergePatch(waiting, placed) as Job, waiting).length === 0, isFree);
	}
	runKindTable(t, Job, {
		sample: { spec: { template, completionMode: "Indexed", completions: 2, parallelism: 2 } },
		updates: [
			[{ spec: { completions: 4, parallelism: 4 } }, []],
			[
				{ spec: { completions: 4 } },
				["spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism"],
			],
		],
	});
	const job: Job = {
		apiVersion: "batch/v1",
		kind: "Job",
		metadata: sampleMeta("web"),
		spec: { template: { spec: { restartPolicy: "Never", containers: [sampleContainer()] } } },
	};
	const moved = applyMergePatch(job, placed) as Job;
	const [refused] = updateRefusals(Job, moved, job);
	t.regex(refused ?? "", /^spec.template: Invalid value: .*: field is immutable$/);
});

test("cron jobs", (t) => {
	runKindTable(t, CronJob, {
		sample: { spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template } } } },
		defaults: {
			"spec.concurrencyPolicy": "Allow",
			"spec.suspend": false,
			"spec.successfulJobsHistoryLimit": 3,
			"spec.failedJobsHistoryLimit": 1,
			"spec.jobTemplate.spec.completions": undefined,
			"spec.jobTemplate.spec.template.spec.dnsPolicy": "ClusterFirst",
		},
		creates: [
			[{ spec: { schedule: "" } }, ["spec.schedule: Required value"]],
			[
				{ spec: { schedule: "* * *" } },
				['spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]'],
			],
			[
				{ spec: { schedule: "TZ=UTC 0 * * * *" } },
				[
					'spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
				],
			],
			[
				{ spec: { timeZone: "Mars/Olympus" } },
				['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
			],
			[{ spec: { timeZone: "Asia/Tokyo" } }, []],
			[
				{ metadata: { name: "x".repeat(53) } },
				[`metadata.name: Invalid value: "${"x".repeat(53)}": must be no more than 52 characters`],
			],
			[
				{ spec: { jobTemplate: { spec: { manualSelector: true, selector: {} } } } },
				[
					"spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
					'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "false", "nil"',
				],
			],
			[
				{ spec: { startingDeadlineSeconds: -1 } },
				["spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0"],
			],
		],
		updates: [[{ spec: { schedule: "@hourly", suspend: true } }, []]],
		prints: [
			{
				spec: { timeZone: "Asia/Tokyo" },
				status: { lastScheduleTime: "2026-01-02T11:59:00Z", active: [{}] },
			},
			["*/5 * * * *", "Asia/Tokyo", "False", 1, "60s", "5m", "web", "nginx:1.29", "<none>"],
		],
	});
});
