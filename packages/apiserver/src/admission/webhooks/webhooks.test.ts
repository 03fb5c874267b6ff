import test from "ava";
import { answering, type FarServer, startFarServer } from "../../http/testing/far-server.ts";
import { startTestServer, type TestServer } from "../../http/testing/test-server.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const NS = "/api/v1/namespaces/default";
const MERGE = { "content-type": "application/merge-patch+json" };

let server: TestServer;
let far: FarServer;
/** Every question, by the path it came to. */
const asked: { readonly path: string; readonly url: string; readonly request: Request }[] = [];
// biome-ignore lint/suspicious/noExplicitAny: tests look at questions of every shape
type Request = any;
/** What each path answers; undefined: nothing, ever. */
const answers = new Map<string, (request: Request) => object | undefined>();

test.before(async () => {
	server = await startTestServer();
	await server.ask("POST", `${NS}/serviceaccounts`, { body: { metadata: { name: "default" } } });
	far = await startFarServer(
		answering((review, { url = "" }) => {
			const path = url.split("?", 1)[0] ?? "";
			asked.push({ path, url, request: review.request });
			const response = answers.get(path)?.(review.request);
			return (
				response && { ...review, request: undefined, response: { uid: review.request.uid, ...response } }
			);
		}),
	);
});
test.after.always(async () => {
	await server?.[Symbol.asyncDispose]();
	await far?.[Symbol.asyncDispose]();
});

const patchOf = (...operations: object[]) => ({
	allowed: true,
	patchType: "JSONPatch",
	patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});
const rules = [
	{ operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], scope: "*" },
];
interface Wanted {
	readonly name: string;
	readonly answer?: (request: Request) => object | undefined;
	readonly mutating?: boolean;
	readonly config?: string;
}
/** A webhook that is asked about objects labelled with its test's name only. */
function hook({ name, answer }: Wanted, more: object): object {
	answers.set(`/${name}`, answer ?? (() => ({ allowed: true })));
	return {
		name: `${name}.example.com`,
		clientConfig: { url: `${far.url}/${name}`, caBundle: far.caBundle },
		rules,
		sideEffects: "None",
		admissionReviewVersions: ["v1"],
		timeoutSeconds: 5,
		...more,
	};
}
async function configure(wanted: Wanted & { readonly label: string }, more: object = {}) {
	const kind = wanted.mutating ? "mutatingwebhookconfigurations" : "validatingwebhookconfigurations";
	const name = wanted.config ?? wanted.name;
	const objectSelector = { matchLabels: { test: wanted.label } };
	const webhooks = [hook(wanted, { objectSelector, ...more })];
	const reply = await server.ask("POST", `${GROUP}/${kind}`, { body: { metadata: { name }, webhooks } });
	if (reply.code !== 201) throw new Error(reply.text);
	return { remove: () => server.ask("DELETE", `${GROUP}/${kind}/${name}`) };
}
const make = (label: string, name: string, body: object = {}, query = "") =>
	server.ask("POST", `${NS}/configmaps${query}`, {
		body: { metadata: { name, labels: { test: label } }, ...body },
	});
const questions = (path: string) => asked.filter((each) => each.path === `/${path}`);

test("a refusal carries the webhook's words, code and reason", async (t) => {
	const status = { code: 418, reason: "Teapot", message: "no coffee" };
	let said: object = { allowed: false, status };
	await configure({ name: "deny", label: "deny", answer: () => said });
	const reply = await make("deny", "x");
	t.like(reply.json, {
		kind: "Status",
		code: 418,
		reason: "Teapot",
		message: 'admission webhook "deny.example.com" denied the request: no coffee',
	});
	said = { allowed: false };
	t.is(
		(await make("deny", "x")).json.message,
		'admission webhook "deny.example.com" denied the request without explanation',
	);
	said = {
		allowed: false,
		status: { code: 200, reason: "Because" },
		warnings: ["mind the gap", "mind the gap"],
	};
	const odd = await make("deny", "x");
	t.like(odd.json, {
		code: 400,
		message: 'admission webhook "deny.example.com" denied the request: Because',
	});
	t.is(odd.headers.warning, '299 - "mind the gap"');
	t.is((await server.ask("GET", `${NS}/configmaps/x`)).code, 404);
	said = { allowed: true, warnings: ["careful"], auditAnnotations: { who: "me" } };
	const created = await make("deny", "x");
	t.deepEqual([created.code, created.headers.warning], [201, '299 - "careful"']);
});

