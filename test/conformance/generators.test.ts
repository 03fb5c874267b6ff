/** Everything that `kubectl create`, `run`, `expose`, `autoscale` and `set` write for their users. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@berth/api";
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await kubectl.must("create deployment web --image=v:1");
	const { certificatePem, keyPem } = await cluster.pki.clientCertificate({ user: "web" });
	writeFileSync(join(cluster.directory, "web.pem"), certificatePem);
	writeFileSync(join(cluster.directory, "web.key"), keyPem);
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

interface Row {
	/** The command after `kubectl`. */
	readonly make: string;
	/** What was made, and one of its lines in a table. */
	readonly get: string;
	readonly row: RegExp;
}

/** Commands that only create; each is tried as a dry run of the server first. */
const ROWS: readonly Row[] = [
	{
		make: "create job once --image=done -- run it",
		get: "job.batch/once -o wide",
		row: /^once +Running +0\/1 .* once +done +batch\.kubernetes\.io\/controller-uid=/m,
	},
	{
		make: "create cronjob hourly --image=done --schedule='0 * * * *'",
		get: "cronjob.batch/hourly",
		row: /^hourly +0 \* \* \* \* +<none> +False +0 +<none> /m,
	},
	{
		make: "create ingress paths --class=front --rule='web.example.com/api*=web:80,tls=web'",
		get: "ingress.networking.k8s.io/paths",
		row: /^paths +front +web\.example\.com +80, 443 /m,
	},
	{
		make: "create ingress all --default-backend=web:http",
		get: "ingress.networking.k8s.io/all",
		row: /^all +<none> +\* +80 /m,
	},
	{
		make: "create pdb keep --selector=app=web --min-available=50%",
		get: "poddisruptionbudget.policy/keep",
		row: /^keep +50% +N\/A +0 /m,
	},
	{
		make: "create quota much --hard=cpu=1,memory=1G,pods=20 --scopes=NotBestEffort",
		get: "resourcequota/much -o jsonpath={.spec}",
		row: /^\{"hard":\{"cpu":"1","memory":"1G","pods":"20"\},"scopes":\["NotBestEffort"\]\}$/,
	},
	{
		make: "create priorityclass important --value=1000 --preemption-policy=Never --description=first",
		get: "priorityclass.scheduling.k8s.io/important",
		row: /^important +1000 +false +\d+s +Never$/m,
	},
	{
		make: "create clusterrole reads --verb=get,list --resource=pods,deployments.apps/scale --resource-name=a",
		get: "clusterrole.rbac.authorization.k8s.io/reads -o jsonpath={.rules[1]}",
		row: /"apiGroups":\["apps"\],"resourceNames":\["a"\],"resources":\["deployments\/scale"\]/,
	},
	{
		make: "create clusterrole urls --verb=get --non-resource-url=/logs/*",
		get: "clusterrole.rbac.authorization.k8s.io/urls -o jsonpath={.rules}",
		row: /^\[\{"nonResourceURLs":\["\/logs\/\*"\],"verbs":\["get"\]\}\]$/,
	},
	{
		make: "create clusterrolebinding may --clusterrole=reads --user=u --group=g --serviceaccount=default:default",
		get: "clusterrolebinding.rbac.authorization.k8s.io/may -o wide",
		row: /^may +ClusterRole\/reads +\d+s +u +g +default\/default$/m,
	},
	{
		make: "create rolebinding may --role=reads --user=u",
		get: "rolebinding.rbac.authorization.k8s.io/may -o wide",
		row: /^may +Role\/reads +\d+s +u$/m,
	},
	{
		make: "create secret docker-registry pull --docker-server=r --docker-username=u --docker-password=p",
		get: "secret/pull",
		row: /^pull +kubernetes\.io\/dockerconfigjson +1 /m,
	},
	{ make: "create secret tls cert --cert=web.pem --key=web.key", get: "secret/cert", row: /tls +2 / },
	{
		make: "create service clusterip inside --tcp=80:8080",
		get: "service/inside",
		row: /^inside +ClusterIP +10\.96\.\d+\.\d+ +<none> +80\/TCP /m,
	},
	{
		make: "create service clusterip headless --clusterip=None",
		get: "service/headless",
		row: /^headless +ClusterIP +None +<none> +<none> /m,
	},
	{
		make: "create service nodeport door --tcp=80 --node-port=30111",
		get: "service/door",
		row: /^door +NodePort +\S+ +<none> +80:30111\/TCP /m,
	},
	{
		make: "create service loadbalancer outside --tcp=80",
		get: "service/outside",
		row: /^outside +LoadBalancer +\S+ +<pending> +80:3\d{4}\/TCP /m,
	},
	{
		make: "create service externalname elsewhere --external-name=example.com",
		get: "service/elsewhere",
		row: /^elsewhere +ExternalName +<none> +example\.com +<none> /m,
	},
	{
		make: "autoscale deployment web --min=1 --max=3 --cpu-percent=80",
		get: "horizontalpodautoscaler.autoscaling/web",
		row: /^web +Deployment\/web +cpu: <unknown>\/80% +1 +3 +0 /m,
	},
	{
		make: "expose deployment web --port=80 --target-port=http --session-affinity=ClientIP",
		get: "service/web -o jsonpath={.spec.selector.app}/{.spec.ports[0].targetPort}/{.spec.sessionAffinityConfig.clientIP.timeoutSeconds}",
		row: /^web\/http\/10800$/,
	},
	{
		make: "run alone --image=v:1 --labels=a=b --env=C=d --port=80 --expose",
		get: "pod/alone -o jsonpath={.metadata.labels.a}/{.spec.containers[0].env[0].value}/{.spec.restartPolicy}",
		row: /^b\/d\/Always$/,
	},
];

