/** What survives: the control plane, an agent, dockerd and a whole host die in the middle of things. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { eventually, expect, kubectlIn, lab, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-faults");

const WEB = (replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 5
      tolerations:
        - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 2}
        - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 2}
      containers:
        - name: web
          image: berth/hello:1
          readinessProbe: {httpGet: {path: /cgi-bin/ready, port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

interface Pods {
	items: {
		metadata: { name: string };
		spec: { nodeName: string };
		status: { containerStatuses?: { restartCount: number; containerID: string }[] };
	}[];
}

const restarts = ({ items }: Pods) =>
	items
		.flatMap((pod) => pod.status.containerStatuses ?? [])
		.reduce((sum, status) => sum + status.restartCount, 0);
const ids = ({ items }: Pods) =>
	items
		.flatMap((pod) => pod.status.containerStatuses ?? [])
		.map((status) => status.containerID)
		.sort();
const podsOf = () => kubectl.json<Pods>("get", "pods", "-l", "app=web");

/** So many pods, all ready, and none on its way out. */
async function settled(count: number, seconds = 90): Promise<Pods> {
	await kubectl("scale", "deployment", "web", `--replicas=${count}`);
	return eventually(async () => {
		const pods = await podsOf();
		expect(pods.items.length === count, `${pods.items.length} pods`);
		await kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=2s");
		return pods;
	}, seconds);
}

test.before("a deployment of six", async () => {
	await kubectl.apply(WEB(6));
	await settled(6);
});

test("kill -9 of the control plane in the middle of a rollout: nothing acknowledged is lost, pods go on serving", async (t) => {
	const port = await kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}");
	const host = await kubectl("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}");
	await kubectl("set", "image", "deployment/web", "web=berth/hello:2");
	// Writes until the server dies: what was acknowledged must be there afterwards.
	const acknowledged: string[] = [];
	const stop = new AbortController();
	const writing = (async () => {
		for (let i = 0; !stop.signal.aborted; i += 1) {
			const result = await kubectl.try("create", "configmap", `write-${i}`, "--from-literal=a=1");
			if (result.code === 0) acknowledged.push(`write-${i}`);
		}
	})();
	await sleep(1_500);
	const restarting = lab("restart-server", "--signal", "KILL", "--pause", "3");
	const failures: unknown[] = [];
	let served = 0;
	for (const end = Date.now() + 4_000; Date.now() < end; served += 1) {
		await fetch(`http://${host}:${port}/`, {
			headers: { connection: "close" },
			signal: AbortSignal.timeout(3_000),
		}).catch((error) => failures.push(error));
		await sleep(20);
	}
	await restarting;
	stop.abort();
	await writing;
	t.deepEqual(failures, []);
	t.true(served > 20);
	await eventually(() => kubectl("get", "--raw", "/readyz"));
	await kubectl("rollout", "status", "deployment/web", "--timeout=120s");
	const names = await kubectl("get", "configmaps", "-o", "name");
	t.true(acknowledged.length > 0);
	for (const name of acknowledged) t.true(names.includes(`configmap/${name}\n`), `${name} is lost`);
	t.is(restarts(await settled(6)), 0);
});

test("kill -9 of an agent restarts no container, and the agent goes on with its pods", async (t) => {
	const before = ids(await settled(6));
	await lab("restart-agent", "--signal", "KILL");
	const after = ids(await settled(9));
	for (const id of before) t.true(after.includes(id), `${id} was restarted`);
	t.is(restarts(await settled(6)), 0);
});

test("a pod deleted while its agent is dead is gone when the agent is back", async (t) => {
	const [pod] = (await settled(6)).items;
	const restarting = lab("restart-agent", pod!.spec.nodeName, "--signal", "KILL", "--pause", "3");
	await sleep(500);
	await kubectl("delete", "pod", pod!.metadata.name, "--wait=false");
	await restarting;
	await kubectl("wait", "--for=delete", `pod/${pod!.metadata.name}`, "--timeout=60s");
	const left = await onHost(pod!.spec.nodeName, "docker", "ps", "-a", "--format", "{{.Names}}");
	t.false(left.includes(pod!.metadata.name));
});

test("dockerd restarts: pods come back by themselves, and the service with them", async (t) => {
	await settled(6);
	await lab("restart-docker", "host-1", "--signal", "KILL");
	await settled(6, 120);
	await kubectl("wait", "--for=condition=Ready", "node", "host-1", "--timeout=60s");
	const ip = await kubectl("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
	await eventually(() => onHost("host-1", "curl", "-sf", "--max-time", "3", `http://${ip}/`));
	t.pass();
});

test("a host cut off is told apart, and heals", async (t) => {
	t.timeout(240_000);
	await lab("cut", "host-2");
	await kubectl("wait", "--for=condition=Ready=Unknown", "node/host-2", "--timeout=120s");
	t.regex(await kubectl("get", "node", "host-2"), /NotReady/);
	await lab("heal", "host-2");
	await kubectl("wait", "--for=condition=Ready", "node/host-2", "--timeout=60s");
	await settled(6);
});

test("a host killed: its pods are replaced elsewhere; when it comes back, no leftovers", async (t) => {
	t.timeout(300_000);
	// Twelve are on every host.
	const before = await settled(12);
	t.true(before.items.some((pod) => pod.spec.nodeName === "host-3"));
	await lab("kill", "host-3");
	await eventually(async () => {
		const { items } = await kubectl.json<Pods>(
			"get",
			"pods",
			"-l",
			"app=web",
			"--field-selector",
			"spec.nodeName!=host-3",
		);
		expect(items.length === 12, `${items.length} pods on the other hosts`);
		await kubectl(
			"wait",
			"--for=condition=Ready",
			"pod",
			"--field-selector",
			"spec.nodeName!=host-3",
			"-l",
			"app=web",
			"--timeout=5s",
		);
	}, 150);
	await lab("start", "host-3");
	await kubectl("wait", "--for=condition=Ready", "node/host-3", "--timeout=90s");
	await eventually(async () => {
		const listed = await kubectl(
			"get",
			"pods",
			"-A",
			"--field-selector",
			"spec.nodeName=host-3",
			"-o",
			"name",
		);
		const containers = await onHost("host-3", "docker", "ps", "-aq");
		expect(listed.trim() === "" && containers.trim() === "", `pods: ${listed}, containers: ${containers}`);
	}, 90);
	t.regex(await kubectlIn("default")("get", "nodes"), /host-3 +Ready/);
});
