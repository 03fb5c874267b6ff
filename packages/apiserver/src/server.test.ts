import { gunzipSync } from "node:zlib";
import anyTest, { type TestFn } from "ava";
import { startTestServer, type TestServer } from "./http/testing/test-server.ts";

const test = anyTest as TestFn<TestServer>;
let server: TestServer;
test.before(async () => {
	server = await startTestServer();
});
test.after.always(() => server?.[Symbol.asyncDispose]());

const ns = "/api/v1/namespaces/default";
const configMap = (name: string, data: object = {}) => ({ metadata: { name }, data });

test("health and version answer anybody; everything else wants credentials", async (t) => {
	for (const path of ["/livez", "/readyz", "/healthz", "/version"]) {
		t.is((await server.ask("GET", path, { token: null })).code, 200, path);
	}
	for (const path of ["/api", "/apis", "/metrics", "/", ns, "/nowhere", "/openapi/v3", "/readyz/ping"]) {
		const { code, json, headers } = await server.ask("GET", path, { token: null });
		t.is(code, 401, path);
		t.like(json, { kind: "Status", reason: "Unauthorized", code: 401 });
		t.truthy(headers["www-authenticate"]);
	}
	t.is((await server.ask("GET", "/livez", { token: "wrong" })).code, 401);
	t.is(
		(await server.ask("GET", "/api", { headers: { authorization: "Basic eDp5" }, token: null })).code,
		401,
	);
});

test("health in detail", async (t) => {
	const { text } = await server.ask("GET", "/readyz?verbose");
	t.is(text, "[+]ping ok\n[+]store ok\n[+]shutdown ok\nreadyz check passed\n");
	t.is((await server.ask("GET", "/readyz?verbose&exclude=store")).text.includes("store"), false);
	t.is((await server.ask("GET", "/livez/store")).text, "ok");
	t.is((await server.ask("GET", "/livez/other")).code, 404);
});

test("create, get, list, update, delete over the wire", async (t) => {
	const created = await server.ask("POST", `${ns}/configmaps`, { body: configMap("crud", { a: "1" }) });
	t.is(created.code, 201);
	t.is(created.headers["content-type"], "application/json");
	t.truthy(created.headers["audit-id"]);
	const got = await server.ask("GET", `${ns}/configmaps/crud`);
	t.deepEqual(got.json, created.json);
	const again = await server.ask("POST", `${ns}/configmaps`, { body: configMap("crud") });
	t.like(again.json, { code: 409, reason: "AlreadyExists", message: 'configmaps "crud" already exists' });
	const list = await server.ask("GET", `${ns}/configmaps`);
	t.like(list.json, { kind: "ConfigMapList", apiVersion: "v1" });
	t.true(list.json.items.some((item: { metadata: { name: string } }) => item.metadata.name === "crud"));
	const stale = { ...got.json, metadata: { ...got.json.metadata, resourceVersion: "1" } };
	t.is((await server.ask("PUT", `${ns}/configmaps/crud`, { body: stale })).code, 409);
	t.like((await server.ask("DELETE", `${ns}/configmaps/crud`)).json, { kind: "Status", status: "Success" });
	t.like((await server.ask("GET", `${ns}/configmaps/crud`)).json, { reason: "NotFound", code: 404 });
});

