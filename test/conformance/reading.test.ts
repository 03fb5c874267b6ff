/** What kubectl shows: its commands that only read, and their columns and words. */
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await cluster.addNode("one", { labels: { zone: "a" } });
	await kubectl.must("apply -f -", WEB);
	await kubectl.must("rollout status deployment/web --timeout=20s");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: main
        image: nginx:1
        ports: [{containerPort: 80, name: http}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
`;

test("tables have Kubernetes' columns", async (t) => {
	const heads = {
		"get pods": /^NAME +READY +STATUS +RESTARTS +AGE\nweb-\w+-\w{5} +1\/1 +Running +0 +\d+s\n/,
		"get pods -o wide":
			/AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n.* 10\.244\.0\.\d+ +one +<none> +<none>/,
		"get deployments": /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+s$/,
		"get deployments -o wide": /AGE +CONTAINERS +IMAGES +SELECTOR\n.* main +nginx:1 +app=web$/,
		"get replicasets": /^NAME +DESIRED +CURRENT +READY +AGE\nweb-\w+ +2 +2 +2 /,
		"get services -o wide":
			/^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE +SELECTOR\nkubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP .*\nweb +ClusterIP +10\.96\.\d+\.\d+ +<none> +80\/TCP +\d+s +app=web$/,
		"get nodes -o wide":
			/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME\none +Ready +<none> /,
		"get namespaces": /^NAME +STATUS +AGE\ndefault +Active +\d+s\nkube-node-lease +Active/,
		"get endpoints web": /NAME +ENDPOINTS +AGE\nweb +10\.244\.0\.\d+:80,10\.244\.0\.\d+:80 +\d+s/,
		"get endpointslices -l kubernetes.io/service-name=web":
			/^NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE\nweb-\w{5} +IPv4 +80 +10\.244\.0\.\d+,10\.244\.0\.\d+ /,
		"get configmaps": /^NAME +DATA +AGE\nkube-root-ca.crt +1 /,
		"get serviceaccounts": /^NAME +(?:SECRETS +)?AGE\ndefault +/,
		"get leases -n kube-node-lease": /^NAME +HOLDER +AGE\none +one +/,
		"get clusterroles view": /^NAME +CREATED AT\nview +\d{4}-\d\d-\d\dT/,
		"get clusterrolebindings cluster-admin -o wide":
			/^NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\ncluster-admin +ClusterRole\/cluster-admin +\d+s +system:masters/,
		"get all": /pod\/web-.*service\/web .*deployment\.apps\/web .*replicaset\.apps\/web-/s,
	};
	for (const [line, pattern] of Object.entries(heads)) t.regex(await kubectl(line), pattern, line);
});

test("events: last seen first, the name last and only when wide", async (t) => {
	t.regex(
		await kubectl("get events"),
		/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n(?:.*\n)*\d+s +Normal +ScalingReplicaSet +deployment\/web +Scaled up replica set web-\w+ from 0 to 2/,
	);
	t.regex(
		await kubectl("get events -o wide"),
		/^LAST SEEN +TYPE +REASON +OBJECT +SUBOBJECT +SOURCE +MESSAGE +FIRST SEEN +COUNT +NAME\n/,
	);
	t.regex(await kubectl("events --for=deployment/web"), /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
	t.regex(
		await kubectl("get events --field-selector=reason=Scheduled,involvedObject.kind=Pod -o name"),
		/^event\/web-/,
	);
});

test("output in every form", async (t) => {
	t.is(await kubectl("get deployment web -o name"), "deployment.apps/web");
	t.is(await kubectl("get deployment web -o jsonpath={.status.readyReplicas}"), "2");
	t.regex(
		await kubectl("get deployment web -o yaml"),
		/^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n/,
	);
	t.regex(
		await kubectl("get pods -o custom-columns=N:.metadata.labels.app,I:.spec.containers[0].image"),
		/^N +I\nweb +nginx:1\nweb +nginx:1$/,
	);
	t.is(
		await kubectl("get pods -l app=web -o go-template={{len(.items)}}").then((text) => text.length > 0),
		true,
	);
	t.regex(await kubectl("get pods --show-labels"), /LABELS\n.*app=web,pod-template-hash=/);
	t.regex(await kubectl("get nodes -L zone"), /ZONE\none .* a$/);
	t.is((await kubectl("get pods --chunk-size=1 -o name")).split("\n").length, 2);
	t.regex(await kubectl("get pods --sort-by=.metadata.name"), /NAME .*\n(?:web-.*\n?){2}/);
	t.regex(
		await kubectl("get deployment web --subresource=scale -o jsonpath={.spec.replicas}/{.status.selector}"),
		/^2\/app=web$/,
	);
});

test("selectors", async (t) => {
	t.is((await kubectl("get pods -l 'app in (web,x),!z' -o name")).split("\n").length, 2);
	t.is(await kubectl("get pods -l app!=web -o name"), "");
	t.is(
		(await kubectl("get pods --field-selector=spec.nodeName=one,status.phase=Running -o name")).split("\n")
			.length,
		2,
	);
	t.is(await kubectl("get services --field-selector=metadata.name=web -o name"), "service/web");
	t.is(
		await kubectl("get pods --field-selector=metadata.bogus=1"),
		'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "metadata.bogus=1": field label not supported: metadata.bogus',
	);
});

test("describe", async (t) => {
	const expected = {
		"describe deployment web": [
			/Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/,
			/StrategyType: +RollingUpdate/,
			/RollingUpdateStrategy: +25% max unavailable, 25% max surge/,
			/Available +True +MinimumReplicasAvailable\n +Progressing +True +NewReplicaSetAvailable/,
			/NewReplicaSet: +web-\w+ \(2\/2 replicas created\)/,
		],
		"describe pod -l app=web": [
			/Controlled By: +ReplicaSet\/web-/,
			/QoS Class: +Burstable/,
			/Tolerations: +node\.kubernetes\.io\/not-ready:NoExecute op=Exists for 300s\n +node\.kubernetes\.io\/unreachable:NoExecute op=Exists for 300s/,
			/Normal +Scheduled +\d+s +default-scheduler +Successfully assigned default\/web-\S+ to one/,
		],
		"describe node one": [
			/PodCIDR: +10\.244\.0\.0\/24/,
			/Lease:\n +HolderIdentity: +one/,
			/Non-terminated Pods: +\(2 in total\)/,
			/cpu +200m \(5%\) +0 \(0%\)/,
			/Normal +RegisteredNode .* Node one event: Registered Node one in Controller/,
		],
		"describe service web": [/TargetPort: +http\/TCP/, /Endpoints: +10\.244\.0\.\d+:80,10\.244\.0\.\d+:80/],
		"describe clusterrole view": [/configmaps +\[\] +\[\] +\[get list watch\]/],
		"describe namespace default": [/Status: +Active/],
	};
	for (const [line, patterns] of Object.entries(expected)) {
		const text = await kubectl(line);
		for (const pattern of patterns) t.regex(text, pattern, line);
	}
});

test("what the server offers", async (t) => {
	t.regex(await kubectl("version"), /Server Version: v1\.36\./);
	t.regex(await kubectl("cluster-info"), /Kubernetes control plane is running at .*https:\/\/127\.0\.0\.1/);
	t.regex(await kubectl("api-versions"), /^apps\/v1\n(?:.*\n)*v1$/m);
	const resources = await kubectl("api-resources");
	t.regex(resources, /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n/);
	for (const line of [
		/^pods +po +v1 +true +Pod$/m,
		/^nodes +no +v1 +false +Node$/m,
		/^deployments +deploy +apps\/v1 +true +Deployment$/m,
		/^endpointslices +discovery\.k8s\.io\/v1 +true +EndpointSlice$/m,
	]) {
		t.regex(resources, line);
	}
	t.regex(await kubectl("api-resources --verbs=list --namespaced=false -o name"), /^namespaces\nnodes\n/);
	t.is(await kubectl("top nodes"), "error: metrics not available yet");
	t.is(await kubectl("get --raw=/livez"), "ok");
	t.regex(await kubectl("get --raw=/readyz?verbose"), /\[\+\]ping ok\n(?:.*\n)*readyz check passed$/);
	t.regex(await kubectl("get --raw=/apis/apps/v1"), /"kind":"APIResourceList"/);
	t.regex(await kubectl("config view --minify -o jsonpath={.clusters[0].cluster.server}"), /^https:/);
});

test("explain", async (t) => {
	t.regex(
		await kubectl("explain deployment.spec.replicas"),
		/GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: replicas <integer>/,
	);
	t.regex(await kubectl("explain pod.spec.containers"), /FIELD: containers <\[\]Container>.*-required-/s);
	t.regex(await kubectl("explain service --recursive"), /clusterIP\t<string>/);
	t.regex(
		await kubectl("explain deployment.spec.replicas --output plaintext-openapiv2"),
		/FIELD: +replicas <integer>/,
	);
	t.regex(await kubectl("explain pod.spec.nothing"), /field "nothing" does not exist/);
	t.regex(await kubectl("explain nothing"), /the server doesn't have a resource type "nothing"/);
});

test("what is not there is said in Kubernetes' words", async (t) => {
	t.is(await kubectl("get pods nobody"), 'Error from server (NotFound): pods "nobody" not found');
	t.is(await kubectl("get secrets"), "No resources found in default namespace.");
	t.is(await kubectl("get pods -n nowhere"), "No resources found in nowhere namespace.");
	t.regex(await kubectl("get unicorns"), /the server doesn't have a resource type "unicorns"/);
	t.is(
		await kubectl("get --raw=/apis/nothing/v1"),
		"Error from server (NotFound): the server could not find the requested resource",
	);
});

test("who may do what", async (t) => {
	t.regex(await kubectl("auth whoami"), /Username +admin\nGroups +\[system:masters system:authenticated\]/);
	t.is(await kubectl("auth can-i create pods"), "yes");
	t.is(await kubectl("auth can-i create pods --as=jane"), "no");
	t.regex(await kubectl("auth can-i --list --as=jane"), /selfsubjectreviews\.authentication\.k8s\.io/);
	t.is(
		await kubectl("get pods --as=jane"),
		'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
	);
	t.is(
		await kubectl("get nodes --as=system:serviceaccount:default:default"),
		'Error from server (Forbidden): nodes is forbidden: User "system:serviceaccount:default:default" cannot list resource "nodes" in API group "" at the cluster scope',
	);
	await kubectl.must("create rolebinding jane-views --clusterrole=view --user=jane");
	t.regex(await kubectl("get pods --as=jane"), /^NAME +READY/);
	t.is(await kubectl("auth can-i get secrets --as=jane"), "no");
	t.is(await kubectl("auth can-i delete pods --as=jane"), "no");
	t.is(await kubectl("auth can-i list pods --as=jane -n kube-system"), "no");
	const token = await kubectl.must("create token default --duration=10m");
	t.regex(
		await kubectl(
			`auth whoami --kubeconfig=/dev/null --server=${cluster.url} --insecure-skip-tls-verify --token=${token}`,
		),
		/Username +system:serviceaccount:default:default/,
	);
	t.regex(
		await kubectl(
			`get pods --kubeconfig=/dev/null --server=${cluster.url} --insecure-skip-tls-verify --token=nonsense`,
		),
		/You must be logged in to the server \(Unauthorized\)/,
	);
});

test("a node reaches no further than itself", async (t) => {
	const as = "--as=system:node:one --as-group=system:nodes --as-group=system:authenticated";
	t.is(await kubectl(`auth can-i list secrets -A ${as}`), "no");
	t.is(
		await kubectl(`label node two a=b ${as} --dry-run=server`),
		'Error from server (NotFound): nodes "two" not found',
	);
	t.regex(
		await kubectl(`label node one node-role.kubernetes.io/control-plane= ${as}`),
		/node "one" is not allowed to modify labels: node-role\.kubernetes\.io\/control-plane$/,
	);
	t.regex(await kubectl(`taint node one a=b:NoSchedule ${as}`), /node "one" is not allowed to modify taints/);
	t.regex(await kubectl(`delete node one ${as}`), /User "system:node:one" cannot delete resource "nodes"/);
	t.regex(await kubectl(`create configmap x ${as}`), /cannot create resource "configmaps"/);
});

test("nobody in the control plane lacks a right", (t) => {
	t.notRegex(cluster.log(), /forbidden|"level":"error"/);
});
