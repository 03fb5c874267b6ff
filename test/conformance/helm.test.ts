/** Helm with a chart of its own making; BERTH_HELM, or `helm` in PATH, skipped without either. */
import { execFile, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import { startCluster } from "./cluster.ts";

const run = promisify(execFile);
const HELM = process.env.BERTH_HELM ?? "helm";
const version = spawnSync(HELM, ["version", "--short"]);

(version.status === 0 ? test : test.skip)("install, upgrade, rollback, uninstall", async (t) => {
	await using cluster = await startCluster();
	await cluster.addNode("one");
	const home = join(cluster.directory, "helm");
	const env = {
		...process.env,
		KUBECONFIG: cluster.kubeconfig,
		HELM_CACHE_HOME: home,
		HELM_CONFIG_HOME: home,
		HELM_DATA_HOME: home,
	};
	const helm = async (...args: string[]) => (await run(HELM, args, { env, cwd: cluster.directory })).stdout;
	const wait = ["--wait", "--timeout", "30s"];

	await helm("create", "chart");
	for (const file of ["hpa.yaml", "ingress.yaml", "httproute.yaml"]) {
		rmSync(join(cluster.directory, "chart/templates", file), { force: true });
	}
	t.regex(await helm("install", "rel", "chart", ...wait), /STATUS: deployed\nREVISION: 1/);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /1\/1 +1 +1 /);
	t.regex(await cluster.kubectl("get secrets"), /sh\.helm\.release\.v1\.rel\.v1 +helm\.sh\/release\.v1 +1 /);
	await helm("upgrade", "rel", "chart", "--set", "replicaCount=2", ...wait);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /2\/2 +2 +2 /);
	await helm("rollback", "rel", "1", ...wait);
	t.regex(await cluster.kubectl("get deployment rel-chart"), /1\/1 +1 +1 /);
	t.regex(await helm("history", "rel"), /1 .*superseded.*\n2 .*superseded.*\n3 .*deployed/);
	t.regex(await helm("list"), /rel\s+default\s+3/);
	t.regex(await helm("uninstall", "rel", ...wait), /release "rel" uninstalled/);
	t.is(await cluster.kubectl("get deployments,services,pods -l app.kubernetes.io/instance=rel -o name"), "");
});
