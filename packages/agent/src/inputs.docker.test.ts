/** What pods are given: variables, volumes, names, users, limits and images, on a real Docker. See pods.docker.test.ts. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigMap, Pod, Secret, Service } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { createFakeCluster, type FakeCluster, IMAGE, waiting } from "./fake-cluster.ts";

const SLEEP = ["sleep", "1000"];
const clusterTest = (title: string, body: (t: ExecutionContext, cluster: FakeCluster) => Promise<void>) =>
	test.serial(title, async (t) => {
		await using cluster = await createFakeCluster();
		await body(t, cluster);
	});
const sh = (script: string) => ["sh", "-c", script];
const base64 = (text: string) => Buffer.from(text).toString("base64");

clusterTest("variables from everywhere, and what is missing", async (t, cluster) => {
	await cluster.create("wants", {
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: SLEEP,
				env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "late", key: "a" } } }],
			},
		],
	});
	const { client } = cluster;
	await client.create(ConfigMap, {
		metadata: { name: "conf", namespace: "default" },
		data: { colour: "blue", size: "9" },
	});
	await client.create(Secret, {
		metadata: { name: "hush", namespace: "default" },
		data: { word: base64("open sesame") },
	});
	await client.create(Service, {
		metadata: { name: "my-db", namespace: "default" },
		spec: { clusterIP: "10.96.0.5", ports: [{ name: "sql", port: 5432 }] },
	});
	await cluster.create(
		"env",
		{
			containers: [
				{
					name: "c",
					image: IMAGE,
					command: ["sh", "-c", "env; echo $0; sleep 1000", "$(COLOUR) $$(COLOUR) $(NOT)"],
					resources: { limits: { memory: "64Mi", cpu: "500m" } },
					envFrom: [
						{ prefix: "CONF_", configMapRef: { name: "conf" } },
						{ secretRef: { name: "nowhere", optional: true } },
					],
					env: [
						{ name: "COLOUR", valueFrom: { configMapKeyRef: { name: "conf", key: "colour" } } },
						{ name: "WORD", valueFrom: { secretKeyRef: { name: "hush", key: "word" } } },
						{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
						{ name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
						{ name: "MEM", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } },
						{ name: "BOTH", value: "$(COLOUR)-$(APP)" },
						{ name: "MAYBE", valueFrom: { configMapKeyRef: { name: "conf", key: "no", optional: true } } },
					],
				},
			],
		},
		{ labels: { app: "web" } },
	);
	const pod = await cluster.running("env");
	const id = pod.status?.containerStatuses?.[0]?.containerID?.replace("docker://", "") ?? "";
	const lines = new Set((await cluster.until("its output", () => cluster.docker("logs", id))).split("\n"));
	for (const line of [
		"CONF_colour=blue",
		"CONF_size=9",
		"COLOUR=blue",
		"WORD=open sesame",
		`IP=${pod.status?.podIP}`,
		"APP=web",
		"MEM=64",
		"BOTH=blue-web",
		"MY_DB_SERVICE_HOST=10.96.0.5",
		"MY_DB_PORT_5432_TCP=tcp://10.96.0.5:5432",
		"blue $(COLOUR) $(NOT)",
	]) {
		t.true(lines.has(line), `${line} in ${[...lines].join("\n")}`);
	}
	t.false([...lines].some((line) => line.startsWith("MAYBE")));
	const wants = await cluster.until("the error", () =>
		waiting(cluster, "wants", "CreateContainerConfigError"),
	);
	t.is(wants.status?.containerStatuses?.[0]?.state?.waiting?.message, 'configmap "late" not found');
	await client.create(ConfigMap, { metadata: { name: "late", namespace: "default" }, data: { a: "1" } });
	await cluster.running("wants");
});

clusterTest("volumes, what is in them, and how it changes", async (t, cluster) => {
	const { client } = cluster;
	const host = await mkdtemp(join(tmpdir(), "berth-host-path-"));
	await writeFile(join(host, "note"), "from the host");
	await client.create(ConfigMap, {
		metadata: { name: "conf", namespace: "default" },
		data: { "a.txt": "one", "b.txt": "two" },
	});
	await client.create(Secret, {
		metadata: { name: "hush", namespace: "default" },
		data: { word: base64("sesame") },
	});
	await cluster.create(
		"vols",
		{
			containers: [
				{
					name: "c",
					image: IMAGE,
					command: SLEEP,
					volumeMounts: [
						{ name: "conf", mountPath: "/conf" },
						{ name: "one", mountPath: "/one", readOnly: true },
						{ name: "hush", mountPath: "/hush" },
						{ name: "scratch", mountPath: "/scratch" },
						{ name: "memory", mountPath: "/memory" },
						{ name: "host", mountPath: "/host" },
						{ name: "scratch", mountPath: "/part", subPath: "deep/er" },
						{ name: "conf", mountPath: "/file.txt", subPath: "a.txt" },
						{ name: "about", mountPath: "/about" },
					],
				},
				{
					name: "d",
					image: IMAGE,
					command: SLEEP,
					volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
				},
			],
			volumes: [
				{ name: "conf", configMap: { name: "conf", defaultMode: 0o640 } },
				{ name: "one", configMap: { name: "conf", items: [{ key: "a.txt", path: "sub/renamed" }] } },
				{ name: "hush", secret: { secretName: "hush", defaultMode: 0o400 } },
				{ name: "scratch", emptyDir: {} },
				{ name: "memory", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
				{ name: "host", hostPath: { path: host, type: "Directory" } },
				{
					name: "about",
					projected: {
						sources: [
							{ downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
							{ configMap: { name: "conf", items: [{ key: "b.txt", path: "b" }] } },
						],
					},
				},
			],
		},
		{ labels: { app: "web" } },
	);
	const pod = await cluster.running("vols");
	const read = (path: string) => cluster.exec("vols", "c", "cat", path);
	t.is(await read("/conf/a.txt"), "one");
	t.is(await read("/one/sub/renamed"), "one");
	t.is(await read("/hush/word"), "sesame");
	t.is(await read("/host/note"), "from the host");
	t.is(await read("/file.txt"), "one");
	t.is(await read("/about/labels"), 'app="web"');
	t.is(await read("/about/b"), "two");
	t.is(
		await cluster.exec("vols", "c", "stat", "-L", "-c", "%a", "/conf/a.txt", "/hush/word", "/scratch"),
		"640\n400\n777",
	);
	await cluster.exec("vols", "c", "sh", "-c", "echo shared > /scratch/file; echo part > /part/file");
	t.is(await cluster.exec("vols", "d", "cat", "/scratch/file", "/scratch/deep/er/file"), "shared\npart");
	t.regex(await cluster.exec("vols", "c", "df", "-k", "/memory"), /tmpfs\s+1024/);
	await t.throwsAsync(cluster.exec("vols", "c", "touch", "/one/x"));

	const name = { namespace: "default", name: "conf" };
	await client.patch(
		ConfigMap,
		name,
		{ data: { "a.txt": "changed", "b.txt": null, "c.txt": "new" } },
		{ type: "merge" },
	);
	await cluster.until("the change", async () => (await read("/conf/a.txt")) === "changed");
	t.is(await read("/conf/c.txt"), "new");
	await t.throwsAsync(read("/conf/b.txt"));
	t.is(await read("/file.txt"), "one");
	await client.delete(ConfigMap, name);
	await client.patch(
		Pod,
		{ namespace: "default", name: "vols" },
		{ metadata: { labels: { app: "api" } } },
		{ type: "merge" },
	);
	t.is(await read("/conf/a.txt"), "changed");

	await cluster.remove("vols", 1);
	const { uid } = pod.metadata;
	await cluster.until(
		"its directory to be gone",
		async () => !(await readFile("/proc/self/mountinfo", "utf8")).includes(uid),
	);
	t.is(await readFile(join(host, "note"), "utf8"), "from the host");
	await rm(host, { recursive: true });
});

clusterTest("a volume whose source is missing holds the pod back, and says so", async (t, cluster) => {
	await cluster.create("late", {
		containers: [{ name: "c", image: IMAGE, command: SLEEP, volumeMounts: [{ name: "v", mountPath: "/v" }] }],
		volumes: [{ name: "v", configMap: { name: "later" } }],
	});
	await cluster.until("an event", () =>
		cluster.events.includes(
			'late Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "later" not found',
		),
	);
	t.is(cluster.pod("late")?.status?.containerStatuses?.[0]?.state?.waiting?.reason, "ContainerCreating");
	await cluster.client.create(ConfigMap, {
		metadata: { name: "later", namespace: "default" },
		data: { a: "1" },
	});
	await cluster.running("late");
	t.is(await cluster.exec("late", "c", "cat", "/v/a"), "1");
});

clusterTest("a link in a volume leads no mount out of it", async (t, cluster) => {
	await cluster.create("first", {
		restartPolicy: "Never",
		initContainers: [
			{
				name: "evil",
				image: IMAGE,
				command: sh("ln -s /etc /v/out; ln -s inner /v/link; mkdir /v/inner"),
				volumeMounts: [{ name: "v", mountPath: "/v" }],
			},
		],
		containers: [
			{
				name: "bad",
				image: IMAGE,
				command: SLEEP,
				volumeMounts: [{ name: "v", mountPath: "/x", subPath: "out" }],
			},
			{
				name: "fine",
				image: IMAGE,
				command: SLEEP,
				volumeMounts: [{ name: "v", mountPath: "/x", subPath: "link" }],
			},
		],
		volumes: [{ name: "v", emptyDir: {} }],
	});
	const pod = await cluster.until("the refusal", () =>
		waiting(cluster, "first", "CreateContainerConfigError"),
	);
	t.regex(pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? "", /leads out of the volume/);
	await cluster.until(
		"the other",
		() => cluster.pod("first")?.status?.containerStatuses?.[1]?.state?.running,
	);
});

clusterTest("names, addresses of servers, hosts, users and limits", async (t, cluster) => {
	await cluster.create("web-with-a-name", {
		hostname: "short",
		subdomain: "sub",
		hostAliases: [{ ip: "10.1.2.3", hostnames: ["foo", "bar"] }],
		securityContext: { runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000 },
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: SLEEP,
				resources: { requests: { cpu: "250m", memory: "32Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
				securityContext: {
					readOnlyRootFilesystem: true,
					allowPrivilegeEscalation: false,
					capabilities: { drop: ["ALL"] },
				},
				volumeMounts: [{ name: "v", mountPath: "/v" }],
			},
		],
		volumes: [{ name: "v", emptyDir: {} }],
	});
	const pod = await cluster.running("web-with-a-name");
	const run = (script: string) => cluster.exec("web-with-a-name", "c", "sh", "-c", script);
	t.is(await run("hostname"), "short");
	t.regex(
		await run("cat /etc/hosts"),
		new RegExp(`${pod.status?.podIP}\\tshort.sub.default.svc.cluster.local\\tshort`),
	);
	t.regex(await run("cat /etc/hosts"), /10\.1\.2\.3\tfoo\tbar/);
	t.regex(
		await run("cat /etc/resolv.conf"),
		/^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local[^\n]*\nnameserver 10\.96\.0\.10\noptions ndots:5$/,
	);
	t.is(await run("id -u; id -g; id -G"), "1000\n2000\n2000 3000");
	t.is(await run("touch /v/f; stat -c %g /v/f; touch /x 2>/dev/null || echo read-only"), "3000\nread-only");
	const id = pod.status?.containerStatuses?.[0]?.containerID?.replace("docker://", "") ?? "";
	const [info] = JSON.parse(await cluster.docker("inspect", id));
	t.like(info.HostConfig, {
		CpuShares: 256,
		CpuQuota: 50_000,
		Memory: 67_108_864,
		MemorySwap: 67_108_864,
		CgroupParent: `/berth/pod${pod.metadata.uid}`,
		SecurityOpt: ["no-new-privileges"],
	});
	t.is((await readFile(`/sys/fs/cgroup/cpu/berth/pod${pod.metadata.uid}/cpu.shares`, "utf8")).trim(), "256");
	t.is(await run("grep CapEff /proc/self/status"), "CapEff:\t0000000000000000");
});

clusterTest("images that are not there", async (t, cluster) => {
	await cluster.create("never", {
		containers: [{ name: "c", image: "nothing:1", imagePullPolicy: "Never" }],
	});
	await cluster.create("pull", { containers: [{ name: "c", image: "127.0.0.1:1/nothing:1" }] });
	await cluster.create("name", { containers: [{ name: "c", image: "Not An Image" }] });
	const never = await cluster.until("ErrImageNeverPull", () =>
		waiting(cluster, "never", "ErrImageNeverPull"),
	);
	t.is(
		never.status?.containerStatuses?.[0]?.state?.waiting?.message,
		'Container image "nothing:1" is not present with pull policy of Never',
	);
	await cluster.until("ErrImagePull", () => waiting(cluster, "pull", "ErrImagePull"));
	const pull = await cluster.until("ImagePullBackOff", () => waiting(cluster, "pull", "ImagePullBackOff"));
	t.regex(
		pull.status?.containerStatuses?.[0]?.state?.waiting?.message ?? "",
		/^Back-off pulling image "127.0.0.1:1\/nothing:1": ErrImagePull: .*connection refused/,
	);
	t.is(pull.status?.phase, "Pending");
	await cluster.until("InvalidImageName", () => waiting(cluster, "name", "InvalidImageName"));
	const texts = cluster.events.filter((event) => event.startsWith("pull "));
	t.is(texts[0], 'pull Normal Pulling Pulling image "127.0.0.1:1/nothing:1"');
	t.regex(texts[1] ?? "", /^pull Warning Failed Failed to pull image "127.0.0.1:1\/nothing:1": /);
	t.deepEqual(texts.slice(2, 5), [
		"pull Warning Failed Error: ErrImagePull",
		'pull Normal BackOff Back-off pulling image "127.0.0.1:1/nothing:1"',
		"pull Warning Failed Error: ImagePullBackOff",
	]);
});

clusterTest("variables from a file that an init container wrote; names that are none", async (t, cluster) => {
	await cluster.client.create(ConfigMap, {
		metadata: { name: "odd", namespace: "default" },
		data: { "with.dot": "1" },
	});
	const fromFile = (key: string, optional: boolean) => ({
		name: key,
		valueFrom: { fileKeyRef: { volumeName: "v", path: "app.env", key, optional } },
	});
	await cluster.create("filed", {
		setHostnameAsFQDN: true,
		subdomain: "sub",
		initContainers: [
			{
				name: "setup",
				image: IMAGE,
				command: sh("echo \"A='from a file'\" > /v/app.env"),
				volumeMounts: [{ name: "v", mountPath: "/v" }],
			},
		],
		containers: [
			{
				name: "c",
				image: IMAGE,
				command: SLEEP,
				envFrom: [{ prefix: "=", configMapRef: { name: "odd" } }, { configMapRef: { name: "odd" } }],
				env: [fromFile("A", false), fromFile("B", true)],
			},
		],
		volumes: [{ name: "v", emptyDir: {} }],
	});
	await cluster.running("filed");
	const env = (await cluster.exec("filed", "c", "env")).split("\n");
	t.true(env.includes("A=from a file"));
	t.true(env.includes("with.dot=1"));
	t.false(env.some((line) => line.startsWith("B=")));
	t.is(await cluster.exec("filed", "c", "hostname"), "filed.sub.default.svc.cluster.local");
	t.true(
		cluster.events.includes(
			"filed Warning InvalidEnvironmentVariableNames Keys [=with.dot] from the EnvFrom configMap default/odd were skipped since they are considered invalid environment variable names.",
		),
	);
});
