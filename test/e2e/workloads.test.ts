/** What deployments do over time: rolling updates under load, scaling, crashes, missing images, failing probes. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { eventually, expect, namespaceFor } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-workloads");

const deployment = (name: string, replicas: number, container: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 10
      containers: [${container}]
`;
const HELLO =
	'{name: web, image: "berth/hello:1", readinessProbe: {httpGet: {path: /cgi-bin/ready, port: 8080}, periodSeconds: 1}}';

test("a rolling update under continuous requests loses none", async (t) => {
	await kubectl.apply(deployment("web", 4, HELLO));
	await kubectl("expose", "deployment", "web", "--type=NodePort", "--port=80", "--target-port=8080");
	await kubectl("rollout", "status", "deployment/web", "--timeout=90s");
	const port = await kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}");
	const hosts = (
		await kubectl("get", "nodes", "-o", "jsonpath={.items[*].status.addresses[0].address}")
	).split(" ");
	await eventually(() => fetch(`http://${hosts[0]}:${port}/`));

	const stop = new AbortController();
	const failures: string[] = [];
	const versions = new Set<string>();
	let requests = 0;
	const load = hosts.map(async (host) => {
		while (!stop.signal.aborted) {
			try {
				const response = await fetch(`http://${host}:${port}/`, {
					headers: { connection: "close" },
					signal: AbortSignal.timeout(5_000),
				});
				versions.add((await response.text()).trim().split(" ").at(-1) ?? "");
			} catch (error) {
				failures.push(`${host}: ${error} ${(error as Error).cause ?? ""}`);
			}
			requests += 1;
			await sleep(10);
		}
	});
	await kubectl("set", "image", "deployment/web", "web=berth/hello:2");
	await kubectl("rollout", "status", "deployment/web", "--timeout=120s");
	await eventually(async () =>
		expect((await kubectl("get", "pods", "-o", "name")).trim().split("\n").length === 4, "old pods are left"),
	);
	stop.abort();
	await Promise.all(load);
	t.deepEqual(failures, []);
	t.true(requests > 100);
	t.deepEqual([...versions].sort(), ["1", "2"]);
});

test("scaling to 30 and back", async (t) => {
	t.timeout(300_000);
	await kubectl("scale", "deployment", "web", "--replicas=30");
	await kubectl("rollout", "status", "deployment/web", "--timeout=240s");
	t.is(await kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}"), "30");
	const addresses = await kubectl(
		"get",
		"endpointslices",
		"-o",
		"jsonpath={.items[*].endpoints[*].addresses[0]}",
	);
	t.is(new Set(addresses.split(" ")).size, 30);
	await kubectl("scale", "deployment", "web", "--replicas=2");
	await eventually(
		async () =>
			expect((await kubectl("get", "pods", "-o", "name")).trim().split("\n").length === 2, "pods are left"),
		120,
	);
	await kubectl("delete", "deployment/web", "service/web");
});

test("a crashing container backs off and says so", async (t) => {
	t.timeout(180_000);
	const container = '{name: c, image: "berth/tools:1", command: [sh, -c, "echo about to fail; exit 7"]}';
	await kubectl.apply(deployment("crash", 1, container));
	await eventually(
		async () => expect(/CrashLoopBackOff +[2-9]/.test(await kubectl("get", "pods")), "no back-off"),
		120,
	);
	const described = await kubectl("describe", "pods", "-l", "app=crash");
	t.regex(described, /Reason: +CrashLoopBackOff/);
	t.regex(described, /Last State: +Terminated\n +Reason: +Error\n +Exit Code: +7/);
	t.regex(described, /Warning +BackOff .* Back-off restarting failed container c in pod crash-/);
	t.is(await kubectl("logs", "deploy/crash", "--previous"), "about to fail\n");
	await kubectl("delete", "deployment", "crash");
});

test("an image that does not exist is told with its reason", async (t) => {
	await kubectl.apply(
		deployment("missing", 1, '{name: c, image: "berth/no-such-image:1", imagePullPolicy: IfNotPresent}'),
	);
	await eventually(
		async () => expect(/ErrImagePull|ImagePullBackOff/.test(await kubectl("get", "pods")), "no pull error"),
		90,
	);
	await eventually(async () => {
		const described = await kubectl("describe", "pods", "-l", "app=missing");
		expect(
			/Warning +Failed .* Failed to pull image "berth\/no-such-image:1": \S+/.test(described),
			described,
		);
		expect(/Warning +Failed .* Error: ErrImagePull/.test(described), described);
		expect(/Normal +BackOff .* Back-off pulling image "berth\/no-such-image:1"/.test(described), described);
	}, 90);
	const never = '{name: c, image: "berth/no-such-image:1", imagePullPolicy: Never}';
	await kubectl.apply(deployment("never", 1, never));
	await eventually(
		async () => expect(/ErrImageNeverPull/.test(await kubectl("get", "pods")), "not refused"),
		30,
	);
	await kubectl("delete", "deployment", "missing", "never");
	t.pass();
});

test("what cannot be scheduled says why, host by host", async (t) => {
	await kubectl.apply(
		deployment("huge", 1, '{name: c, image: "berth/hello:1", resources: {requests: {cpu: "1000"}}}'),
	);
	await eventually(async () =>
		expect(
			/Warning +FailedScheduling .* 0\/3 nodes are available: 3 Insufficient cpu\./.test(
				await kubectl("describe", "pods", "-l", "app=huge"),
			),
			"no event",
		),
	);
	t.regex(await kubectl("get", "pods", "-l", "app=huge"), /Pending/);
	await kubectl("delete", "deployment", "huge");
});

test("liveness restarts, startup waits, init containers come first", async (t) => {
	await kubectl.apply(`
apiVersion: v1
kind: Pod
metadata: {name: lively}
spec:
  terminationGracePeriodSeconds: 1
  initContainers:
    - {name: first, image: "berth/tools:1", command: [sh, -c, "echo one > /shared/order"], volumeMounts: [{name: work, mountPath: /shared}]}
    - {name: second, image: "berth/tools:1", command: [sh, -c, "echo two >> /shared/order"], volumeMounts: [{name: work, mountPath: /shared}]}
  containers:
    - name: main
      image: berth/tools:1
      command: [sh, -c, "cat /shared/order; touch /tmp/healthy; sleep 1000"]
      volumeMounts: [{name: work, mountPath: /shared}]
      livenessProbe: {exec: {command: [cat, /tmp/healthy]}, periodSeconds: 1, failureThreshold: 2}
  volumes: [{name: work, emptyDir: {}}]
`);
	await kubectl("wait", "--for=condition=Ready", "pod/lively", "--timeout=60s");
	t.is(await kubectl("logs", "lively"), "one\ntwo\n");
	await kubectl("exec", "lively", "--", "rm", "/tmp/healthy");
	await eventually(
		async () => expect(/lively +1\/1 +Running +1 /.test(await kubectl("get", "pods")), "not restarted"),
		60,
	);
	const described = await kubectl("describe", "pod", "lively");
	t.regex(described, /Warning +Unhealthy .* Liveness probe failed: cat: .*\/tmp\/healthy/);
	t.regex(described, /Normal +Killing .* Container main failed liveness probe, will be restarted/);
	await kubectl("delete", "pod", "lively");
});

test("configuration by environment and files, as the example shows it", async (t) => {
	await kubectl("apply", "-f", "examples/config.yaml");
	await kubectl("wait", "--for=condition=Ready", "pod/settings-reader", "--timeout=60s");
	const logs = await kubectl("logs", "settings-reader");
	t.regex(
		logs,
		/^settings-reader on host-\d logs at debug, and knows a password of 28 letters\nGood morning\.\n$/,
	);
	await kubectl("patch", "configmap", "settings", "-p", '{"data":{"greeting.txt":"Good evening."}}');
	await eventually(
		async () =>
			expect(
				(await kubectl("exec", "settings-reader", "--", "cat", "/etc/settings/greeting.txt")) ===
					"Good evening.",
				"old file",
			),
		90,
	);
	await kubectl("delete", "-f", "examples/config.yaml");
});
