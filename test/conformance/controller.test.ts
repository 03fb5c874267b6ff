/** A controller of somebody else's, with a kind of its own, a conversion webhook and a validating one. */
import { KubeConfig } from "@kubernetes/client-node";
import test from "ava";
import { answering, startFarServer } from "../../packages/apiserver/src/http/testing/far-server.ts";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { startGardenController } from "./garden/controller.ts";
import { answerReview, definition, type Garden } from "./garden/definition.ts";

const garden = (name: string, version: string, spec: string) =>
	`apiVersion: grow.example.com/${version}\nkind: Garden\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

test("gardens are planted, changed, converted, refused and harvested, by one leader at a time", async (t) => {
	await using cluster: Cluster = await startCluster();
	const { kubectl } = cluster;
	await using webhooks = await startFarServer(answering(answerReview));
	await kubectl.must("apply -f -", definition(webhooks.url, webhooks.caBundle));
	await kubectl.must("wait --for=condition=Established crd/gardens.grow.example.com --timeout=10s");
	const config = new KubeConfig();
	config.loadFromFile(cluster.kubeconfig);
	const first = await startGardenController(config, "first", "default");
	t.teardown(() => first.stop());
	t.true(await eventually(async () => first.leads()));
	const second = await startGardenController(config, "second", "default");
	t.teardown(() => second.stop());
	const beds = async () =>
		(await kubectl("get configmaps -l garden -o jsonpath={.items[*].metadata.name}")).trim();
	const comeTo = (names: string) => eventually(async () => (await beds()) === names, 10);

	// Made in the old version, planted by a controller that knows only the new one.
	await kubectl.must("apply -f -", garden("herbs", "v1alpha1", '{plan: "2 small"}'));
	await kubectl.must("wait --for=condition=Ready garden/herbs --timeout=10s");
	t.is(await beds(), "herbs-0 herbs-1");
	t.regex(await kubectl.must("get gd"), /^NAME +BEDS +READY\nherbs +2 +True$/);
	t.is(
		await kubectl("get gardens.v1alpha1.grow.example.com herbs -o jsonpath={.spec}"),
		'{"plan":"2 small"}',
	);
	t.is(await kubectl("get garden herbs -o jsonpath={.status.observedGeneration}"), "1");

	// Owned objects come back; what is too much goes.
	await kubectl.must("delete configmap herbs-0");
	t.true(await comeTo("herbs-0 herbs-1"));
	await kubectl.must("scale garden herbs --replicas=3");
	t.true(await comeTo("herbs-0 herbs-1 herbs-2"));
	await kubectl.must("apply -f -", garden("herbs", "v1alpha1", '{plan: "1 large"}'));
	t.true(await comeTo("herbs-0"));
	t.is(await kubectl("get configmap herbs-0 -o jsonpath={.data.size}"), "large");
	t.deepEqual((await kubectl.json<Garden>("get garden herbs")).metadata.finalizers, [
		"grow.example.com/harvest",
	]);

	// What comes in is judged in the version the webhook asked for, whichever it was written in.
	const refused = /admission webhook "gardens\.grow\.example\.com" denied the request: large beds need room/;
	t.regex(await kubectl("apply -f -", garden("herbs", "v1alpha1", '{plan: "6 large"}')), refused);
	t.regex(await kubectl("create -f -", garden("big", "v1", "{beds: 6, size: large}")), refused);

	// The leader is gone without a word: the other takes over, and harvests.
	await first.stop();
	t.true(await eventually(async () => second.leads()));
	t.is(await kubectl("get lease garden-controller -o jsonpath={.spec.holderIdentity}"), "second");
	await kubectl.must("apply -f -", garden("roses", "v1", "{beds: 1}"));
	t.true(await comeTo("herbs-0 roses-0"));
	await kubectl.must("delete garden herbs --timeout=10s");
	t.is(await kubectl("get configmap harvest-of-herbs -o name"), "configmap/harvest-of-herbs");
	t.true(await comeTo("roses-0"));
	await kubectl.must("delete garden roses --cascade=orphan --timeout=10s");
	t.is(await kubectl("get configmap roses-0 -o jsonpath={.metadata.ownerReferences}"), "");
	await second.stop();
	t.deepEqual([...first.faults, ...second.faults], []);

	// A webhook that is away is told, and the definition can go nonetheless.
	await kubectl.must("delete validatingwebhookconfiguration gardens");
	await kubectl.must("apply -f -", garden("last", "v1", "{beds: 0}"));
	await webhooks[Symbol.asyncDispose]();
	t.regex(
		await kubectl("get gardens.v1alpha1.grow.example.com"),
		/conversion webhook for grow\.example\.com\/v1, Kind=Garden failed/,
	);
	t.regex(await kubectl("get gardens.v1.grow.example.com"), /^last +0/m);
	await kubectl.must("delete crd gardens.grow.example.com --timeout=10s");
});
