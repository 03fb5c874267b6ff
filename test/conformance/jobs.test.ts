/** Jobs and cron jobs through kubectl, on hollow nodes: how they end, wait, fail, and what a crash leaves. */
import type { CronJob, Job, KubeList, Pod } from "@berth/api";
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await cluster.addNode("one");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const manifest = (name: string, spec: string, image = "done") => `
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
  ${spec}
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: ${image}}]
`;
const make = (name: string, spec: string, image?: string) =>
	kubectl.must("create -f -", manifest(name, spec, image));
const until = (name: string, condition: string) =>
	kubectl.must(`wait job/${name} --for=condition=${condition} --timeout=30s`);
const statusOf = async (name: string) => (await kubectl.json<Job>(`get job ${name}`)).status ?? {};
const podsOf = async (name: string) =>
	(await kubectl.json<KubeList<Pod>>(`get pods -l job-name=${name}`)).items;
const conditionsOf = async (name: string) =>
	((await statusOf(name)).conditions ?? []).map(({ type, reason }) => `${type} ${reason}`);

test("a job runs to its end and says so", async (t) => {
	await kubectl.must("create job once --image=done");
	t.is(await until("once", "complete"), "job.batch/once condition met");
	t.regex(await kubectl("get job once"), /^once +Complete +1\/1 /m);
	t.deepEqual(await conditionsOf("once"), [
		"SuccessCriteriaMet CompletionsReached",
		"Complete CompletionsReached",
	]);
	t.like(await statusOf("once"), { succeeded: 1, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
	const told = await kubectl("describe job once");
	t.regex(told, /Normal +SuccessfulCreate +.* job-controller +Created pod: once-/);
	t.regex(told, /Normal +Completed +.* job-controller +Job completed/);
	const [pod] = await podsOf("once");
	t.is(pod?.metadata.finalizers, undefined);
	await kubectl.must("delete job once");
	t.true(await eventually(async () => (await podsOf("once")).length === 0));
});

test("each pod of an indexed job has an index, and a name in the network", async (t) => {
	await make("indexed", "completions: 3\n  parallelism: 3\n  completionMode: Indexed");
	await until("indexed", "complete");
	t.is((await statusOf("indexed")).completedIndexes, "0-2");
	const pods = await podsOf("indexed");
	const index = "batch.kubernetes.io/job-completion-index";
	t.deepEqual(pods.map(({ metadata }) => metadata.annotations?.[index]).toSorted(), ["0", "1", "2"]);
	for (const { metadata, spec } of pods) {
		t.is(metadata.labels?.[index], metadata.annotations?.[index]);
		t.is(spec.hostname, `indexed-${metadata.labels?.[index]}`);
		t.is(spec.containers[0]?.env?.[0]?.name, "JOB_COMPLETION_INDEX");
	}
});

test("too many failures end a job, and those of one index only that index", async (t) => {
	await make("fails", "backoffLimit: 0", "fails");
	await until("fails", "failed");
	t.deepEqual(await conditionsOf("fails"), [
		"FailureTarget BackoffLimitExceeded",
		"Failed BackoffLimitExceeded",
	]);
	t.regex(
		await kubectl("describe job fails"),
		/Warning +BackoffLimitExceeded +.* Job has reached the specified backoff limit/,
	);
	await make("indexes", "completionMode: Indexed\n  completions: 2\n  backoffLimitPerIndex: 0", "fails");
	await until("indexes", "failed");
	t.like(await statusOf("indexes"), { failedIndexes: "0,1", failed: 2 });
	t.deepEqual(await conditionsOf("indexes"), ["FailureTarget FailedIndexes", "Failed FailedIndexes"]);
});

test("policies end a job early, badly and well", async (t) => {
	const rule = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}]}";
	await make("fatal", rule, "fails");
	await until("fatal", "failed");
	t.regex(
		(await statusOf("fatal")).conditions?.[1]?.message ?? "",
		/^Container main for pod default\/fatal-\w+ failed with exit code 1 matching FailJob rule at index 0$/,
	);
	await make(
		"enough",
		"completionMode: Indexed\n  completions: 9\n  successPolicy: {rules: [{succeededCount: 2}]}",
	);
	await until("enough", "complete");
	t.deepEqual(await conditionsOf("enough"), ["SuccessCriteriaMet SuccessPolicy", "Complete SuccessPolicy"]);
	await make("late", "activeDeadlineSeconds: 1", "runs");
	await until("late", "failed");
	t.deepEqual(await conditionsOf("late"), ["FailureTarget DeadlineExceeded", "Failed DeadlineExceeded"]);
});

