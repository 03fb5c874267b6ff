import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, Node, Pod, silentLogger, systemClock } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { followManifests } from "./manifests.ts";
import { createMirrors } from "./mirrors.ts";
import { isMirror, isStatic } from "./origin.ts";
import { mirrorOf, staticPod } from "./static-pod.ts";

const ORIGIN = { nodeName: "host-1", file: "/etc/pods/web.yaml", now: 0 };
const manifest = (spec: object = {}, metadata: object = {}) => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "web", labels: { app: "web" }, ...metadata },
	spec: { containers: [{ name: "c", image: "app:1" }], ...spec },
});

test("a manifest becomes a pod of this node, with a uid that is its hash", (t) => {
	const pod = staticPod(manifest({ priorityClassName: "system-node-critical" }), ORIGIN);
	t.like(pod.metadata, { name: "web-host-1", namespace: "default", labels: { app: "web" } });
	t.regex(pod.metadata.uid, /^[0-9a-f]{32}$/);
	t.is(pod.metadata.annotations?.["kubernetes.io/config.hash"], pod.metadata.uid);
	t.is(pod.metadata.annotations?.["kubernetes.io/config.source"], "file");
	t.true(isStatic(pod));
	t.like(pod.spec, { nodeName: "host-1", restartPolicy: "Always", priority: 2_000_001_000 });
	t.deepEqual(pod.spec.tolerations, [{ operator: "Exists", effect: "NoExecute" }]);
	const uidOf = (value: object, origin = {}) => staticPod(value, { ...ORIGIN, ...origin }).metadata.uid;
	t.is(uidOf(manifest(), { now: 99_000 }), uidOf(manifest()), "the time does not count");
	t.not(uidOf(manifest({ hostNetwork: true })), uidOf(manifest()));
	t.not(uidOf(manifest(), { nodeName: "host-2" }), uidOf(manifest()));
});

test("what cannot be run is refused, with the reason", (t) => {
	const refused = (value: unknown) => t.throws(() => staticPod(value, ORIGIN))?.message ?? "";
	t.is(refused("text"), "it is not a Pod of v1");
	t.is(refused({ ...manifest(), kind: "List" }), "it is not a Pod of v1");
	t.regex(refused(manifest({ containerz: [] })), /unknown field "spec.containerz"/);
	t.regex(refused(manifest({ containers: [] })), /spec.containers: Required value/);
	t.regex(refused(manifest({}, { name: "" })), /name/);
	t.regex(refused({ ...manifest(), spec: undefined }), /spec/);
	t.is(
		refused(manifest({ serviceAccountName: "x", volumes: [{ name: "v", secret: { secretName: "s" } }] })),
		"a static pod may not refer to a service account, secrets of the API",
	);
});

test("manifests are read again when they change; hidden and broken ones are left out", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-manifests-"));
	const put = (name: string, value: unknown) => writeFile(join(directory, name), JSON.stringify(value));
	await put("web.json", manifest());
	await put(".web.json.swp", manifest({}, { name: "hidden" }));
	await writeFile(join(directory, "broken.yaml"), "kind: [");
	await put("web-again.json", manifest());
	const complaints: string[] = [];
	const log = {
		...silentLogger,
		error: ({ file }: { file: string }) => complaints.push(file),
	} as unknown as Logger;
	const told: string[][] = [];
	const stop = new AbortController();
	const following = followManifests(
		{
			configuration: { staticPodPath: directory, fileCheckFrequency: "10ms" },
			nodeName: "host-1",
			clock: systemClock,
			log,
		},
		(pods) => told.push(pods.map(({ metadata }) => metadata.name)),
		stop.signal,
	);
	const until = async (names: string) => {
		while (told.at(-1)?.join() !== names) await new Promise((resolve) => setTimeout(resolve, 5));
	};
	await until("web-host-1");
	await writeFile(
		join(directory, "b.yaml"),
		"apiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec: {containers: [{name: c, image: a}]}\n",
	);
	await until("other-host-1,web-host-1");
	await rm(join(directory, "b.yaml"));
	await until("web-host-1");
	t.deepEqual(
		complaints.map((file) => file.slice(directory.length)),
		["/broken.yaml", "/web.json"],
		"once each",
	);
	await rm(directory, { recursive: true });
	await until("");
	stop.abort();
	await following;
});

test("each static pod has a mirror with its status, whatever others do to it", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer({ now: () => clock.now() });
	const client = createClient(server);
	const node = await client.create(Node, { metadata: { name: "host-1" }, spec: {} });
	const informers = createInformers({ client, clock, log: silentLogger });
	const informer = informers.of(Pod);
	const stop = new AbortController();
	const informing = informers.start(stop.signal);
	const pod = { ...staticPod(manifest(), ORIGIN), status: { phase: "Running" as const } };
	const orphan = { ...staticPod(manifest({}, { name: "old" }), ORIGIN) };
	await client.create(Pod, mirrorOf(orphan, node));
	let pods: readonly Pod[] | undefined;
	const mirrors = createMirrors({
		client,
		informer,
		node: () => node,
		pods: () => pods,
		clock,
		log: silentLogger,
	});
	const running = mirrors.run(stop.signal);
	const mirror = (name: string) => server.objects<Pod>(Pod).find(({ metadata }) => metadata.name === name);
	await informers.synced();
	t.truthy(mirror("old-host-1"), "nothing is judged before manifests were read");
	pods = [pod];
	mirrors.wake();
	await clock.until(() => mirror("web-host-1")?.status?.phase === "Running" && !mirror("old-host-1"));
	const first = mirror("web-host-1")!;
	t.true(isMirror(first));
	t.not(first.metadata.uid, pod.metadata.uid);
	t.like(first.metadata.ownerReferences?.[0], { kind: "Node", name: "host-1", controller: true });
	await client.delete(Pod, { namespace: "default", name: "web-host-1" });
	await clock.until(() => {
		const next = mirror("web-host-1");
		return next !== undefined && next.metadata.uid !== first.metadata.uid && next.status?.phase === "Running";
	});
	const changed = staticPod(manifest({ hostNetwork: true }), ORIGIN);
	pods = [changed];
	mirrors.wake();
	await clock.until(() => mirror("web-host-1")?.spec.hostNetwork === true);
	pods = [];
	mirrors.wake();
	await clock.until(() => mirror("web-host-1") === undefined);
	stop.abort();
	await Promise.all([running, informing]);
	t.pass();
});
