/** Logs, exec, attach, port-forward and debugging, as users of kubectl meet them. */
import { createConnection } from "node:net";
import { text } from "node:stream/consumers";
import test from "ava";
import { run, start } from "../programs.ts";
import { eventually, expect, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-streams");
const HOST = "host-1";

const pod = (name: string, container: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: ${HOST}
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers:
${container}
`;

test("a follower loses no line and sees none twice while Docker rotates the log", async (t) => {
	const lines = 400_000;
	await kubectl.apply(
		pod(
			"writer",
			`
    - name: writer
      image: berth/tools:1
      stdin: true
      command: [sh, -c, "read go; awk 'BEGIN { for (i = 0; i < ${lines}; i++) print i, \\"a line that is long enough to fill files\\" }'"]`,
		),
	);
	await kubectl("wait", "--for=condition=Ready", "pod/writer", "--timeout=60s");
	const follow = kubectl.start("logs", "-f", "writer");
	const attached = kubectl.start("attach", "-i", "writer");
	await eventually(async () => {
		attached.write("go\n");
		expect(follow.output().length > 0, "nothing is followed yet");
	});
	await follow.until(new RegExp(`^${lines - 1} `, "m"));
	await attached.stop();
	const numbers = follow
		.output()
		.trimEnd()
		.split("\n")
		.map((line) => Number.parseInt(line, 10));
	t.is(numbers.length, lines);
	t.is(
		numbers.findIndex((number, index) => number !== index),
		-1,
	);
	const files = await onHost(HOST, "sh", "-c", "ls /var/lib/docker/containers/*/*-json.log.1");
	t.regex(files, /json\.log\.1/);
	// What was rotated away is still read.
	t.is((await kubectl("logs", "writer", "--tail=200000")).split("\n").length, 200_001);
	t.is((await kubectl("logs", "writer", "--limit-bytes=5")).length, 5);
	await follow.stop();
});

test("logs of both streams, of one, of a run before, and of what waits", async (t) => {
	await kubectl.apply(
		`${pod(
			"talker",
			`
    - {name: a, image: "berth/tools:1", command: [sh, -c, "echo out; echo err >&2; sleep 600"]}
    - {name: b, image: "berth/tools:1", command: [sh, -c, "echo $(cat /proc/uptime); sleep 5; exit 3"]}
    - {name: c, image: "nowhere/nothing:1"}`,
		).replace("Never", "Always")}`,
	);
	const raw = (query: string) =>
		kubectl.try("get", "--raw", `/api/v1/namespaces/${kubectl.namespace}/pods/talker/log?${query}`);
	await eventually(async () =>
		expect((await raw("container=a&stream=Stderr")).stdout === "err\n", "no error yet"),
	);
	t.is((await raw("container=a&stream=Stdout&insecureSkipTLSVerifyBackend=true")).stdout, "out\n");
	t.regex((await raw("container=a&stream=Both")).stderr, /supported values: "All", "Stderr", "Stdout"/);
	const times = await kubectl("logs", "talker", "-c", "a", "--timestamps");
	t.regex(times, /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (out|err)\n){2}$/);
	t.is(await kubectl("logs", "talker", "-c", "a", "--since-time=2999-01-01T00:00:00Z"), "");
	// While it waits to run again, the run before is all there is, for both.
	await eventually(async () => {
		const runs = await Promise.all([
			kubectl("logs", "talker", "-c", "b"),
			kubectl("logs", "talker", "-c", "b", "-p"),
		]);
		expect(runs[0] !== runs[1], "it has run only once");
	});
	t.regex(
		(await kubectl.try("logs", "talker", "-c", "c")).stderr,
		/container "c" in pod "talker" is waiting to start: (trying and failing to pull image|image can't be pulled)/,
	);
	t.regex(
		(await kubectl.try("logs", "talker", "-c", "a", "-p")).stderr,
		/previous terminated container "a" in pod "talker" not found/,
	);
	t.regex(await kubectl("logs", "talker", "-c", "a", "--prefix"), /^\[pod\/talker\/a\] out/m);
	t.regex(
		(await kubectl.try("exec", "talker", "-c", "c", "--", "true")).stderr,
		/container not found \("c"\)/,
	);
	await kubectl("delete", "pod", "talker");
});

test("much input and output, over WebSocket and SPDY", async (t) => {
	await kubectl.apply(pod("echo", `    - {name: echo, image: "berth/hello:1"}`));
	await kubectl("wait", "--for=condition=Ready", "pod/echo", "--timeout=60s");
	const bytes = 100_000_000;
	for (const overWebSocket of ["true", "false"]) {
		const { stdout, stderr } = await run({
			program: "sh",
			args: [
				"-c",
				`head -c ${bytes} /dev/zero | KUBECTL_REMOTE_COMMAND_WEBSOCKETS=${overWebSocket} kubectl -n ${kubectl.namespace} exec -i echo -- cat | wc -c`,
			],
		});
		t.is(stdout.trim(), `${bytes}`, stderr);
	}
});

test("a command goes with its client", async () => {
	const client = kubectl.start("exec", "-i", "echo", "--", "sleep", "4321");
	const count = async () =>
		(await kubectl("exec", "echo", "--", "sh", "-c", "ps | grep -c '[s]leep 4321'; true")).trim();
	await eventually(async () => expect((await count()) === "1", "the command does not run"));
	await client.stop();
	await eventually(async () => expect((await count()) === "0", "the command runs on"));
});

test("ports are forwarded: many connections at once, half closed ones, and those that nobody takes", async (t) => {
	const listen = kubectl.start(
		"exec",
		"echo",
		"--",
		"sh",
		"-c",
		"while true; do nc -l -p 7001 -e wc -c; done",
	);
	for (const overWebSocket of ["true", "false"]) {
		const args = ["-n", kubectl.namespace, "port-forward", "echo", ":8080", ":7001", ":9"];
		const forward = start({
			program: "env",
			args: [`KUBECTL_PORT_FORWARD_WEBSOCKETS=${overWebSocket}`, "kubectl", ...args],
		});
		const port = async (inside: number) =>
			Number((await forward.until(new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${inside}`)))[1]);
		const http = await port(8080);
		const pages = Array.from({ length: 40 }, async () => (await fetch(`http://127.0.0.1:${http}/`)).text());
		t.true((await Promise.all(pages)).every((page) => page.startsWith("hello from echo")));
		const counting = createConnection({ port: await port(7001), host: "127.0.0.1", allowHalfOpen: true });
		counting.end(Buffer.alloc(20_000_000));
		t.is((await text(counting)).trim(), "20000000");
		const nobody = createConnection({ port: await port(9), host: "127.0.0.1" });
		nobody.on("error", () => {});
		await forward.until(/dial tcp 127\.0\.0\.1:9: connect: connection refused/);
		nobody.destroy();
		await forward.stop();
	}
	await listen.stop();
});