test("a suspended job has no pods; resumed it goes on", async (t) => {
	await make("waits", "parallelism: 2\n  completions: 2\n  suspend: true", "runs");
	await until("waits", "suspended");
	t.deepEqual(await podsOf("waits"), []);
	const suspend = (isSo: boolean) =>
		kubectl.must(`patch job waits --type=merge -p {"spec":{"suspend":${isSo}}}`);
	await suspend(false);
	t.true(await eventually(async () => (await statusOf("waits")).ready === 2));
	await suspend(true);
	t.true(await eventually(async () => (await podsOf("waits")).length === 0));
	t.true(await eventually(async () => (await statusOf("waits")).terminating === 0));
	t.is((await statusOf("waits")).failed, undefined);
	await kubectl.must("delete job waits");
});

test("pods without a job are taken in, those that no longer match are let go, and orphans stay", async (t) => {
	await make("keeper", "parallelism: 2\n  completions: 4", "runs");
	t.true(await eventually(async () => (await statusOf("keeper")).ready === 2));
	const [first, second] = await podsOf("keeper");
	const owners = async (pod: Pod | undefined) =>
		(await kubectl.json<Pod>(`get pod ${pod?.metadata.name}`)).metadata.ownerReferences?.length ?? 0;
	await kubectl.must(
		`patch pod ${first?.metadata.name} --type=merge -p {"metadata":{"ownerReferences":null,"finalizers":null}}`,
	);
	t.true(await eventually(async () => (await owners(first)) === 1));
	t.is((await kubectl.json<Pod>(`get pod ${first?.metadata.name}`)).metadata.finalizers?.length, 1);
	await kubectl.must(`label pod ${second?.metadata.name} batch.kubernetes.io/controller-uid-`);
	t.true(await eventually(async () => (await owners(second)) === 0));
	t.true(await eventually(async () => (await podsOf("keeper")).length === 3));
	await kubectl.must("delete job keeper --cascade=orphan");
	t.true(
		await eventually(async () =>
			(await podsOf("keeper")).every(({ metadata }) => !metadata.finalizers && !metadata.ownerReferences),
		),
	);
	await kubectl.must("delete pods -l job-name=keeper");
});

test("finished jobs go when their time is over", async (t) => {
	await make("brief", "ttlSecondsAfterFinished: 0");
	t.true(await eventually(async () => /not found/.test(await kubectl("get job brief"))));
	t.true(await eventually(async () => (await podsOf("brief")).length === 0));
});

test("a cron job makes jobs, and so does whoever asks it to", async (t) => {
	await kubectl.must("create cronjob tick --image=done --schedule='@every 1s'");
	const cronJob = () => kubectl.json<CronJob>("get cronjob tick");
	t.true(await eventually(async () => (await cronJob()).status?.lastSuccessfulTime !== undefined));
	const { items } = await kubectl.json<KubeList<Job>>("get jobs");
	const made = items.find(({ metadata }) => /^tick-\d+$/.test(metadata.name));
	t.regex(made?.metadata.annotations?.["batch.kubernetes.io/cronjob-scheduled-timestamp"] ?? "", /Z$/);
	await kubectl.must(`patch cronjob tick --type=merge -p {"spec":{"suspend":true}}`);
	await kubectl.must("create job by-hand --from=cronjob/tick");
	await until("by-hand", "complete");
	t.regex(await kubectl("describe cronjob tick"), /Normal +SuccessfulCreate +.* Created job tick-\d+/);
	await kubectl.must("delete cronjob tick");
	t.true(await eventually(async () => !/tick-|by-hand/.test(await kubectl("get jobs,pods"))));
});

test.serial("a job whose controller is killed loses nothing and counts nothing twice", async (t) => {
	await make("long", "completions: 40\n  parallelism: 8");
	for (let deaths = 0; deaths < 3; deaths++) {
		await cluster.kill();
		await cluster.start();
	}
	await until("long", "complete");
	t.like(await statusOf("long"), { succeeded: 40, failed: undefined, uncountedTerminatedPods: {} });
	t.is((await podsOf("long")).length, 40);
});
