/** Uninvited input: each gets the error Kubernetes gives, and none of them a 500. */
import { Agent, request } from "node:https";
import test from "ava";
import { run } from "../programs.ts";
import { kubectlIn, namespaceFor } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-refusals");
const NAMESPACE = "/api/v1/namespaces/e2e-refusals";

interface Answer {
	readonly code: number;
	readonly body: { reason?: string; message?: string; details?: { causes?: { field: string }[] } };
}

let server = "";
const credentials: { cert?: string; key?: string } = {};

test.before("read the kubeconfig", async () => {
	const raw = JSON.parse(await kubectl("config", "view", "--raw", "-o", "json"));
	server = raw.clusters[0].cluster.server;
	const user = raw.users[0].user;
	credentials.cert = Buffer.from(user["client-certificate-data"], "base64").toString();
	credentials.key = Buffer.from(user["client-key-data"], "base64").toString();
});

function ask(
	method: string,
	path: string,
	options: { body?: string | Buffer; type?: string; token?: string; admin?: boolean } = {},
): Promise<Answer> {
	const { body, type = "application/json", token, admin = token === undefined } = options;
	const agent = new Agent({ rejectUnauthorized: false, ...(admin ? credentials : {}) });
	const headers = {
		...(body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
		...(token === undefined || token === "" ? {} : { authorization: `Bearer ${token}` }),
	};
	return new Promise((resolve, reject) => {
		const outgoing = request(`${server}${path}`, { method, agent, headers }, (response) => {
			let text = "";
			response.on("data", (chunk) => {
				text += chunk;
			});
			response.on("end", () => {
				agent.destroy();
				let parsed: Answer["body"] = {};
				try {
					parsed = JSON.parse(text);
				} catch {}
				resolve({ code: response.statusCode ?? 0, body: parsed });
			});
		});
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

const configMap = (rest: object = {}) =>
	JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, ...rest });

test("who you are: 401", async (t) => {
	for (const token of ["", "nonsense", "a.b.c"]) {
		const { code, body } = await ask("GET", `${NAMESPACE}/pods`, { token, admin: false });
		t.is(code, 401);
		t.is(body.reason, "Unauthorized");
	}
});

test("what you may: 403, with who, what and where", async (t) => {
	await kubectl("create", "serviceaccount", "robot");
	const token = (await kubectl("create", "token", "robot")).trim();
	const list = await ask("GET", `${NAMESPACE}/pods`, { token });
	t.is(list.code, 403);
	t.is(
		list.body.message,
		'pods is forbidden: User "system:serviceaccount:e2e-refusals:robot" cannot list resource "pods" in API group "" in the namespace "e2e-refusals"',
	);
	await kubectl("create", "role", "reader", "--verb=list", "--resource=pods");
	await kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=e2e-refusals:robot");
	t.is((await ask("GET", `${NAMESPACE}/pods`, { token })).code, 200);
	t.is((await ask("GET", `${NAMESPACE}/secrets`, { token })).code, 403);
	t.is((await ask("GET", "/api/v1/nodes", { token })).code, 403);
	t.is(
		await kubectl("auth", "can-i", "list", "pods", "--as=system:serviceaccount:e2e-refusals:robot"),
		"yes\n",
	);
	t.is(
		(await kubectl.try("auth", "can-i", "delete", "nodes", "--as=system:serviceaccount:e2e-refusals:robot"))
			.stdout,
		"no\n",
	);
});

test("malformed: 400", async (t) => {
	const bodies: [string, string][] = [
		["{", "application/json"],
		["[]", "application/json"],
		['"x"', "application/json"],
		["null", "application/json"],
		["a: b: c", "application/yaml"],
		["a: &x [*x, *x]\nb: *y", "application/yaml"],
		[configMap({ data: [] }), "application/json"],
		[configMap({ kind: "Secret" }), "application/json"],
		[configMap({ metadata: { name: "a", namespace: "elsewhere" } }), "application/json"],
		["[".repeat(100_000), "application/json"],
		[`{"metadata":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`, "application/json"],
	];
	for (const [body, type] of bodies) {
		const answer = await ask("POST", `${NAMESPACE}/configmaps`, { body, type });
		t.is(answer.code, 400, `${body.slice(0, 60)}: ${answer.body.message}`);
	}
	t.is((await ask("GET", `${NAMESPACE}/pods?labelSelector=a%20b%20c`)).code, 400);
	t.is((await ask("GET", `${NAMESPACE}/pods?fieldSelector=spec.nothing%3Dx`)).code, 400);
	t.is((await ask("GET", `${NAMESPACE}/pods?limit=x`)).code, 400);
	t.is((await ask("GET", `${NAMESPACE}/pods?limit=1&continue=nonsense`)).code, 400);
	t.is(
		(
			await ask("PATCH", `${NAMESPACE}/configmaps/kube-root-ca.crt`, {
				body: "{",
				type: "application/merge-patch+json",
			})
		).code,
		400,
	);
});

test("a wrong field name is refused in Kubernetes' words", async (t) => {
	const manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: typo}\nspec: {replica: 3}\n";
	const { stderr, code } = await run({
		program: "kubectl",
		args: ["-n", "e2e-refusals", "create", "-f", "-"],
		input: manifest,
	});
	t.is(code, 1);
	t.regex(stderr, /strict decoding error: unknown field "spec\.replica"/);
	t.regex(stderr, /Deployment in version "v1" cannot be handled as a Deployment/);
});

test("invalid: 422 with every cause", async (t) => {
	const pod = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "Bad_Name" },
		spec: { containers: [{ name: "c" }, { name: "c", image: "x", ports: [{ containerPort: 0 }] }] },
	};
	const { code, body } = await ask("POST", `${NAMESPACE}/pods`, { body: JSON.stringify(pod) });
	t.is(code, 422);
	t.is(body.reason, "Invalid");
	const fields = body.details?.causes?.map((cause) => cause.field) ?? [];
	for (const field of [
		"metadata.name",
		"spec.containers[0].image",
		"spec.containers[1].name",
		"spec.containers[1].ports[0].containerPort",
	]) {
		t.true(fields.includes(field), `${field} is not among ${fields}`);
	}
});

