/** A Deployment and a Service of six pods: spread over hosts, and reached from every pod and every host. */
import test from "ava";
import { eventually, expect, kubectlIn, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-service");
const HOSTS = ["host-1", "host-2", "host-3"];
const HELLO = /^hello from (hello-\S+), version 1$/m;

interface List {
	items: {
		metadata: { name: string };
		spec: { nodeName: string; clusterIP: string };
		status: { podIP: string; hostIP: string; addresses: { type: string; address: string }[] };
	}[];
}

/** Who answered `count` requests; empty answers are none. */
async function answers(ask: () => Promise<string>, count = 40): Promise<Set<string>> {
	const names = new Set<string>();
	for (let i = 0; i < count; i += 1) {
		const name = HELLO.exec(await ask())?.[1];
		expect(name, "no answer");
		names.add(name);
	}
	return names;
}

/** Many requests in one command: a new connection each. */
const ask = (url: string, times: number) => [
	"sh",
	"-c",
	`for i in $(seq ${times}); do curl -s --max-time 3 ${url} || exit 1; done`,
];
const namesIn = (text: string) =>
	new Set([...text.matchAll(/hello from (hello-\S+),/g)].map((match) => match[1]));

test("six pods become ready, spread over all hosts", async (t) => {
	await kubectl("apply", "-f", "examples/hello.yaml");
	t.regex(
		await kubectl("rollout", "status", "deployment/hello", "--timeout=120s"),
		/successfully rolled out/,
	);
	const { items } = await kubectl.json<List>("get", "pods", "-l", "app=hello");
	t.is(items.length, 6);
	t.deepEqual([...new Set(items.map((pod) => pod.spec.nodeName))].sort(), HOSTS);
	const addresses = new Set(items.map((pod) => pod.status.podIP));
	t.is(addresses.size, 6);
});

test("every host reaches the service by its ClusterIP, and all endpoints answer", async (t) => {
	const ip = await kubectl("get", "service", "hello", "-o", "jsonpath={.spec.clusterIP}");
	for (const host of HOSTS) {
		const text = await eventually(() => onHost(host, ...ask(`http://${ip}/`, 60)));
		t.is(namesIn(text).size, 6, host);
	}
});

test("a pod on every host reaches it by name and address, and every pod by its own address", async (t) => {
	const ip = await kubectl("get", "service", "hello", "-o", "jsonpath={.spec.clusterIP}");
	const { items: pods } = await kubectl.json<List>("get", "pods", "-l", "app=hello");
	for (const host of HOSTS) {
		const client = pods.find((pod) => pod.spec.nodeName === host)!.metadata.name;
		const inPod = (...command: string[]) => kubectl("exec", client, "--", ...command);
		for (const name of [
			"hello",
			`hello.${kubectl.namespace}`,
			`hello.${kubectl.namespace}.svc.cluster.local`,
			ip,
		]) {
			t.is(namesIn(await inPod(...ask(`http://${name}/`, 60))).size, 6, `${name} from ${host}`);
		}
		for (const pod of pods) {
			t.regex(await inPod("curl", "-s", "--max-time", "3", `http://${pod.status.podIP}:8080/`), HELLO);
		}
	}
});

test("the NodePort answers on every host's address, from every host and from outside", async (t) => {
	const { items } = await kubectl.json<List>("get", "nodes");
	const addresses = items.map(
		(node) => node.status.addresses.find((each) => each.type === "InternalIP")!.address,
	);
	t.is(addresses.length, 3);
	for (const address of addresses) {
		const url = `http://${address}:30080/`;
		const fromOutside = await answers(async () => (await fetch(url)).text());
		t.true(fromOutside.size > 1);
		for (const host of HOSTS)
			t.true(namesIn(await onHost(host, ...ask(url, 10))).size > 1, `${url} from ${host}`);
	}
});

test("ClientIP affinity keeps a client with one pod", async (t) => {
	await kubectl("patch", "service", "hello", "-p", '{"spec":{"sessionAffinity":"ClientIP"}}');
	const ip = await kubectl("get", "service", "hello", "-o", "jsonpath={.spec.clusterIP}");
	await eventually(async () => {
		const names = namesIn(await onHost("host-1", ...ask(`http://${ip}/`, 20)));
		expect(names.size === 1, `${names.size} pods answered`);
	});
	await kubectl("patch", "service", "hello", "-p", '{"spec":{"sessionAffinity":"None"}}');
	t.pass();
});

test("names: SRV, headless, pod host names, ExternalName and what does not exist", async (t) => {
	await kubectl.apply(`
apiVersion: v1
kind: Service
metadata: {name: peers}
spec: {clusterIP: None, selector: {app: peer}, ports: [{name: web, port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: elsewhere}
spec: {type: ExternalName, externalName: hello.${kubectl.namespace}.svc.cluster.local}
---
apiVersion: v1
kind: Pod
metadata: {name: peer, labels: {app: peer}}
spec:
  hostname: first
  subdomain: peers
  containers: [{name: peer, image: "berth/hello:1"}]
`);
	await kubectl("wait", "--for=condition=Ready", "pod/peer", "--timeout=60s");
	const ip = (await kubectl("get", "pod", "peer", "-o", "jsonpath={.status.podIP}")).trim();
	const lookup = (name: string) => kubectl.try("exec", "peer", "--", "getent", "ahostsv4", name);
	const domain = `${kubectl.namespace}.svc.cluster.local`;
	for (const name of [
		"peers",
		`first.peers.${domain}`,
		`${ip.replaceAll(".", "-")}.${kubectl.namespace}.pod.cluster.local`,
	]) {
		await eventually(
			async () => expect((await lookup(name)).stdout.startsWith(ip), `${name} is not ${ip}`),
			20,
		);
	}
	t.is((await lookup("nobody")).code, 2);
	t.regex(await kubectl("exec", "peer", "--", "curl", "-s", "http://elsewhere/"), HELLO);
	t.is((await kubectl("exec", "peer", "--", "hostname", "-f")).trim(), `first.peers.${domain}`);
	const srv = await onHost("host-1", "dig", "+short", "@10.96.0.10", "SRV", `_web._tcp.peers.${domain}`);
	t.is(srv.trim(), `0 100 8080 first.peers.${domain}.`);
	const ptr = await onHost("host-1", "dig", "+short", "@10.96.0.10", "-x", ip);
	t.is(ptr.trim(), `first.peers.${domain}.`);
});

test("a pod whose readiness probe fails leaves the service, and comes back", async (t) => {
	const [pod = ""] = (await kubectl("get", "pods", "-l", "app=hello", "-o", "name")).split("\n");
	const ip = await kubectl("get", "service", "hello", "-o", "jsonpath={.spec.clusterIP}");
	const name = pod.replace("pod/", "");
	await kubectl("exec", name, "--", "touch", "/tmp/not-ready");
	await kubectl("wait", "--for=condition=Ready=false", pod, "--timeout=30s");
	await eventually(async () => {
		const names = namesIn(await onHost("host-2", ...ask(`http://${ip}/`, 50)));
		expect(!names.has(name) && names.size === 5, `answers came from ${[...names]}`);
	});
	const described = await kubectl("describe", pod);
	t.regex(described, /Warning\s+Unhealthy.*Readiness probe failed: HTTP probe failed with statuscode: 503/);
	await kubectl("exec", name, "--", "rm", "/tmp/not-ready");
	await kubectl("wait", "--for=condition=Ready", pod, "--timeout=30s");
	await eventually(async () =>
		expect(namesIn(await onHost("host-2", ...ask(`http://${ip}/`, 60))).has(name), `${name} does not answer`),
	);
});

test("a service without endpoints refuses at once", async (t) => {
	await kubectl("create", "service", "clusterip", "empty", "--tcp=80:80");
	const ip = await kubectl("get", "service", "empty", "-o", "jsonpath={.spec.clusterIP}");
	await eventually(async () => {
		const result = await onHost("host-1", "sh", "-c", `curl -s --max-time 2 http://${ip}/; echo $?`);
		expect(result.trim() === "7", `curl ended with ${result}`);
	});
	t.pass();
});

test("the API server is reached from pods at kubernetes.default", async (t) => {
	const version = await kubectl("exec", "peer", "--", "curl", "-sk", "https://kubernetes.default/version");
	t.is(JSON.parse(version).major, "1");
	t.truthy(
		await kubectlIn("default")(
			"get",
			"endpointslices",
			"-l",
			"kubernetes.io/service-name=kubernetes",
			"-o",
			"name",
		),
	);
});

test("a pod speaks to the API server with its service account's token", async (t) => {
	const secrets = "/var/run/secrets/kubernetes.io/serviceaccount";
	const ask = `curl -s --cacert ${secrets}/ca.crt -H "Authorization: Bearer $(cat ${secrets}/token)" https://kubernetes.default/api/v1/namespaces/$(cat ${secrets}/namespace)/pods`;
	const refused = JSON.parse(await kubectl("exec", "peer", "--", "sh", "-c", ask));
	t.is(refused.code, 403);
	t.regex(refused.message, /User "system:serviceaccount:e2e-service:default" cannot list resource "pods"/);
	await kubectl(
		"create",
		"rolebinding",
		"view",
		"--clusterrole=view",
		"--serviceaccount=e2e-service:default",
	);
	const { items } = JSON.parse(await kubectl("exec", "peer", "--", "sh", "-c", ask));
	t.true(items.length > 0);
});
