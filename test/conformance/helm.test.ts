/** Helm with charts of its own making; BERTH_HELM, or `helm` in PATH, skipped without either. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Deployment } from "@berth/api";
import test from "ava";
import { must, run } from "../programs.ts";
import { writeChart } from "./chart.ts";
import { type Cluster, startCluster } from "./cluster.ts";

const HELM = process.env.BERTH_HELM ?? "helm";
const version = spawnSync(HELM, ["version", "--short"]);
const withHelm = version.status === 0 ? test : test.skip;

let cluster: Cluster;
test.before(async () => {
	cluster = await startCluster();
	await cluster.addNode("one");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

/** A line of arguments, split at spaces. Answers what helm says, failed or not; `must` throws when it fails. */
function helmIn({ directory, kubeconfig }: Cluster) {
	const home = join(directory, "helm");
	const env = {
		...process.env,
		KUBECONFIG: kubeconfig,
		HELM_CACHE_HOME: home,
		HELM_CONFIG_HOME: home,
		HELM_DATA_HOME: home,
	};
	const call = (line: string) => ({ program: HELM, args: line.split(" "), env });
	return Object.assign(
		async (line: string) => {
			const { stdout, stderr } = await run(call(line));
			return `${stdout}${stderr}`;
		},
		{ must: (line: string) => must(call(line)) },
	);
}

withHelm("its own chart: install, upgrade, rollback, uninstall", async (t) => {
	const helm = helmIn(cluster);
	const wait = "--wait --timeout 30s";
	const chart = join(cluster.directory, "chart");

	await helm.must(`create ${chart}`);
	for (const file of ["hpa.yaml", "ingress.yaml", "httproute.yaml"]) {
		rmSync(join(chart, "templates", file), { force: true });
	}
	t.regex(await helm.must(`install rel ${chart} ${wait}`), /STATUS: deployed\nREVISION: 1/);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /1\/1 +1 +1 /);
	t.regex(await cluster.kubectl("get secrets"), /sh\.helm\.release\.v1\.rel\.v1 +helm\.sh\/release\.v1 +1 /);
	await helm.must(`upgrade rel ${chart} --set replicaCount=2 ${wait}`);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /2\/2 +2 +2 /);
	await helm.must(`rollback rel 1 ${wait}`);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /1\/1 +1 +1 /);
	t.regex(await helm.must("history rel"), /1 .*superseded.*\n2 .*superseded.*\n3 .*deployed/);
	t.regex(await helm.must("list"), /rel\s+default\s+3/);
	t.regex(await helm.must(`uninstall rel ${wait}`), /release "rel" uninstalled/);
	t.is(await cluster.kubectl("get deployments,services,pods -l app.kubernetes.io/instance=rel -o name"), "");
});

withHelm("definitions, hooks, a subchart, lookups and tests", async (t) => {
	const { kubectl } = cluster;
	const helm = helmIn(cluster);
	const chart = writeChart(cluster.directory);
	const data = (name: string, key: string) => kubectl(`get configmap ${name} -o jsonpath={.data.${key}}`);

	t.regex(await helm.must(`install shop ${chart} --wait --timeout 30s`), /STATUS: deployed/);
	t.is(await kubectl("get cake shop -o jsonpath={.spec}"), '{"flavours":["sweet"],"layers":2}');
	t.is(await data("shop-cache", "size"), "1Mi");
	t.is(await data("shop-before", "revision"), "1");
	t.is(await data("shop-after", "revision"), "1");
	t.regex(await kubectl("get job shop-prepare"), /not found/);
	t.is(await kubectl("get configmap shop-seen -o jsonpath={.data.namespace}/{.data.policy}"), "default/true");
	t.regex(await data("shop-seen", "version"), /^v1\.36\./);

	t.regex(
		await helm.must(`upgrade shop ${chart} --dry-run=server --set replicas=2`),
		/STATUS: pending-upgrade\n(?:.*\n)* {2}replicas: 2/,
	);
	t.is(await kubectl("get deployment shop -o jsonpath={.spec.replicas}"), "1");

	t.regex(
		await helm.must(`upgrade shop ${chart} --set replicas=2,flavours={sour} --wait --timeout 30s`),
		/REVISION: 2/,
	);
	t.is(await data("shop-after", "revision"), "2");
	t.is(await data("shop-before", "revision"), "1");
	t.is(await kubectl("get cake shop -o jsonpath={.spec.flavours}"), '["sour"]');
	t.regex(await kubectl("get deployment shop"), /2\/2/);
	t.regex(await helm.must("test shop --timeout 30s"), /TEST SUITE: +shop-reach\n(?:.*\n)*Phase: +Succeeded/);
	await helm.must("rollback shop 1 --wait --timeout 30s");
	t.is(await kubectl("get cake shop -o jsonpath={.spec.flavours}"), '["sweet"]');
	t.regex(await helm.must("status shop"), /REVISION: 3/);
	t.regex(await helm.must("get manifest shop"), /kind: Cake/);

	await helm.must("uninstall shop --wait --timeout 30s");
	t.is(await kubectl("get cakes,deployments,services -l app.kubernetes.io/managed-by=Helm -o name"), "");
	t.regex(await kubectl("get crd cakes.shop.example.com -o name"), /cakes/, "definitions stay");
});

withHelm(
	"released from the client's side, adopted by the server's; and helm's text through kubectl",
	async (t) => {
		const { kubectl } = cluster;
		const helm = helmIn(cluster);
		const chart = join(cluster.directory, "moved");
		await helm.must(`create ${chart}`);
		for (const file of ["hpa.yaml", "ingress.yaml", "httproute.yaml"]) {
			rmSync(join(chart, "templates", file), { force: true });
		}
		const managers = async () => {
			const { metadata } = await kubectl.json<Deployment>("get deployment moved --show-managed-fields");
			return (metadata.managedFields ?? [])
				.filter(({ manager }) => manager === "helm")
				.map(({ operation }) => operation);
		};
		await helm.must(`install moved ${chart} --server-side=false --wait --timeout 30s`);
		t.deepEqual(await managers(), ["Update"]);
		await helm.must(
			`upgrade moved ${chart} --server-side=true --force-conflicts --set replicaCount=2 --wait --timeout 30s`,
		);
		t.true((await managers()).includes("Apply"));
		t.regex(await kubectl("get deployment moved"), /2\/2/);

		// Somebody else's hand on a field is a conflict, until it is forced.
		await kubectl.must("scale deployment moved --replicas=3");
		t.regex(
			await helm(`upgrade moved ${chart} --server-side=true --set replicaCount=1`),
			/conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/,
		);
		await helm.must(
			`upgrade moved ${chart} --force-conflicts --server-side=true --set replicaCount=1 --wait --timeout 30s`,
		);
		t.regex(await kubectl("get deployment moved"), /1\/1/);
		await helm.must("uninstall moved");

		const manifests = await helm.must(`template plain ${chart} --no-hooks --skip-tests`);
		t.regex(await kubectl.must("apply -f -", manifests), /deployment\.apps\/plain-moved created/);
		t.notRegex(await kubectl.must("apply -f -", manifests), /created|configured/);
		await kubectl.must("delete -f -", manifests);
	},
);
