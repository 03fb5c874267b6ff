/** Stock kubectl behaves and prints as on Kubernetes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { run, start } from "../programs.ts";
import { eventually, expect, kubectlIn, namespaceFor } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-kubectl");
const directory = mkdtempSync(join(tmpdir(), "berth-kubectl-"));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: web
          image: berth/hello:1
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /cgi-bin/ready, port: http}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`;

const INDEXED = `
apiVersion: batch/v1
kind: Job
metadata: {name: indexed}
spec:
  completions: 2
  parallelism: 2
  completionMode: Indexed
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: berth/hello:1
          command: [sh, -c, 'echo $JOB_COMPLETION_INDEX $(hostname)']
`;

test("apply twice is created, then unchanged", async (t) => {
	t.is(await kubectl.apply(WEB), "deployment.apps/web created\nservice/web created\n");
	t.is(await kubectl.apply(WEB), "deployment.apps/web unchanged\nservice/web unchanged\n");
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	t.is(await kubectl.apply(WEB), "deployment.apps/web unchanged\nservice/web unchanged\n");
});

test("get prints the columns of Kubernetes", async (t) => {
	t.regex(
		await kubectl("get", "deployments"),
		/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+s/,
	);
	t.regex(
		await kubectl("get", "pods"),
		/^NAME +READY +STATUS +RESTARTS +AGE\nweb-[a-z0-9]+-[a-z0-9]{5} +1\/1 +Running +0 /,
	);
	t.regex(
		await kubectl("get", "pods", "-o", "wide"),
		/IP +NODE +NOMINATED NODE +READINESS GATES\n.* 10\.244\.\d+\.\d+ +host-\d +<none> +<none>/,
	);
	t.regex(
		await kubectl("get", "services"),
		/^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nweb +ClusterIP +10\.96\.\d+\.\d+ +<none> +80\/TCP/,
	);
	t.regex(
		await kubectl("get", "nodes", "-o", "wide"),
		/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP .*\nhost-1 +Ready +<none> .* docker:\/\//,
	);
	t.regex(
		await kubectl("get", "all"),
		/pod\/web-.*service\/web.*deployment\.apps\/web.*replicaset\.apps\/web-/s,
	);
	t.is((await kubectl("get", "pods", "-o", "name")).split("\n").filter(Boolean).length, 2);
	t.is(await kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"), "2");
	t.regex(
		await kubectl(
			"get",
			"deploy",
			"web",
			"-o",
			"custom-columns=N:.metadata.name,I:.spec.template.spec.containers[0].image",
		),
		/^N +I\nweb +berth\/hello:1\n$/,
	);
	t.regex(await kubectl("get", "deploy", "web", "-o", "yaml"), /^apiVersion: apps\/v1\nkind: Deployment\n/);
	t.is(
		(await kubectl.try("get", "pods", "nobody")).stderr,
		'Error from server (NotFound): pods "nobody" not found\n',
	);
	t.regex(
		(await kubectl.try("get", "unicorns")).stderr,
		/the server doesn't have a resource type "unicorns"/,
	);
	t.regex((await kubectl.try("get", "secrets")).stderr, /No resources found in e2e-kubectl namespace/);
	t.regex(
		await kubectl("get", "pods", "-l", "app in (web,x),!y", "--field-selector", "status.phase=Running"),
		/web-/,
	);
});

test("get -w shows changes as they come", async (t) => {
	const watch = kubectl.start("get", "deployment", "web", "-w");
	await watch.until(/web +2\/2/);
	await kubectl("scale", "deployment", "web", "--replicas=3");
	await watch.until(/web +2\/3 .*\n(.*\n)*web +3\/3/);
	await watch.stop();
	await kubectl("scale", "deployment", "web", "--replicas=2");
	t.pass();
});

test("describe tells the story", async (t) => {
	const deployment = await kubectl("describe", "deployment", "web");
	t.regex(deployment, /StrategyType: +RollingUpdate/);
	t.regex(deployment, /Replicas: +2 desired \| 2 updated \| \d total \| \d available/);
	t.regex(deployment, /NewReplicaSet: +web-[a-z0-9]+ \(2\/2 replicas created\)/);
	t.regex(deployment, /Normal +ScalingReplicaSet .* Scaled up replica set web-[a-z0-9]+ from 0 to 2/);
	const pod = await kubectl("describe", "pods", "-l", "app=web");
	for (const line of [
		/Normal +Scheduled .* Successfully assigned e2e-kubectl\/web-\S+ to host-\d/,
		/Normal +Pulled .* Container image "berth\/hello:1" already present on machine/,
		/Normal +Created /,
		/Normal +Started /,
		/Controlled By: +ReplicaSet\/web-/,
		/QoS Class: +BestEffort/,
		/Container ID: +docker:\/\/[0-9a-f]{64}/,
	]) {
		t.regex(pod, line);
	}
	t.regex(await kubectl("describe", "node", "host-1"), /Ready +True .* KubeletReady/);
	t.regex(
		await kubectl("describe", "service", "web"),
		/Endpoints: +10\.244\.\d+\.\d+:8080,10\.244\.\d+\.\d+:8080/,
	);
});

test("logs, whole, by tail, and followed until the end", async (t) => {
	const pod = (await kubectl("get", "pods", "-l", "app=web", "-o", "name")).split("\n")[0]!;
	t.is(await kubectl("logs", pod), "hello 1 listens on port 8080\n");
	await kubectl.apply(`
apiVersion: v1
kind: Pod
metadata: {name: counter}
spec:
  restartPolicy: Never
  containers:
    - {name: counter, image: "berth/tools:1", command: [sh, -c, "for i in $(seq 10); do echo line $i; sleep 0.3; done"]}
`);
	await eventually(() => kubectl("logs", "counter"));
	const follow = kubectl.start("logs", "-f", "counter");
	await follow.until(/line 10/);
	t.is(follow.output().split("\n").length, 11);
	t.is(await kubectl("logs", "counter", "--tail=2"), "line 9\nline 10\n");
	t.regex(
		await kubectl("logs", "counter", "--timestamps", "--tail=1"),
		/^\d{4}-\d\d-\d\dT[\d:.]+Z line 10\n$/,
	);
	await kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/counter", "--timeout=30s");
	t.regex(await kubectl("get", "pod", "counter"), /0\/1 +Completed/);
	await follow.stop();
});

test("exec: output, input, exit codes, a terminal, and a command that does not exist", async (t) => {
	const exec = (...args: string[]) => kubectl.try("exec", "deploy/web", ...args);
	t.regex((await exec("--", "hostname")).stdout, /^web-/);
	const failed = await exec("--", "sh", "-c", "echo out; echo err >&2; exit 3");
	t.deepEqual([failed.code, failed.stdout], [3, "out\n"]);
	t.regex(failed.stderr, /^err\n.*command terminated with exit code 3/s);
	const echoed = await run({
		program: "kubectl",
		args: ["-n", kubectl.namespace, "exec", "-i", "deploy/web", "--", "cat"],
		input: "x".repeat(200_000),
	});
	t.is(echoed.stdout.length, 200_000);
	const missing = await exec("--", "no-such-program");
	t.is(missing.code, 126);
	t.regex(missing.stdout + missing.stderr, /"no-such-program": executable file not found/);
	const terminal = start({
		program: "script",
		args: ["-qec", `kubectl -n ${kubectl.namespace} exec -it deploy/web -- sh`, "/dev/null"],
	});
	terminal.write("tty; echo $((6*7))\n");
	await terminal.until(/\/dev\/pts\/\d+[\s\S]*42/);
	terminal.write("exit\n");
	await terminal.stop();
	t.regex((await kubectl.try("exec", "nobody", "--", "true")).stderr, /pods "nobody" not found/);
});

test("exec and port-forward of older kubectls, which speak SPDY", async (t) => {
	const input = "y".repeat(300_000);
	const words = ["-n", kubectl.namespace, "exec", "-i", "deploy/web", "--", "sh", "-c", "wc -c; exit 4"];
	const result = await run({
		program: "env",
		args: ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false", "kubectl", ...words],
		input,
	});
	t.is(result.stdout.trim(), "300000");
	t.is(result.code, 4);
	const forward = start({
		program: "env",
		args: [
			"KUBECTL_PORT_FORWARD_WEBSOCKETS=false",
			"kubectl",
			"-n",
			kubectl.namespace,
			"port-forward",
			"deploy/web",
			":8080",
		],
	});
	const [, port] = await forward.until(/127\.0\.0\.1:(\d+) -> 8080/);
	t.regex(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /hello from web-/);
	await forward.stop();
});

test("port-forward carries many requests, and errors of the pod's side", async (t) => {
	const forward = kubectl.start("port-forward", "service/web", ":80");
	const [, port] = await forward.until(/127\.0\.0\.1:(\d+) -> 8080/);
	const texts = await Promise.all(
		Array.from({ length: 20 }, async () => (await fetch(`http://127.0.0.1:${port}/`)).text()),
	);
	t.true(texts.every((text) => /^hello from web-/.test(text)));
	await forward.stop();
	const closed = kubectl.start("port-forward", "deploy/web", ":9");
	const [, nothing] = await closed.until(/127\.0\.0\.1:(\d+) -> 9/);
	await t.throwsAsync(fetch(`http://127.0.0.1:${nothing}/`, { signal: AbortSignal.timeout(5_000) }));
	await closed.until(/error forwarding port 9|connection refused/i);
	await closed.stop();
});

test("cp there and back", async (t) => {
	const pod = (
		await kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}")
	).trim();
	const file = join(directory, "there");
	writeFileSync(file, "some bytes\n");
	const copied = await kubectl.try("cp", file, `${pod}:/tmp/there`);
	t.is(copied.code, 0, copied.stderr);
	t.is(await kubectl("exec", pod, "--", "cat", "/tmp/there"), "some bytes\n");
});

test("label, annotate, patch, edit by replace, diff, wait", async (t) => {
	t.regex(await kubectl("label", "deploy", "web", "tier=front"), /labeled/);
	t.regex((await kubectl.try("label", "deploy", "web", "tier=back")).stderr, /--overwrite is false/);
	t.regex(await kubectl("annotate", "deploy", "web", "note=hi"), /annotated/);
	t.regex(await kubectl("patch", "deploy", "web", "-p", '{"metadata":{"labels":{"tier":null}}}'), /patched/);
	t.regex(
		await kubectl(
			"patch",
			"deploy",
			"web",
			"--type=json",
			"-p",
			'[{"op":"remove","path":"/metadata/annotations/note"}]',
		),
		/patched/,
	);
	const diff = await run({
		program: "kubectl",
		args: ["-n", kubectl.namespace, "diff", "-f", "-"],
		input: WEB.replace("replicas: 2", "replicas: 5"),
	});
	t.is(diff.code, 1, diff.stderr);
	t.regex(diff.stdout, /- {2}replicas: 2\n\+ {2}replicas: 5/);
	t.is(
		(await run({ program: "kubectl", args: ["-n", kubectl.namespace, "diff", "-f", "-"], input: WEB })).code,
		0,
	);
	t.regex(await kubectl("wait", "--for=condition=Available", "deploy/web", "--timeout=10s"), /condition met/);
	t.regex(
		(await kubectl.try("wait", "--for=delete", "deploy/web", "--timeout=1s")).stderr,
		/timed out waiting for the condition/,
	);
});

test("explain", async (t) => {
	t.regex(
		await kubectl("explain", "deployment.spec.strategy"),
		/KIND: +Deployment\nVERSION: +apps\/v1|GROUP: +apps\nKIND: +Deployment\nVERSION: +v1/,
	);
	t.regex(await kubectl("explain", "pod.spec.containers"), /livenessProbe\s+<Probe>/);
	t.regex((await kubectl.try("explain", "pod.spec.nothing")).stderr, /field "nothing" does not exist/);
	t.regex(await kubectl("api-resources"), /deployments +deploy +apps\/v1 +true +Deployment/);
});

test("rollout: history, undo, pause, resume, restart", async (t) => {
	await kubectl("set", "image", "deployment/web", "web=berth/hello:2");
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	t.regex(
		await kubectl("rollout", "history", "deployment/web"),
		/REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/,
	);
	t.regex(await kubectl("rollout", "undo", "deployment/web"), /rolled back/);
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	t.is(
		await kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"),
		"berth/hello:1",
	);
	t.regex(await kubectl("rollout", "history", "deployment/web"), /\n2 .*\n3 /);
	await kubectl("rollout", "pause", "deployment/web");
	await kubectl("set", "image", "deployment/web", "web=berth/hello:2");
	t.regex(await kubectl("get", "deploy", "web"), /2\/2 +0 +2/);
	await kubectl("rollout", "resume", "deployment/web");
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	await kubectl("rollout", "restart", "deployment/web");
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	t.regex(await kubectl("get", "rs"), /web-/);
});

test("run, create, expose, delete", async (t) => {
	t.regex(
		await kubectl("run", "one", "--image=berth/hello:1", "--port=8080", "--grace-period=1"),
		/pod\/one created/,
	);
	t.regex(await kubectl("expose", "pod", "one", "--port=80", "--target-port=8080"), /service\/one exposed/);
	await kubectl("create", "configmap", "settings", "--from-literal=a=1");
	await kubectl("create", "secret", "generic", "secret", "--from-literal=a=1");
	t.regex(await kubectl("get", "cm,secret"), /configmap\/settings +1 .*secret\/secret +Opaque +1 /s);
	await kubectl("create", "serviceaccount", "robot");
	t.regex(await kubectl("create", "token", "robot"), /^[\w-]+\.[\w-]+\.[\w-]+\n?$/);
	await kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=60s");
	t.regex(await kubectl("delete", "pod", "one", "--grace-period=1"), /pod "one" deleted/);
	t.regex((await kubectl.try("get", "pod", "one")).stderr, /not found/);
	t.regex(await kubectl("delete", "deployment/web", "service/web"), /deleted.*deleted/s);
	await kubectl("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=60s");
	await eventually(async () =>
		expect((await kubectl("get", "rs", "-o", "name")) === "", "replica sets are left"),
	);
});

test("jobs end, and tell what they did; a cron job can be run by hand", async (t) => {
	const say = ["--image=berth/hello:1", "--", "sh", "-c", "echo done"];
	await kubectl("create", "job", "once", ...say);
	await kubectl("wait", "--for=condition=complete", "job/once", "--timeout=60s");
	t.is(await kubectl("logs", "job/once"), "done\n");
	t.regex(await kubectl("get", "job", "once"), /^NAME.*\nonce +Complete +1\/1 /);
	await kubectl("create", "cronjob", "nightly", "--schedule=@daily", ...say);
	await kubectl("create", "job", "tonight", "--from=cronjob/nightly");
	await kubectl("wait", "--for=condition=complete", "job/tonight", "--timeout=60s");
	t.is(await kubectl("logs", "job/tonight"), "done\n");
	await kubectl.apply(INDEXED);
	await kubectl("wait", "--for=condition=complete", "job/indexed", "--timeout=60s");
	const said = await kubectl("logs", "-l", "job-name=indexed");
	t.deepEqual(said.trim().split("\n").toSorted(), ["0 indexed-0", "1 indexed-1"]);
	await kubectl("delete", "cronjob/nightly", "job/once", "job/indexed");
	await kubectl("wait", "--for=delete", "pod", "-l", "job-name", "--timeout=60s");
});

test("events tell what happened", async (t) => {
	t.regex(await kubectl("events"), /Scheduled/);
	t.regex(
		await kubectl("get", "events", "--sort-by=.lastTimestamp"),
		/LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/,
	);
});

test("a namespace goes with all that is in it", async (t) => {
	const other = kubectlIn("e2e-kubectl-gone");
	await other("create", "namespace", "e2e-kubectl-gone");
	await other.apply(WEB);
	await other("rollout", "status", "deployment/web", "--timeout=90s");
	await other("delete", "namespace", "e2e-kubectl-gone", "--timeout=60s");
	t.regex((await other.try("get", "namespace", "e2e-kubectl-gone")).stderr, /not found/);
	t.is(await other("get", "pods", "-o", "name"), "");
});
