import test from "ava";
import { type HookBench, MERGE, NS, patchOf, type Request, startHookBench } from "./testing/hook-bench.ts";

let bench: HookBench;
test.before(async () => {
	bench = await startHookBench();
});
test.after.always(() => bench?.[Symbol.asyncDispose]());

test("a refusal carries the webhook's words, code and reason", async (t) => {
	const status = { code: 418, reason: "Teapot", message: "no coffee" };
	let said: object = { allowed: false, status };
	await bench.configure({ name: "deny", label: "deny", answer: () => said });
	const reply = await bench.make("deny", "x");
	t.like(reply.json, {
		kind: "Status",
		code: 418,
		reason: "Teapot",
		message: 'admission webhook "deny.example.com" denied the request: no coffee',
	});
	said = { allowed: false };
	t.is(
		(await bench.make("deny", "x")).json.message,
		'admission webhook "deny.example.com" denied the request without explanation',
	);
	said = {
		allowed: false,
		status: { code: 200, reason: "Because" },
		warnings: ["mind the gap", "mind the gap"],
	};
	const odd = await bench.make("deny", "x");
	t.like(odd.json, {
		code: 400,
		message: 'admission webhook "deny.example.com" denied the request: Because',
	});
	t.is(odd.headers.warning, '299 - "mind the gap"');
	t.is((await bench.server.ask("GET", `${NS}/configmaps/x`)).code, 404);
	said = { allowed: true, warnings: ["careful"], auditAnnotations: { who: "me" } };
	const created = await bench.make("deny", "x");
	t.deepEqual([created.code, created.headers.warning], [201, '299 - "careful"']);
});

test("the question says everything about the request", async (t) => {
	await bench.configure({ name: "tell", label: "tell" });
	await bench.make("tell", "told", { data: { a: "1" } }, "?fieldManager=me&fieldValidation=Strict");
	const path = `${NS}/configmaps/told`;
	await bench.server.ask("PATCH", `${path}?dryRun=All`, {
		body: JSON.stringify({ data: { a: "2" } }),
		headers: MERGE,
	});
	await bench.server.ask("DELETE", `${path}?gracePeriodSeconds=3`);
	const [create, update, remove] = bench.questions("tell");
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
	await bench.configure({
		name: "second",
		config: "b",
		label: "order",
		mutating: true,
		answer: ({ object }) => add("stage-2", object.data["stage-1"] ?? "too early"),
	});
	await bench.configure({
		name: "first",
		config: "a",
		label: "order",
		mutating: true,
		answer: () => add("stage-1", "yes"),
	});
	const reply = await bench.make("order", "ordered", { data: { base: "0" } });
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
	await bench.configure(
		{ name: "again", config: "c1", label: "again", mutating, answer: count },
		{ reinvocationPolicy: "IfNeeded" },
	);
	await bench.configure({
		name: "later",
		config: "c2",
		label: "again",
		mutating,
		answer: () => patchOf({ op: "add", path: "/data/later", value: "yes" }),
	});
	const reply = await bench.make("again", "twice", { data: { base: "0" } });
	t.deepEqual(reply.json.data, { base: "0", times: "2", later: "yes" });
	t.is(bench.questions("later").length, 1);
});

test("patches that do not fit are the server's error, not the client's", async (t) => {
	let said: object = {};
	await bench.configure({ name: "bad", label: "bad", mutating: true, answer: () => said });
	const failure = async () => {
		const { json } = await bench.make("bad", "bad");
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
	const broken = await bench.configure(
		{ name: "hang", label: "hang", answer: () => undefined },
		{ timeoutSeconds: 1, failurePolicy: "Fail" },
	);
	t.is(
		(await bench.make("hang", "hung")).json.message,
		`Internal error occurred: failed calling webhook "hang.example.com": failed to call webhook: Post "${bench.far.url}/hang?timeout=1s": context deadline exceeded`,
	);
	await broken.remove();
	await bench.configure(
		{ name: "hang", label: "hang", answer: () => undefined },
		{ timeoutSeconds: 1, failurePolicy: "Ignore" },
	);
	t.is((await bench.make("hang", "hung")).code, 201);
	await bench.configure(
		{ name: "untrusted", label: "untrusted" },
		{ clientConfig: { url: `${bench.far.url}/untrusted` } },
	);
	const reply = await bench.make("untrusted", "never");
	t.is(reply.code, 500);
	t.regex(reply.json.message, /x509: certificate signed by unknown authority$/);
	await bench.configure(
		{ name: "nowhere", label: "nowhere" },
		{ clientConfig: { service: { namespace: "default", name: "none", path: "/x" } } },
	);
	t.regex(
		(await bench.make("nowhere", "never")).json.message,
		/Post "https:\/\/none\.default\.svc:443\/x\?timeout=5s": service "none" not found$/,
	);
});

test("dry runs go only to webhooks without side effects", async (t) => {
	await bench.configure({ name: "effects", label: "effects" }, { sideEffects: "NoneOnDryRun" });
	t.is((await bench.make("effects", "dry", {}, "?dryRun=All")).code, 201);
	t.is(bench.questions("effects")[0]?.request.dryRun, true);
});

test("match conditions and namespace selectors", async (t) => {
	await bench.configure(
		{ name: "when", label: "when", answer: () => ({ allowed: false }) },
		{
			matchConditions: [
				{ name: "big", expression: "size(object.data) > 1" },
				{ name: "create", expression: "request.operation == 'CREATE'" },
			],
		},
	);
	t.is((await bench.make("when", "small", { data: { a: "" } })).code, 201);
	t.is((await bench.make("when", "large", { data: { a: "", b: "" } })).code, 400);
	await bench.configure(
		{ name: "where", label: "where", answer: () => ({ allowed: false }) },
		{ namespaceSelector: { matchLabels: { watched: "yes" } } },
	);
	t.is((await bench.make("where", "free")).code, 201);
	await bench.server.ask("POST", "/api/v1/namespaces", {
		body: { metadata: { name: "w", labels: { watched: "yes" } } },
	});
	const body = { metadata: { name: "x", labels: { test: "where" } } };
	t.is((await bench.server.ask("POST", "/api/v1/namespaces/w/configmaps", { body })).code, 400);
});
