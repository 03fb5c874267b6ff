import test from "ava";
import { type HookBench, MERGE, NS, patchOf, ruleFor, startHookBench } from "./testing/hook-bench.ts";

let bench: HookBench;
test.before(async () => {
	bench = await startHookBench();
});
test.after.always(() => bench?.[Symbol.asyncDispose]());

test("subresources: a scale, a status, an eviction, a binding", async (t) => {
	await bench.configure(
		{
			name: "scale",
			label: "",
			mutating: true,
			answer: () => patchOf({ op: "replace", path: "/spec/replicas", value: 7 }),
		},
		{ rules: ruleFor(["deployments/scale"], ["apps"]) },
	);
	const path = "/apis/apps/v1/namespaces/default/deployments";
	const labels = { app: "s" };
	const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
	await bench.server.ask("POST", path, {
		body: { metadata: { name: "s" }, spec: { selector: { matchLabels: labels }, template } },
	});
	const scaled = await bench.server.ask("PATCH", `${path}/s/scale`, {
		body: JSON.stringify({ spec: { replicas: 3 } }),
		headers: MERGE,
	});
	t.is(scaled.json.spec.replicas, 7, scaled.text);
	t.like(bench.questions("scale")[0]?.request, {
		kind: { group: "autoscaling", version: "v1", kind: "Scale" },
		resource: { group: "apps", version: "v1", resource: "deployments" },
		subResource: "scale",
		operation: "UPDATE",
	});
	t.is((await bench.server.ask("GET", `${path}/s`)).json.metadata.generation, 2);

	await bench.configure(
		{ name: "pods", label: "", answer: ({ subResource }) => ({ allowed: subResource !== "eviction" }) },
		{ rules: ruleFor(["pods/*"]) },
	);
	await bench.server.ask("POST", `${NS}/pods`, { body: { metadata: { name: "p" }, spec: template.spec } });
	const body = {
		apiVersion: "v1",
		kind: "Binding",
		metadata: { name: "p" },
		target: { kind: "Node", name: "n" },
	};
	t.is((await bench.server.ask("POST", `${NS}/pods/p/binding`, { body })).code, 201);
	const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } };
	t.is((await bench.server.ask("POST", `${NS}/pods/p/eviction`, { body: eviction })).code, 400);
	const about = bench.questions("pods").filter(({ request }) => request.name === "p");
	t.deepEqual(
		about.map(({ request }) => `${request.operation} ${request.kind.kind} ${request.subResource ?? ""}`),
		["CREATE Pod ", "CREATE Binding binding", "CREATE Eviction eviction"],
	);
});

test("connections into pods", async (t) => {
	const connect = [
		{ operations: ["CONNECT"], apiGroups: ["*"], apiVersions: ["*"], resources: ["pods/attach"] },
	];
	await bench.configure(
		{ name: "attach", label: "", answer: () => ({ allowed: false, status: { message: "no attaching" } }) },
		{ rules: connect },
	);
	const spec = { containers: [{ name: "c", image: "i" }] };
	await bench.server.ask("POST", `${NS}/pods`, { body: { metadata: { name: "streams" }, spec } });
	const reply = await bench.server.ask("POST", `${NS}/pods/streams/attach?stdout=true&container=c`);
	t.like(reply.json, {
		code: 400,
		message: 'admission webhook "attach.example.com" denied the request: no attaching',
	});
	t.like(bench.questions("attach")[0]?.request, {
		kind: { group: "", version: "v1", kind: "PodAttachOptions" },
		subResource: "attach",
		operation: "CONNECT",
		name: "streams",
		object: { kind: "PodAttachOptions", apiVersion: "v1", stdout: true, container: "c" },
	});
	t.is(
		(await bench.server.ask("POST", `${NS}/pods/streams/exec?command=x&stdout=1`)).json.message,
		"Upgrade request required",
	);
});

test("another version of the same objects is the same to a webhook, unless it says otherwise", async (t) => {
	const autoscalers = (apiVersions: string[]) => [
		{
			operations: ["CREATE"],
			apiGroups: ["autoscaling"],
			apiVersions,
			resources: ["horizontalpodautoscalers"],
		},
	];
	const v1 = autoscalers(["v1"]);
	await bench.configure({ name: "hpa", label: "" }, { rules: v1 });
	await bench.configure({ name: "exact", label: "" }, { rules: v1, matchPolicy: "Exact" });
	await bench.configure(
		{
			name: "hpa-change",
			label: "",
			mutating: true,
			answer: () => patchOf({ op: "replace", path: "/spec/targetCPUUtilizationPercentage", value: 33 }),
		},
		{ rules: v1 },
	);
	const metrics = [
		{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
	];
	const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "x" };
	const reply = await bench.server.ask(
		"POST",
		"/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
		{
			body: { metadata: { name: "h" }, spec: { maxReplicas: 3, scaleTargetRef, metrics } },
		},
	);
	t.is(reply.json.spec.metrics[0].resource.target.averageUtilization, 33, reply.text);
	t.like(bench.questions("hpa")[0]?.request, {
		kind: { version: "v1" },
		requestKind: { version: "v2" },
		object: { apiVersion: "autoscaling/v1", spec: { targetCPUUtilizationPercentage: 33 } },
	});
	t.is(bench.questions("exact").length, 0);
});

test("questions about rights pass by webhooks too, whatever namespace they are about", async (t) => {
	const reviews = [
		{ operations: ["CREATE"], apiGroups: ["authorization.k8s.io"], apiVersions: ["v1"], resources: ["*"] },
	];
	await bench.configure({ name: "reviews", label: "" }, { rules: reviews });
	const path = "/apis/authorization.k8s.io/v1/namespaces/missing/localsubjectaccessreviews";
	const spec = { user: "jane", resourceAttributes: { namespace: "missing", verb: "get", resource: "pods" } };
	const reply = await bench.server.ask("POST", path, { body: { metadata: { namespace: "missing" }, spec } });
	t.like(reply.json, { status: { allowed: false } }, reply.text);
	t.is(bench.questions("reviews")[0]?.request.kind.kind, "LocalSubjectAccessReview");
});

test("configurations are beyond the reach of webhooks", async (t) => {
	const everything = [
		{ operations: ["*"], apiGroups: ["admissionregistration.k8s.io"], apiVersions: ["*"], resources: ["*"] },
	];
	const answer = () => ({ allowed: false });
	const wall = await bench.configure({ name: "wall", label: "", answer }, { rules: everything });
	const door = await bench.configure({ name: "door", label: "" });
	t.is((await door.remove()).code, 200);
	t.is((await wall.remove()).code, 200);
	t.is(bench.questions("wall").length, 0);
});
