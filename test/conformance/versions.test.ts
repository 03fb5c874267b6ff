/** Every kubectl from 1.27 on that this machine has: the commands people use most. */
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";
import { KUBECTL, kubectlMinor } from "./kubectl.ts";

let cluster: Cluster;
test.before(async () => {
	cluster = await startCluster();
	await cluster.addNode("one");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

/** `kubectl` and those beside it that carry a version in their name, one of each version. */
function kubectls(): ReadonlyMap<number, string> {
	const found = new Map([[kubectlMinor(), KUBECTL]]);
	for (const folder of [...(process.env.PATH ?? "").split(delimiter), "/usr/lib/google-cloud-sdk/bin"]) {
		if (!existsSync(folder)) continue;
		for (const file of readdirSync(folder).filter((name) => /^kubectl\.1\.\d+$/.test(name))) {
			found.set(Number(file.split(".").at(-1)), join(folder, file));
		}
	}
	found.delete(0);
	return found;
}

for (const [minor, program] of kubectls()) {
	test(`kubectl 1.${minor}`, async (t) => {
		const kubectl = cluster.kubectl.with(program);
		const name = `by-${minor}`;
		const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "v:1"}]}
`;
		t.is(await kubectl("apply -f -", manifest), `deployment.apps/${name} created`);
		t.is(await kubectl("apply -f -", manifest), `deployment.apps/${name} unchanged`);
		t.regex(await kubectl(`rollout status deployment/${name} --timeout=30s`), /successfully rolled out/);
		t.regex(
			await kubectl(`get deployment ${name}`),
			/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\n.* 2\/2 +2 +2 /,
		);
		t.regex(await kubectl("diff -f -", manifest.replace("replicas: 2", "replicas: 3")), /\+ {2}replicas: 3/);
		t.regex(
			await kubectl("apply -f -", manifest.replace("replicas", "replcas")),
			/unknown field "spec\.replcas"/,
		);
		t.is(await kubectl(`scale deployment/${name} --replicas=1`), `deployment.apps/${name} scaled`);
		t.regex(await kubectl(`describe deployment ${name}`), /Replicas: +1 desired/);
		t.regex(await kubectl("explain deployment.spec.replicas"), /replicas <integer>/);
		t.regex(await kubectl("auth can-i create pods"), /^yes/);
		t.regex(await kubectl("api-resources"), /deployments +deploy +apps\/v1 +true +Deployment/);
		t.regex(await kubectl(`delete deployment ${name} --cascade=foreground --timeout=20s`), /deleted/);
		t.regex(await kubectl(`get pods -l app=${name}`), /No resources found/);
	});
}
