/** The stock client against a whole server: discovery, validation, printing, every write. Skipped where there is no kubectl. */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;
const withKubectl = hasKubectl ? test.serial : test.serial.skip;

let server: TestServer;
let home: string;
test.before(async () => {
	server = await startTestServer();
	home = join(server.directory, "home");
	await mkdir(home);
	await writeFile(
		join(home, "config"),
		await server.api.kubeconfig({ user: "admin", groups: ["system:masters"] }),
	);
	await server.ask("POST", "/api/v1/namespaces/default/serviceaccounts", {
		body: { metadata: { name: "default" } },
	});
});
test.after.always(() => server?.[Symbol.asyncDispose]());

/** Standard output and error together. */
function kubectl(line: string, input = ""): Promise<string> {
	return new Promise((resolve) => {
		const env = { ...process.env, HOME: home, KUBECONFIG: join(home, "config") };
		const child = execFile("kubectl", line.split(" "), { env, timeout: 20_000 }, (_error, stdout, stderr) =>
			resolve(`${stdout}${stderr}`.trim()),
		);
		child.stdin?.end(input);
	});
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: c
        image: nginx
        ports: [{containerPort: 80}]
`;

withKubectl("get, in all its forms", async (t) => {
	t.regex(await kubectl("get namespaces"), /^NAME +STATUS +AGE\ndefault +Active +\d+s\n/);
	t.regex(
		await kubectl("get svc kubernetes -o wide"),
		/kubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP/,
	);
	t.is(await kubectl("get ns default -o jsonpath={.status.phase}"), "Active");
	t.regex(await kubectl("get ns default -o yaml"), /kubernetes\.io\/metadata\.name: default/);
	t.is(await kubectl("get pods"), "No resources found in default namespace.");
	t.is(await kubectl("get pods nope"), 'Error from server (NotFound): pods "nope" not found');
	t.regex(await kubectl("get nonsense"), /the server doesn't have a resource type "nonsense"/);
	t.is(
		await kubectl("get --raw=/readyz?verbose"),
		"[+]ping ok\n[+]store ok\n[+]shutdown ok\nreadyz check passed",
	);
});

withKubectl("apply, twice, and what validation says", async (t) => {
	t.is(await kubectl("apply -f -", DEPLOYMENT), "deployment.apps/web created");
	t.is(await kubectl("apply -f -", DEPLOYMENT), "deployment.apps/web unchanged");
	t.is(
		await kubectl("apply -f -", DEPLOYMENT.replace("replicas: 2", "replicas: 3")),
		"deployment.apps/web configured",
	);
	t.is(await kubectl("diff -f -", DEPLOYMENT.replace("replicas: 2", "replicas: 3")), "");
	const misspelt = DEPLOYMENT.replace("name: web", "name: other").replace("replicas", "replcas");
	t.regex(await kubectl("apply -f -", misspelt), /strict decoding error: unknown field "spec\.replcas"/);
	t.regex(
		await kubectl("apply -f -", DEPLOYMENT.replace("app: web}}\n  template", "app: x}}\n  template")),
		/field is immutable|selector/,
	);
	t.regex(
		await kubectl("apply -f -", "kind: Pod\napiVersion: v9\nmetadata: {name: x}"),
		/no matches for kind "Pod" in version "v9"/,
	);
	t.regex(await kubectl("get deployments"), /NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/3 +0 +0 /);
});

withKubectl("create, label, annotate, scale, patch, replace, delete", async (t) => {
	t.is(await kubectl("create configmap c --from-literal=a=b"), "configmap/c created");
	t.is(
		await kubectl("create configmap c --from-literal=a=b"),
		'error: failed to create configmap: configmaps "c" already exists',
	);
	t.is(await kubectl("label configmap c x=y"), "configmap/c labeled");
	t.is(await kubectl("annotate configmap c x=y"), "configmap/c annotated");
	t.is(await kubectl("scale deployment web --replicas=5"), "deployment.apps/web scaled");
	t.is(await kubectl("get deployment web -o jsonpath={.spec.replicas}"), "5");
	t.regex(await kubectl('patch configmap c --type=merge -p {"data":{"a":"c"}}'), /configmap\/c patched/);
	t.is(await kubectl("get configmap c -o jsonpath={.data.a}"), "c");
	t.is(await kubectl("create secret generic s --from-literal=k=v"), "secret/s created");
	t.is(await kubectl("get secret s -o jsonpath={.data.k}"), "dg==");
	t.is(await kubectl("create namespace n"), "namespace/n created");
	t.is(await kubectl("delete configmap c"), 'configmap "c" deleted');
	t.regex(
		await kubectl("delete deployment web --wait=false --cascade=orphan"),
		/deployment\.apps "web" deleted/,
	);
});

withKubectl("explain and api-resources", async (t) => {
	t.regex(
		await kubectl("explain deployment.spec.replicas"),
		/KIND: +Deployment\nVERSION: +v1\n\nFIELD: replicas <integer>/,
	);
	t.regex(await kubectl("explain pods.spec.containers"), /FIELD: containers <\[\]Container>.*-required-/s);
	const resources = await kubectl("api-resources");
	t.regex(resources, /\ndeployments +deploy +apps\/v1 +true +Deployment\n/);
	t.regex(resources, /\npods +po +v1 +true +Pod\n/);
	t.regex(
		await kubectl("explain deployment.spec.replicas --output plaintext-openapiv2"),
		/FIELD: +replicas <integer>/,
	);
	t.regex(await kubectl("api-versions"), /^apps\/v1\n/);
});

withKubectl("who may do what", async (t) => {
	t.is(await kubectl("auth can-i create pods"), "yes");
	t.is(await kubectl("auth can-i create pods --as=jane"), "no");
	t.regex(await kubectl("auth whoami"), /Username +admin\nGroups +\[system:masters system:authenticated\]/);
	t.regex(await kubectl("auth can-i --list --as=jane"), /selfsubjectaccessreviews\.authorization\.k8s\.io/);
	t.is(
		await kubectl("get pods --as=jane"),
		'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
	);
	t.is(
		await kubectl("create role reader --verb=get,list --resource=pods"),
		"role.rbac.authorization.k8s.io/reader created",
	);
	t.regex(await kubectl("create rolebinding reader --role=reader --user=jane"), /created$/);
	t.is(await kubectl("get pods --as=jane"), "No resources found in default namespace.");
});

withKubectl("create token gives a token that works", async (t) => {
	const token = await kubectl("create token default --duration=20m");
	const { json } = await server.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
		body: {},
		token,
	});
	t.is(json.status.userInfo.username, "system:serviceaccount:default:default");
});

withKubectl("wait and a watched get see changes", async (t) => {
	const watching = kubectl("get configmaps -w --request-timeout=2s -o name");
	const waiting = kubectl("wait --for=create configmap/late --timeout=10s");
	await new Promise((resolve) => setTimeout(resolve, 500));
	await kubectl("create configmap late");
	t.regex(await waiting, /configmap\/late condition met/);
	t.regex(await watching, /configmap\/late/);
});
