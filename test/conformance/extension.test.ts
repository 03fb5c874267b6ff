/** Stock kubectl against a server that others extend: admission webhooks, and an extension API server. */
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import test from "ava";
import { answering, startFarServer } from "../../packages/apiserver/src/http/testing/far-server.ts";
import { type Cluster, startCluster } from "./cluster.ts";

let cluster: Cluster;
test.before(async () => {
	cluster = await startCluster();
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

/** Services lead to endpoints, which are never loopback addresses. */
const address = Object.values(networkInterfaces())
	.flat()
	.find((entry) => entry && !entry.internal && isIPv4(entry.address))?.address;

test("webhooks refuse, warn and change what kubectl sends", async (t) => {
	const { kubectl } = cluster;
	await using far = await startFarServer(
		answering(({ request, ...review }, { url = "" }) => {
			const { uid, object } = request;
			const patch = Buffer.from('[{"op":"add","path":"/data/added","value":"yes"}]').toString("base64");
			const response = url.startsWith("/mutate")
				? { allowed: true, patchType: "JSONPatch", patch }
				: object?.data?.bad
					? { allowed: false, status: { message: "bad data" } }
					: { allowed: true, warnings: ["seen by a webhook"] };
			return { ...review, response: { uid, ...response } };
		}),
	);
	const configuration = (kind: string, path: string) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: {name: ${path}}
webhooks:
- name: ${path}.example.com
  clientConfig: {url: "${far.url}/${path}", caBundle: ${far.caBundle}}
  rules: [{operations: [CREATE, UPDATE], apiGroups: [""], apiVersions: [v1], resources: [configmaps]}]
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}
  sideEffects: None
  admissionReviewVersions: [v1]
`;
	await kubectl.must("apply -f -", configuration("ValidatingWebhookConfiguration", "validate"));
	await kubectl.must("apply -f -", configuration("MutatingWebhookConfiguration", "mutate"));
	t.is(
		await kubectl("create configmap refused --from-literal=bad=1"),
		'error: failed to create configmap: admission webhook "validate.example.com" denied the request: bad data',
	);
	t.regex(await kubectl("create configmap fine --from-literal=good=1"), /^Warning: seen by a webhook$/m);
	t.deepEqual((await kubectl.json<{ data: object }>("get configmap fine")).data, { good: "1", added: "yes" });
	t.regex(await kubectl("create configmap dry --from-literal=a=1 --dry-run=server -o yaml"), /added: "yes"/);
	t.regex(await kubectl("get validatingwebhookconfigurations"), /^validate +1 /m);
	await kubectl.must("delete mutatingwebhookconfigurations,validatingwebhookconfigurations --all");
	await kubectl.must("create configmap bad --from-literal=bad=1");
});

(address ? test : test.skip)("an extension server is one of the API's own", async (t) => {
	const { kubectl } = cluster;
	const groupVersion = "wardle.example.com/v1alpha1";
	const flunder = {
		apiVersion: groupVersion,
		kind: "Flunder",
		metadata: { name: "one", namespace: "default" },
	};
	await using far = await startFarServer(
		(request, response) => {
			const { url = "", headers } = request;
			const answer = (value: object) => response.end(JSON.stringify(value));
			response.setHeader("content-type", "application/json");
			if (url.split("?", 1)[0] === `/apis/${groupVersion}`) {
				const verbs = ["get", "list"];
				const resource = {
					name: "flunders",
					singularName: "flunder",
					namespaced: true,
					kind: "Flunder",
					verbs,
				};
				answer({ kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: [resource] });
			} else if (url.includes("/flunders/one")) {
				answer({ ...flunder, spec: { user: headers["x-remote-user"] } });
			} else {
				response.writeHead(404).end("{}");
			}
		},
		{ address: address ?? "", names: ["wardle.default.svc"] },
	);
	await kubectl.must(
		"apply -f -",
		`
apiVersion: v1
kind: Service
metadata: {name: wardle, namespace: default}
spec: {ports: [{port: 443}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: wardle, namespace: default}
subsets: [{addresses: [{ip: ${address}}], ports: [{port: ${far.port}}]}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1alpha1.wardle.example.com}
spec:
  group: wardle.example.com
  version: v1alpha1
  groupPriorityMinimum: 2000
  versionPriority: 200
  caBundle: ${far.caBundle}
  service: {namespace: default, name: wardle}
`,
	);
	await kubectl.must("wait --for=condition=Available apiservice/v1alpha1.wardle.example.com --timeout=20s");
	const services = await kubectl("get apiservices");
	t.regex(services, /^v1alpha1\.wardle\.example\.com +default\/wardle +True /m);
	t.regex(services, /^v1\.apps +Local +True /m);
	t.regex(
		await kubectl("api-resources --api-group=wardle.example.com"),
		/^flunders +wardle\.example\.com\/v1alpha1 +true +Flunder$/m,
	);
	const got = await kubectl.json<{ spec: { user: string } }>("get flunder one");
	t.truthy(got.spec.user);
	await kubectl.must("delete service wardle");
	await kubectl.must(
		"wait --for=condition=Available=false apiservice/v1alpha1.wardle.example.com --timeout=20s",
	);
	t.regex(await kubectl("get apiservices"), /default\/wardle +False \(ServiceNotFound\) /);
	t.regex(
		await kubectl(`get --raw /apis/${groupVersion}/namespaces/default/flunders/one`),
		/the server is currently unable to handle the request/,
	);
});