for (const { make, get, row } of ROWS) {
	test(make, async (t) => {
		const command = make.replaceAll(/=(web\.\w{3})\b(?!\.)/g, `=${cluster.directory}/$1`);
		const what = get.split(" ", 1)[0];
		const [verb = "", ...rest] = command.split(/ (?=--image|--)/);
		t.regex(
			await kubectl.must([verb, "--dry-run=server", "-o name", ...rest].join(" ")),
			new RegExp(`^${what}$`, "m"),
		);
		t.regex(await kubectl(`get ${what}`), /\(NotFound\)/);
		await kubectl.must(command);
		t.regex(await kubectl.must(`get ${get}`), row);
		t.regex(await kubectl.must(`describe ${what}`), /^Name:/);
		t.regex(await kubectl(command), /already exists/);
	});
}

test("set: image, environment, resources, account, selector, subject", async (t) => {
	await kubectl.must("create deployment set --image=v:1");
	await kubectl.must("create configmap letters --from-literal=x=y");
	await kubectl.must("create service clusterip set --tcp=80");
	await kubectl.must("create rolebinding set --clusterrole=view --user=first");
	const said = {
		"set image deployment/set v=v:2": "deployment.apps/set image updated",
		"set env deployment/set A=b": "deployment.apps/set env updated",
		"set env deployment/set --from=configmap/letters --prefix=P_": "deployment.apps/set env updated",
		"set resources deployment set --limits=cpu=200m --requests=cpu=100m":
			"deployment.apps/set resource requirements updated",
		"set serviceaccount deployment set other": "deployment.apps/set serviceaccount updated",
		"set selector service set a=b": "service/set selector updated",
		"set subject rolebinding set --user=second": "rolebinding.rbac.authorization.k8s.io/set subjects updated",
	};
	for (const [line, text] of Object.entries(said)) {
		const answer = await kubectl.must(line);
		t.true(answer.endsWith(text), answer);
	}
	t.is(
		await kubectl.must("set env deployment/set --list"),
		"# Deployment set, container v\nA=b\n# P_X from configmap letters, key x",
	);
	const { spec } = await kubectl.json<Deployment>("get deployment set");
	t.like(spec.template.spec, { serviceAccountName: "other", serviceAccount: "other" });
	t.like(spec.template.spec?.containers[0], {
		image: "v:2",
		resources: { limits: { cpu: "200m" }, requests: { cpu: "100m" } },
	});
	t.is(await kubectl("get service set -o jsonpath={.spec.selector}"), '{"a":"b"}');
	t.is(await kubectl("get rolebinding set -o jsonpath={.subjects[*].name}"), "first second");
});

test("a token for someone, for so long, for these readers", async (t) => {
	const token = await kubectl.must("create token default --duration=20m --audience=vault --audience=mine");
	const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
	t.deepEqual(claims.aud, ["vault", "mine"]);
	t.is(claims.exp - claims.iat, 20 * 60);
	t.regex(
		await kubectl("create token default --duration=5m"),
		/spec\.expirationSeconds: Invalid value: 300: may not specify a duration less than 10 minutes/,
	);
	t.regex(await kubectl("create token nobody"), /serviceaccounts "nobody" not found/);
	const bound = await kubectl.must(
		`create token default --bound-object-kind=Secret --bound-object-name=${await aSecret()}`,
	);
	t.is(bound.split(".").length, 3);
});

async function aSecret(): Promise<string> {
	await kubectl.must("create secret generic bound");
	return "bound";
}

test("a job from a cron job is its own", async (t) => {
	await kubectl.must("create cronjob template --image=done --schedule='@daily'");
	await kubectl.must("create job now --from=cronjob/template");
	t.is(
		await kubectl(
			"get job now -o jsonpath={.metadata.ownerReferences[0].kind}/{.metadata.annotations.cronjob\\.kubernetes\\.io/instantiate}",
		),
		"CronJob/manual",
	);
});