test("uninvited input is refused with the right words, never with 500", async (t) => {
	const post = (body: unknown, headers = {}) => server.ask("POST", `${ns}/configmaps`, { body, headers });
	t.is((await post("{")).code, 400);
	t.is((await post("a: [", { "content-type": "application/yaml" })).code, 400);
	const twice = {
		body: "metadata: {name: twice}\nimmutable: true\nimmutable: false",
		headers: { "content-type": "application/yaml" },
	};
	t.like((await server.ask("POST", `${ns}/configmaps?fieldValidation=Strict`, twice)).json, {
		code: 400,
		message:
			'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 3: key "immutable" already set in map',
	});
	const warned = await server.ask("POST", `${ns}/configmaps`, twice);
	t.is(warned.code, 201, "without Strict it is only warned of");
	t.regex(String(warned.headers.warning), /already set in map/);
	t.is((await post("x", { "content-type": "text/plain" })).code, 415);
	t.is((await post("x", { "content-type": "application/vnd.kubernetes.protobuf" })).code, 400);
	t.is((await post("x", { "content-encoding": "gzip" })).code, 415);
	const large = await post(Buffer.alloc(4 * 1024 * 1024, " "));
	t.like(large.json, { code: 413, reason: "RequestEntityTooLarge" });
	t.is((await post("[".repeat(100_000))).code, 400);
	t.is((await server.ask("GET", `${ns}/nonsense`)).code, 404);
	t.is((await server.ask("GET", "/apis/none.example/v1/things")).code, 404);
	t.is((await server.ask("GET", `${ns}/configmaps/a%2Fb`)).code, 400);
	t.is((await server.ask("TRACE", `${ns}/configmaps`)).code, 405);
	t.is((await server.ask("POST", "/version")).code, 404);
	t.is((await server.ask("GET", `${ns}/pods?limit=x`)).code, 400);
	t.is((await server.ask("GET", `${ns}/pods?timeout=soon`)).code, 400);
	t.is((await server.ask("GET", `${ns}/pods`, { headers: { accept: "image/png" } })).code, 406);
	t.is((await server.ask("GET", `${ns}/pods?includeObject=All`, { headers: { accept: TABLE } })).code, 400);
});

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

test("wrong roles get 403 in Kubernetes' words, even for what does not exist", async (t) => {
	const token = await server.token("jane", "dev");
	const { json, code } = await server.ask("GET", `${ns}/pods`, { token });
	t.is(code, 403);
	t.is(
		json.message,
		'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
	);
	t.is((await server.ask("GET", `${ns}/nonsense/x`, { token })).code, 403);
	t.is(
		(await server.ask("GET", "/metrics", { token })).json.message,
		'forbidden: User "jane" cannot get path "/metrics"',
	);
	t.is((await server.ask("GET", "/apis", { token })).code, 200);
});