test("the question says everything about the request", async (t) => {
	await configure({ name: "tell", label: "tell" });
	await make("tell", "told", { data: { a: "1" } }, "?fieldManager=me&fieldValidation=Strict");
	const path = `${NS}/configmaps/told`;
	await server.ask("PATCH", `${path}?dryRun=All`, {
		body: JSON.stringify({ data: { a: "2" } }),
		headers: MERGE,
	});
	await server.ask("DELETE", `${path}?gracePeriodSeconds=3`);
	const [create, update, remove] = questions("tell");
	t.is(create?.url, "/tell?timeout=5s");
	t.like(create?.request, {
		kind: { group: "", version: "v1", kind: "ConfigMap" },
		resource: { group: "", version: "v1", resource: "configmaps" },
		requestKind: { group: "", version: "v1", kind: "ConfigMap" },
		name: "told",
		namespace: "default",
		operation: "CREATE",
		oldObject: null,
		dryRun: false,
		options: {
			kind: "CreateOptions",
			apiVersion: "meta.k8s.io/v1",
			fieldManager: "me",
			fieldValidation: "Strict",
		},
	});
	t.like(create?.request.userInfo, { username: "admin" });
	t.like(create?.request.object, { kind: "ConfigMap", data: { a: "1" } });
	t.like(update?.request, { operation: "UPDATE", dryRun: true });
	t.deepEqual(update?.request.options, {
		kind: "PatchOptions",
		apiVersion: "meta.k8s.io/v1",
		dryRun: ["All"],
	});
	t.deepEqual([update?.request.oldObject.data, update?.request.object.data], [{ a: "1" }, { a: "2" }]);
	t.like(remove?.request, { operation: "DELETE", object: null, name: "told" });
	t.is(remove?.request.options.gracePeriodSeconds, 3);
	t.is(remove?.request.oldObject.metadata.name, "told");
});

test("mutations follow each other by name, and the object is whole again", async (t) => {
	const add = (key: string, value: string) =>
		patchOf({ op: "add", path: `/data/${key}`, value }, { op: "add", path: "/nonsense", value: 1 });
	await configure({
		name: "second",
		config: "b",
		label: "order",
		mutating: true,
		answer: ({ object }) => add("stage-2", object.data["stage-1"] ?? "too early"),
	});
	await configure({
		name: "first",
		config: "a",
		label: "order",
		mutating: true,
		answer: () => add("stage-1", "yes"),
	});
	const reply = await make("order", "ordered", { data: { base: "0" } });
	t.is(reply.code, 201, reply.text);
	t.deepEqual(reply.json.data, { base: "0", "stage-1": "yes", "stage-2": "yes" });
	t.is(reply.json.nonsense, undefined);
	const { uid, creationTimestamp } = reply.json.metadata;
	t.truthy(uid && creationTimestamp);
});

test("who wants to, sees again what came after", async (t) => {
	const count = ({ object }: Request) => {
		const times = Number(object.data.times ?? 0) + 1;
		return patchOf({ op: "add", path: "/data/times", value: String(times) });
	};
	const mutating = true;
	await configure(
		{ name: "again", config: "c1", label: "again", mutating, answer: count },
		{ reinvocationPolicy: "IfNeeded" },
	);
	await configure({
		name: "later",
		config: "c2",
		label: "again",
		mutating,
		answer: () => patchOf({ op: "add", path: "/data/later", value: "yes" }),
	});
	const reply = await make("again", "twice", { data: { base: "0" } });
	t.deepEqual(reply.json.data, { base: "0", times: "2", later: "yes" });
	t.is(questions("later").length, 1);
});

test("patches that do not fit are the server's error, not the client's", async (t) => {
	let said: object = {};
	await configure({ name: "bad", label: "bad", mutating: true, answer: () => said });
	const failure = async () => {
		const { json } = await make("bad", "bad");
		return `${json.code} ${json.message}`;
	};
	said = patchOf({ op: "remove", path: "/not/there" });
	t.regex(await failure(), /^500 Internal error occurred: /);
	said = patchOf({ op: "add", path: "/data", value: ["no", "map"] });
	t.regex(await failure(), /^500 Internal error occurred: ConfigMap in version "v1"/);
	said = patchOf({ op: "add", path: "/__proto__/polluted", value: true });
	t.regex(await failure(), /^500 /);
	t.false("polluted" in {});
	said = { allowed: true, patch: "e30=" };
	const invalid = 'failed calling webhook "bad.example.com": received invalid webhook response:';
	t.is(
		await failure(),
		`500 Internal error occurred: ${invalid} webhook returned response.patch but not response.patchType`,
	);
	said = { allowed: true, uid: "other" };
	t.regex(await failure(), /expected response\.uid="[-0-9a-f]{36}", got "other"$/);
});

