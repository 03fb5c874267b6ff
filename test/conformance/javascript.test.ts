/** The official JavaScript client, unmodified. */
import { KINDS } from "@berth/api";
import {
	AppsV1Api,
	CoreV1Api,
	KubeConfig,
	KubernetesObjectApi,
	makeInformer,
	PatchStrategy,
	setHeaderOptions,
	Watch,
} from "@kubernetes/client-node";
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";

let cluster: Cluster;
const config = new KubeConfig();
test.before(async () => {
	cluster = await startCluster();
	config.loadFromFile(cluster.kubeconfig);
	await cluster.addNode("one");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const namespace = "default";
const labels = { app: "web" };

test("objects: created, read, replaced, patched, scaled, listed in pieces, deleted", async (t) => {
	const core = config.makeApiClient(CoreV1Api);
	const made = await core.createNamespacedConfigMap({
		namespace,
		body: { metadata: { generateName: "js-", labels: { js: "" } }, data: { a: "1" } },
	});
	const name = made.metadata?.name ?? "";
	t.regex(name, /^js-[a-z0-9]{5}$/);
	t.true(made.metadata?.creationTimestamp instanceof Date);
	await core.replaceNamespacedConfigMap({ name, namespace, body: { ...made, data: { a: "2" } } });
	const stale = await t.throwsAsync(
		core.replaceNamespacedConfigMap({ name, namespace, body: { ...made, data: { a: "3" } } }),
	);
	t.regex(stale?.message ?? "", /HTTP-Code: 409[\s\S]*the object has been modified/);
	const patched = await core.patchNamespacedConfigMap(
		{ name, namespace, body: { data: { b: "1" } } },
		setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
	);
	t.deepEqual(patched.data, { a: "2", b: "1" });
	const page = await core.listNamespacedConfigMap({ namespace, limit: 1 });
	t.is(page.items.length, 1);
	t.truthy(page.metadata?._continue);
	await core.deleteNamespacedConfigMap({ name, namespace });
	await t.throwsAsync(core.readNamespacedConfigMap({ name, namespace }), { message: /HTTP-Code: 404/ });
});

test("a deployment rolls out, seen by an informer and a watch", async (t) => {
	const apps = config.makeApiClient(AppsV1Api);
	const core = config.makeApiClient(CoreV1Api);
	const running = new Set<string>();
	const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () =>
		core.listNamespacedPod({ namespace }),
	);
	informer.on("update", (pod) => {
		if (pod.status?.phase === "Running") running.add(pod.metadata?.name ?? "");
	});
	await informer.start();
	const seen: string[] = [];
	const watching = await new Watch(config).watch(
		`/apis/apps/v1/namespaces/${namespace}/deployments`,
		{ allowWatchBookmarks: true },
		(type) => seen.push(type),
		() => {},
	);
	await apps.createNamespacedDeployment({
		namespace,
		body: {
			metadata: { name: "web" },
			spec: {
				replicas: 3,
				selector: { matchLabels: labels },
				template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "v:1" }] } },
			},
		},
	});
	t.true(await eventually(async () => running.size === 3));
	t.true(
		await eventually(
			async () =>
				(await apps.readNamespacedDeploymentStatus({ name: "web", namespace })).status?.readyReplicas === 3,
		),
	);
	const scale = await apps.readNamespacedDeploymentScale({ name: "web", namespace });
	t.is(scale.status?.selector, "app=web");
	await apps.replaceNamespacedDeploymentScale({
		name: "web",
		namespace,
		body: { ...scale, spec: { replicas: 0 } },
	});
	t.true(
		await eventually(
			async () => (await core.listNamespacedPod({ namespace, labelSelector: "app=web" })).items.length === 0,
		),
	);
	t.is(seen[0], "ADDED");
	t.true(seen.includes("MODIFIED"));
	await informer.stop();
	watching.abort();
});

test("objects of any kind, found by discovery", async (t) => {
	const objects = KubernetesObjectApi.makeApiClient(config);
	const secret = {
		apiVersion: "v1",
		kind: "Secret",
		metadata: { name: "any", namespace },
		stringData: { k: "v" },
	};
	const made = await objects.create(secret);
	t.is(made.metadata?.name, "any");
	const list = await objects.list("rbac.authorization.k8s.io/v1", "ClusterRole");
	t.true(list.items.some(({ metadata }) => metadata?.name === "cluster-admin"));
	await objects.delete(secret);
});

test("every kind there is can be listed, found by discovery alone", async (t) => {
	const objects = KubernetesObjectApi.makeApiClient(config);
	for (const { apiVersion, kind, listKind } of KINDS.filter(({ verbs }) => verbs.includes("list"))) {
		t.is((await objects.list(apiVersion, kind)).kind, listKind, kind);
	}
});