test("stale: 409; twice: 409; gone: 404; unknown: 404; wrong verb: 405; wrong type: 415; too large: 413", async (t) => {
	const created = await ask("POST", `${NAMESPACE}/configmaps`, { body: configMap() });
	t.is(created.code, 201);
	t.is((await ask("POST", `${NAMESPACE}/configmaps`, { body: configMap() })).body.reason, "AlreadyExists");
	const stale = configMap({ metadata: { name: "a", resourceVersion: "1" } });
	const answer = await ask("PUT", `${NAMESPACE}/configmaps/a`, { body: stale });
	t.is(answer.code, 409);
	t.is(
		answer.body.message,
		'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
	);
	t.is((await ask("GET", `${NAMESPACE}/configmaps/b`)).code, 404);
	t.is((await ask("GET", `${NAMESPACE}/unicorns`)).code, 404);
	t.is((await ask("GET", "/apis/example.com/v1/unicorns")).code, 404);
	t.is((await ask("GET", "/nothing")).code, 404);
	t.is((await ask("POST", `${NAMESPACE}/configmaps/a`, { body: configMap() })).code, 405);
	t.is((await ask("POST", `${NAMESPACE}/configmaps`, { body: "x", type: "text/plain" })).code, 415);
	const large = configMap({ metadata: { name: "large" }, data: { x: "x".repeat(4 * 1024 * 1024) } });
	t.is((await ask("POST", `${NAMESPACE}/configmaps`, { body: large })).code, 413);
});

test("prototype pollution goes nowhere", async (t) => {
	const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto","labels":{"__proto__":"x"}},"data":{"ok":"1"},"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}`;
	const created = await ask("POST", `${NAMESPACE}/configmaps`, { body });
	t.true(created.code === 201 || (created.code >= 400 && created.code < 500));
	const patch = '{"__proto__":{"polluted":"yes"},"data":{"__proto__":{"polluted":"yes"}}}';
	const patched = await ask("PATCH", `${NAMESPACE}/configmaps/kube-root-ca.crt`, {
		body: patch,
		type: "application/merge-patch+json",
	});
	t.true(patched.code < 500);
	const after = await ask("GET", `${NAMESPACE}/configmaps/kube-root-ca.crt`);
	t.false("polluted" in after.body);
});

test("strange paths are 4xx, and the server goes on", async (t) => {
	for (const path of [
		"/api/v1/namespaces/..%2f..%2fetc/pods",
		"/api/v1/namespaces/%00/pods",
		"/api/v1//pods",
		"/apis/%ff",
		`/api/v1/pods?${"a=b&".repeat(2000)}`,
	]) {
		const { code } = await ask("GET", path);
		t.true(code < 500, `${path}: ${code}`);
	}
	t.is(await kubectlIn("default")("get", "--raw", "/readyz"), "ok");
});