test("what cannot be asked fails, or is passed over, as its policy says", async (t) => {
	const broken = await configure(
		{ name: "hang", label: "hang", answer: () => undefined },
		{ timeoutSeconds: 1, failurePolicy: "Fail" },
	);
	t.is(
		(await make("hang", "hung")).json.message,
		`Internal error occurred: failed calling webhook "hang.example.com": failed to call webhook: Post "${far.url}/hang?timeout=1s": context deadline exceeded`,
	);
	await broken.remove();
	await configure(
		{ name: "hang", label: "hang", answer: () => undefined },
		{ timeoutSeconds: 1, failurePolicy: "Ignore" },
	);
	t.is((await make("hang", "hung")).code, 201);
	await configure(
		{ name: "untrusted", label: "untrusted" },
		{ clientConfig: { url: `${far.url}/untrusted` } },
	);
	const reply = await make("untrusted", "never");
	t.is(reply.code, 500);
	t.regex(reply.json.message, /x509: certificate signed by unknown authority$/);
	await configure(
		{ name: "nowhere", label: "nowhere" },
		{ clientConfig: { service: { namespace: "default", name: "none", path: "/x" } } },
	);
	t.regex(
		(await make("nowhere", "never")).json.message,
		/Post "https:\/\/none\.default\.svc:443\/x\?timeout=5s": service "none" not found$/,
	);
});

test("dry runs go only to webhooks without side effects", async (t) => {
	await configure({ name: "effects", label: "effects" }, { sideEffects: "NoneOnDryRun" });
	t.is((await make("effects", "dry", {}, "?dryRun=All")).code, 201);
	t.is(questions("effects")[0]?.request.dryRun, true);
});

test("match conditions and namespace selectors", async (t) => {
	await configure(
		{ name: "when", label: "when", answer: () => ({ allowed: false }) },
		{
			matchConditions: [
				{ name: "big", expression: "size(object.data) > 1" },
				{ name: "create", expression: "request.operation == 'CREATE'" },
			],
		},
	);
	t.is((await make("when", "small", { data: { a: "" } })).code, 201);
	t.is((await make("when", "large", { data: { a: "", b: "" } })).code, 400);
	await configure(
		{ name: "where", label: "where", answer: () => ({ allowed: false }) },
		{ namespaceSelector: { matchLabels: { watched: "yes" } } },
	);
	t.is((await make("where", "free")).code, 201);
	await server.ask("POST", "/api/v1/namespaces", {
		body: { metadata: { name: "w", labels: { watched: "yes" } } },
	});
	const body = { metadata: { name: "x", labels: { test: "where" } } };
	t.is((await server.ask("POST", "/api/v1/namespaces/w/configmaps", { body })).code, 400);
});

test("subresources: a scale, a status, an eviction, a binding", async (t) => {
	const rule = (resources: string[], apiGroups = [""]) => [
		{ operations: ["*"], apiGroups, apiVersions: ["*"], resources, scope: "*" },
	];
	const objectSelector = {};
	await configure(
		{
			name: "scale",
			label: "",
			mutating: true,
			answer: () => patchOf({ op: "replace", path: "/spec/replicas", value: 7 }),
		},
		{ rules: rule(["deployments/scale"], ["apps"]), objectSelector },
	);
	const path = "/apis/apps/v1/namespaces/default/deployments";
	const labels = { app: "s" };
	const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
	await server.ask("POST", path, {
		body: { metadata: { name: "s" }, spec: { selector: { matchLabels: labels }, template } },
	});
	const scaled = await server.ask("PATCH", `${path}/s/scale`, {
		body: JSON.stringify({ spec: { replicas: 3 } }),
		headers: MERGE,
	});
	t.is(scaled.json.spec.replicas, 7, scaled.text);
	t.like(questions("scale")[0]?.request, {
		kind: { group: "autoscaling", version: "v1", kind: "Scale" },
		resource: { group: "apps", version: "v1", resource: "deployments" },
		subResource: "scale",
		operation: "UPDATE",
	});
	t.is((await server.ask("GET", `${path}/s`)).json.metadata.generation, 2);

	await configure(
		{ name: "pods", label: "", answer: ({ subResource }) => ({ allowed: subResource !== "eviction" }) },
		{ rules: rule(["pods/*"]), objectSelector },
	);
	await server.ask("POST", `${NS}/pods`, { body: { metadata: { name: "p" }, spec: template.spec } });
	const body = {
		apiVersion: "v1",
		kind: "Binding",
		metadata: { name: "p" },
		target: { kind: "Node", name: "n" },
	};
	t.is((await server.ask("POST", `${NS}/pods/p/binding`, { body })).code, 201);
	const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } };
	t.is((await server.ask("POST", `${NS}/pods/p/eviction`, { body: eviction })).code, 400);
	t.deepEqual(
		questions("pods").map(
			({ request }) => `${request.operation} ${request.kind.kind} ${request.subResource ?? ""}`,
		),
		["CREATE Pod ", "CREATE Binding binding", "CREATE Eviction eviction"],
	);
});