test("a container to debug with shares the target's processes", async () => {
	await kubectl("debug", "echo", "--image=berth/tools:1", "--target=echo", "-c", "d", "--", "ps");
	await eventually(async () =>
		expect(/httpd/.test(await kubectl("logs", "echo", "-c", "d")), "the target is not seen"),
	);
});

test("a node is debugged from a pod with its namespaces and its disk", async () => {
	const said = await kubectl(
		"debug",
		`node/${HOST}`,
		"--image=berth/tools:1",
		"--",
		"sh",
		"-c",
		"hostname; ls /host/run/berth",
	);
	const name = /pod (\S+) /.exec(said)?.[1] ?? "";
	const seen = new RegExp(`^${HOST}\n[\\s\\S]*code`);
	await eventually(async () => expect(seen.test(await kubectl("logs", name)), "the host is not seen"));
});

test("run, attached to and removed at its end, passes input and exit code on", async (t) => {
	const args = [
		"-n",
		kubectl.namespace,
		"run",
		"once",
		"-i",
		"--rm",
		"--restart=Never",
		"--image=berth/tools:1",
	];
	const { code, stdout } = await run({
		program: "kubectl",
		args: [...args, "--command", "--", "sh", "-c", "sleep 1; cat; exit 7"],
		input: "from outside\n",
	});
	t.is(code, 7);
	t.regex(stdout, /from outside/);
	t.regex((await kubectl.try("get", "pod", "once")).stderr, /not found/);
});

test("who may read metrics may read them of the agent itself", async (t) => {
	const name = "prometheus";
	await kubectl("create", "serviceaccount", name);
	await kubectl("create", "serviceaccount", "nobody");
	await kubectl.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-streams-metrics}
rules: [{apiGroups: [""], resources: [nodes/metrics], verbs: [get]}]
`);
	await kubectl.try(
		"create",
		"clusterrolebinding",
		"e2e-streams-metrics",
		"--clusterrole=e2e-streams-metrics",
		`--serviceaccount=${kubectl.namespace}:${name}`,
	);
	const address = await kubectl("get", "node", HOST, "-o", "jsonpath={.status.addresses[0].address}");
	const get = async (path: string, account?: string) => {
		const token = account ? (await kubectl("create", "token", account)).trim() : "";
		const header = token ? ["-H", `Authorization: Bearer ${token}`] : [];
		const { stdout } = await run({
			program: "curl",
			args: ["-sk", "-w", "\n%{http_code}", ...header, `https://${address}:10250${path}`],
		});
		return stdout;
	};
	t.regex(await get("/metrics/cadvisor", name), /^container_cpu_usage_seconds_total[\s\S]*\n200$/m);
	t.regex(await get("/pods", name), /Forbidden[\s\S]*\n403$/);
	t.regex(await get("/metrics/cadvisor", "nobody"), /\n403$/);
	t.regex(await get("/metrics/cadvisor"), /Unauthorized\n401$/);
	await kubectl("delete", "clusterrolebinding/e2e-streams-metrics", "clusterrole/e2e-streams-metrics");
});

test("top shows what nodes and pods use", async (t) => {
	await eventually(async () =>
		expect(/^echo +\d+m +\d+Mi/m.test(await kubectl("top", "pods")), "no metrics yet"),
	);
	t.regex(await kubectl("top", "nodes"), /host-1 +\d+m +\d+% +\d+Mi +\d+%/);
});