test("roles take effect as soon as they are written", async (t) => {
	const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/default`;
	const token = await server.token("rita");
	const rules = [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }];
	t.is((await server.ask("POST", `${rbac}/roles`, { body: { metadata: { name: "r" }, rules } })).code, 201);
	const body = {
		metadata: { name: "r" },
		roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
		subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "rita" }],
	};
	t.is((await server.ask("GET", `${ns}/pods`, { token })).code, 403);
	t.is((await server.ask("POST", `${rbac}/rolebindings`, { body })).code, 201);
	t.is((await server.ask("GET", `${ns}/pods`, { token })).code, 200);
	t.is((await server.ask("DELETE", `${rbac}/rolebindings/r`)).code, 200);
	t.is((await server.ask("GET", `${ns}/pods`, { token })).code, 403);
});

test("nobody grants what they do not have", async (t) => {
	const rbac = "/apis/rbac.authorization.k8s.io/v1";
	const binding = (name: string, role: string, user: string) => ({
		metadata: { name },
		roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
		subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: user }],
	});
	const body = binding("eve-admin", "admin", "eve");
	await server.ask("POST", `${rbac}/namespaces/default/rolebindings`, { body });
	const token = await server.token("eve");
	const wide = { metadata: { name: "wide" }, rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] };
	const refused = await server.ask("POST", `${rbac}/namespaces/default/roles`, { body: wide, token });
	t.is(refused.code, 403);
	t.is(
		refused.json.message,
		'roles.rbac.authorization.k8s.io "wide" is forbidden: user "eve" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
	);
	const fine = {
		metadata: { name: "fine" },
		rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
	};
	t.is((await server.ask("POST", `${rbac}/namespaces/default/roles`, { body: fine, token })).code, 201);
	const up = binding("up", "cluster-admin", "eve");
	t.is((await server.ask("POST", `${rbac}/namespaces/default/rolebindings`, { body: up, token })).code, 403);
	const side = binding("side", "view", "mallory");
	t.is(
		(await server.ask("POST", `${rbac}/namespaces/default/rolebindings`, { body: side, token })).code,
		201,
	);
});

test("impersonation, for those who may", async (t) => {
	const review = (headers: Record<string, string | string[]>, token?: string) =>
		server.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
			body: {},
			headers,
			...(token ? { token } : {}),
		});
	const reply = await review({ "impersonate-user": "jane", "impersonate-group": ["dev", "ops"] });
	t.deepEqual(reply.json.status.userInfo, {
		username: "jane",
		groups: ["dev", "ops", "system:authenticated"],
	});
	const account = await review({ "impersonate-user": "system:serviceaccount:ci:bot" });
	t.deepEqual(account.json.status.userInfo.groups, [
		"system:serviceaccounts",
		"system:serviceaccounts:ci",
		"system:authenticated",
	]);
	const token = await server.token("joe");
	const refused = await review({ "impersonate-user": "jane" }, token);
	t.is(
		refused.json.message,
		'users "jane" is forbidden: User "joe" cannot impersonate resource "users" in API group "" at the cluster scope',
	);
	t.is((await review({ "impersonate-group": "system:masters" })).code, 400);
	t.is((await server.ask("GET", `${ns}/pods`, { headers: { "impersonate-user": "jane" } })).code, 403);
});

test("service account tokens live as long as their account", async (t) => {
	const accounts = `${ns}/serviceaccounts`;
	const made = await server.ask("POST", accounts, { body: { metadata: { name: "bot" } } });
	t.is(made.code, 201);
	const { json, code } = await server.ask("POST", `${accounts}/bot/token`, { body: { spec: {} } });
	t.is(code, 201, JSON.stringify(json));
	const { token } = json.status;
	const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
	const who = await server.ask("POST", path, { body: {}, token });
	t.is(who.json.status.userInfo.username, "system:serviceaccount:default:bot");
	t.is(who.json.status.userInfo.uid, made.json.metadata.uid);
	const other = await server.ask("POST", `${accounts}/bot/token`, {
		body: { spec: { audiences: ["vault"] } },
	});
	t.is((await server.ask("POST", path, { body: {}, token: other.json.status.token })).code, 401);
	const [head, payload, signature] = token.split(".");
	t.is(
		(await server.ask("POST", path, { body: {}, token: `${head}.${payload}.${signature?.slice(0, -2)}AA` }))
			.code,
		401,
	);
	await server.ask("DELETE", `${accounts}/bot`);
	t.is((await server.ask("POST", path, { body: {}, token })).code, 401);
});

test("warnings travel in headers", async (t) => {
	const body = { ...configMap("warned"), nonsense: 'say "hi"' };
	const reply = await server.ask("POST", `${ns}/configmaps?fieldValidation=Warn`, { body });
	t.is(reply.code, 201);
	t.is(reply.headers.warning, '299 - "unknown field \\"nonsense\\""');
	const refused = await server.ask("POST", `${ns}/configmaps`, { body: { nonsense: 1 } });
	t.is(refused.code, 422);
	t.is(
		refused.headers.warning,
		'299 - "unknown field \\"nonsense\\""',
		"also with what is refused for another reason",
	);
	const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`nonsense${i}`, i]));
	const { code, headers } = await server.ask("POST", `${ns}/configmaps`, {
		body: { ...configMap("many"), ...many },
	});
	t.is(code, 201);
	t.true(String(headers.warning).length < 5_000, "no more than clients read");
});

test("forms of an answer", async (t) => {
	await server.ask("POST", `${ns}/configmaps`, { body: configMap("forms", { k: "v" }) });
	const path = `${ns}/configmaps/forms`;
	const get = (accept: string, query = "") => server.ask("GET", `${path}${query}`, { headers: { accept } });
	const yaml = await get("application/yaml");
	t.is(yaml.headers["content-type"], "application/yaml");
	t.regex(yaml.text, /^ {2}name: forms$/m);
	const table = (await get(TABLE)).json;
	t.like(table, { kind: "Table", apiVersion: "meta.k8s.io/v1" });
	t.is(table.rows[0].cells[0], "forms");
	t.is(table.rows[0].object.kind, "PartialObjectMetadata");
	t.is((await get(TABLE, "?includeObject=Object")).json.rows[0].object.kind, "ConfigMap");
	t.is((await get(TABLE, "?includeObject=None")).json.rows[0].object, undefined);
	const partial = (await get("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")).json;
	t.like(partial, { kind: "PartialObjectMetadata", metadata: { name: "forms" } });
	t.is(partial.data, undefined);
	t.regex((await get("*/*", "?pretty=true")).text, /\n {2}"metadata": \{\n/);
	const list = await server.ask("GET", `${ns}/configmaps`, { headers: { accept: TABLE } });
	t.truthy(list.json.metadata.resourceVersion);
	t.true(list.json.rows.length > 0);
	const head = await server.ask("HEAD", path);
	t.is(head.code, 200);
	t.is(head.bytes.length, 0);
});

test("large answers are compressed for those who can read them", async (t) => {
	const data = { large: "x".repeat(200_000) };
	await server.ask("POST", `${ns}/configmaps`, { body: configMap("large", data) });
	const plain = await server.ask("GET", `${ns}/configmaps/large`);
	t.is(plain.headers["content-encoding"], undefined);
	const small = await server.ask("GET", `${ns}/configmaps/large`, { headers: { "accept-encoding": "gzip" } });
	t.is(small.headers["content-encoding"], "gzip");
	t.true(small.bytes.length < 10_000);
	t.deepEqual(JSON.parse(gunzipSync(small.bytes).toString()), plain.json);
});

test("discovery, aggregated and legacy, with ETags", async (t) => {
	const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
	const reply = await server.ask("GET", "/apis", { headers: { accept } });
	t.is(reply.headers["content-type"], "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
	const apps = reply.json.items.find(
		(group: { metadata: { name: string } }) => group.metadata.name === "apps",
	);
	const deployments = apps.versions[0].resources.find(
		(entry: { resource: string }) => entry.resource === "deployments",
	);
	t.like(deployments, {
		scope: "Namespaced",
		singularResource: "deployment",
		responseKind: { kind: "Deployment" },
	});
	const etag = String(reply.headers.etag);
	t.is((await server.ask("GET", "/apis", { headers: { accept, "if-none-match": etag } })).code, 304);
	t.deepEqual((await server.ask("GET", "/api")).json.versions, ["v1"]);
	t.like((await server.ask("GET", "/apis")).json, { kind: "APIGroupList" });
	t.like((await server.ask("GET", "/apis/apps")).json, {
		kind: "APIGroup",
		preferredVersion: { version: "v1" },
	});
	const { resources } = (await server.ask("GET", "/api/v1")).json;
	const names = resources.map((resource: { name: string }) => resource.name);
	for (const name of ["pods", "pods/log", "pods/status", "namespaces/finalize"])
		t.true(names.includes(name), name);
	t.is((await server.ask("GET", "/apis/none")).code, 404);
	t.is((await server.ask("GET", "/api/v2")).code, 404);
	t.true((await server.ask("GET", "/")).json.paths.includes("/apis"));
});

test("metrics count requests by what they were for", async (t) => {
	await server.ask("GET", `${ns}/secrets`);
	await server.ask("GET", `${ns}/made-up-by-a-client`);
	const { text, headers } = await server.ask("GET", "/metrics");
	t.regex(String(headers["content-type"]), /^text\/plain/);
	t.regex(
		text,
		/apiserver_request_total\{verb="LIST",group="",version="v1",resource="secrets",subresource="",scope="namespace",code="200"\} 1/,
	);
	t.regex(text, /apiserver_request_duration_seconds_bucket/);
	t.regex(text, /process_resident_memory_bytes/);
	t.false(text.includes("made-up"));
});