test("connections into pods", async (t) => {
	const connect = [
		{ operations: ["CONNECT"], apiGroups: ["*"], apiVersions: ["*"], resources: ["pods/attach"] },
	];
	await configure(
		{ name: "attach", label: "", answer: () => ({ allowed: false, status: { message: "no attaching" } }) },
		{ rules: connect, objectSelector: {} },
	);
	const spec = { containers: [{ name: "c", image: "i" }] };
	await server.ask("POST", `${NS}/pods`, { body: { metadata: { name: "streams" }, spec } });
	const reply = await server.ask("POST", `${NS}/pods/streams/attach?stdout=true&container=c`);
	t.like(reply.json, {
		code: 400,
		message: 'admission webhook "attach.example.com" denied the request: no attaching',
	});
	t.like(questions("attach")[0]?.request, {
		kind: { group: "", version: "v1", kind: "PodAttachOptions" },
		subResource: "attach",
		operation: "CONNECT",
		name: "streams",
		object: { kind: "PodAttachOptions", apiVersion: "v1", stdout: true, container: "c" },
	});
	t.is(
		(await server.ask("POST", `${NS}/pods/streams/exec?command=x&stdout=1`)).json.message,
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
	const objectSelector = {};
	const v1 = autoscalers(["v1"]);
	await configure({ name: "hpa", label: "" }, { rules: v1, objectSelector });
	await configure({ name: "exact", label: "" }, { rules: v1, objectSelector, matchPolicy: "Exact" });
	await configure(
		{
			name: "hpa-change",
			label: "",
			mutating: true,
			answer: () => patchOf({ op: "replace", path: "/spec/targetCPUUtilizationPercentage", value: 33 }),
		},
		{ rules: v1, objectSelector },
	);
	const metrics = [
		{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
	];
	const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "x" };
	const reply = await server.ask("POST", "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", {
		body: { metadata: { name: "h" }, spec: { maxReplicas: 3, scaleTargetRef, metrics } },
	});
	t.is(reply.json.spec.metrics[0].resource.target.averageUtilization, 33, reply.text);
	t.like(questions("hpa")[0]?.request, {
		kind: { version: "v1" },
		requestKind: { version: "v2" },
		object: { apiVersion: "autoscaling/v1", spec: { targetCPUUtilizationPercentage: 33 } },
	});
	t.is(questions("exact").length, 0);
});

test("questions about rights pass by webhooks too, whatever namespace they are about", async (t) => {
	const reviews = [
		{ operations: ["CREATE"], apiGroups: ["authorization.k8s.io"], apiVersions: ["v1"], resources: ["*"] },
	];
	await configure({ name: "reviews", label: "" }, { rules: reviews, objectSelector: {} });
	const path = "/apis/authorization.k8s.io/v1/namespaces/missing/localsubjectaccessreviews";
	const spec = { user: "jane", resourceAttributes: { namespace: "missing", verb: "get", resource: "pods" } };
	const reply = await server.ask("POST", path, { body: { metadata: { namespace: "missing" }, spec } });
	t.like(reply.json, { status: { allowed: false } }, reply.text);
	t.is(questions("reviews")[0]?.request.kind.kind, "LocalSubjectAccessReview");
});

test("configurations are beyond the reach of webhooks", async (t) => {
	const everything = [
		{ operations: ["*"], apiGroups: ["admissionregistration.k8s.io"], apiVersions: ["*"], resources: ["*"] },
	];
	const answer = () => ({ allowed: false });
	const wall = await configure(
		{ name: "wall", label: "", answer },
		{ rules: everything, objectSelector: {} },
	);
	const door = await configure({ name: "door", label: "" });
	t.is((await door.remove()).code, 200);
	t.is((await wall.remove()).code, 200);
	t.is(questions("wall").length, 0);
});
