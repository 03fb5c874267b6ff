/** What client-go does on the wire, spoken by hand: protobuf bodies, negotiation, lists in pieces, streaming lists, discovery. */
import { request } from "node:https";
import { gunzipSync } from "node:zlib";
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";

let cluster: Cluster;
test.before(async () => {
	cluster = await startCluster();
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

interface Reply {
	readonly code: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: Buffer;
}

interface Ask {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const CLIENT_GO = { accept: `${PROTOBUF},application/json` };
/** So that answers can be read here; what protobuf answers hold is tested beside their encoder. */
const AS_JSON = { accept: "application/json" };

function ask(path: string, { method = "GET", headers = AS_JSON, body }: Ask = {}): Promise<Reply> {
	const { ca, certificate: cert, key } = cluster.credentials;
	return new Promise((resolve, reject) => {
		// Node sends a DELETE's body without its length unless told.
		const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
		const options = { method, headers: { ...headers, ...length }, ca, cert, key };
		const sent = request(`${cluster.url}${path}`, options, (response) => {
			const chunks: Buffer[] = [];
			response.on("data", (chunk: Buffer) => chunks.push(chunk));
			response.on("error", reject);
			response.on("end", () =>
				resolve({ code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
			);
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

interface Body {
	readonly kind: string;
	readonly metadata: {
		readonly name?: string;
		readonly resourceVersion: string;
		readonly continue?: string;
		readonly remainingItemCount?: number;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	readonly items: readonly Body[];
	readonly message?: string;
	readonly reason?: string;
}
const json = ({ body }: Reply) => JSON.parse(body.toString()) as Body;
const events = ({ body }: Reply) =>
	body
		.toString()
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as { readonly type: string; readonly object: Body });
const post = (path: string, body: object) =>
	ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** A length-delimited protobuf field. */
function field(number: number, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
	const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
	const length = [];
	for (let left = content.length; ; left >>= 7) {
		length.push(left > 127 ? (left & 127) | 128 : left);
		if (left <= 127) break;
	}
	return Buffer.concat([Uint8Array.of((number << 3) | 2), Uint8Array.from(length), content]);
}
/** As client-go wraps every body: `k8s\0` and a runtime.Unknown. */
const wrapped = (apiVersion: string, kind: string, raw: Uint8Array) =>
	Buffer.concat([
		Buffer.from("k8s\0"),
		field(1, field(1, apiVersion), field(2, kind)),
		field(2, raw),
		field(3, ""),
		field(4, ""),
	]);

test("protobuf comes where it is preferred, JSON where there is no protobuf", async (t) => {
	const list = await ask("/api/v1/namespaces", { headers: CLIENT_GO });
	t.deepEqual([list.code, list.headers["content-type"]], [200, PROTOBUF]);
	t.deepEqual([...list.body.subarray(0, 4)], [...Buffer.from("k8s\0")]);
	t.true(list.body.includes("NamespaceList") && list.body.includes("kube-system"));
	const missing = await ask("/api/v1/namespaces/nowhere", { headers: { accept: PROTOBUF } });
	t.deepEqual([missing.code, missing.headers["content-type"]], [404, PROTOBUF]);
	const watch = await ask("/api/v1/namespaces?watch=1&timeoutSeconds=1&resourceVersion=0", {
		headers: { accept: `${PROTOBUF};stream=watch,application/json` },
	});
	t.is(watch.headers["content-type"], `${PROTOBUF};stream=watch`);
	// Each event after its length, in four bytes.
	t.true(watch.body.length > watch.body.readUInt32BE(0) + 4);
	const table = { accept: `application/json;as=Table;v=v1;g=meta.k8s.io,${PROTOBUF}` };
	t.is((await ask("/api/v1/namespaces", { headers: table })).headers["content-type"], "application/json");
	t.is((await ask("/api/v1/namespaces", { headers: { accept: "text/html" } })).code, 406);
});

test("bodies in protobuf: an object, and the options of its deletion", async (t) => {
	const configMap = Buffer.concat([
		field(1, field(1, "binary"), field(2, ""), field(11, field(1, "l"), field(2, "v"))),
		field(2, field(1, "key"), field(2, "value")),
	]);
	const headers = { ...AS_JSON, "content-type": PROTOBUF };
	const path = "/api/v1/namespaces/default/configmaps";
	const made = await ask(path, { method: "POST", headers, body: wrapped("v1", "ConfigMap", configMap) });
	t.is(made.code, 201);
	t.like(json(made), { metadata: { name: "binary", labels: { l: "v" } }, data: { key: "value" } });
	const options = wrapped("v1", "DeleteOptions", new Uint8Array());
	t.is((await ask(`${path}/binary`, { method: "DELETE", headers, body: options })).code, 200);
	const broken = await ask(path, {
		method: "POST",
		headers,
		body: Buffer.from("k8s\0\xff\xff\xff", "latin1"),
	});
	t.deepEqual([broken.code, json(broken).reason], [400, "BadRequest"]);
});

test("a reflector's list: resourceVersion=0, in pieces of 500, one revision for all of them", async (t) => {
	const path = "/api/v1/namespaces/default/configmaps";
	await post("/api/v1/namespaces", { metadata: { name: "pieces" } });
	for (const name of ["p1", "p2", "p3", "p4", "p5"]) {
		await post(path.replace("default", "pieces"), { metadata: { name, labels: { piece: "yes" } } });
	}
	t.is(json(await ask(`${path}?resourceVersion=0&limit=500`)).kind, "ConfigMapList");
	const pieces = `${path.replace("default", "pieces")}?labelSelector=piece&limit=2`;
	const first = json(await ask(pieces));
	t.deepEqual(
		first.items.map(({ metadata }) => metadata.name),
		["p1", "p2"],
	);
	await post(path.replace("default", "pieces"), { metadata: { name: "p6", labels: { piece: "yes" } } });
	const second = json(await ask(`${pieces}&continue=${encodeURIComponent(first.metadata.continue ?? "")}`));
	t.is(second.metadata.resourceVersion, first.metadata.resourceVersion);
	const third = json(await ask(`${pieces}&continue=${encodeURIComponent(second.metadata.continue ?? "")}`));
	t.deepEqual(
		[...second.items, ...third.items].map(({ metadata }) => metadata.name),
		["p3", "p4", "p5"],
	);
	t.is(third.metadata.continue, undefined);
	const bogus = await ask(`${pieces}&continue=bogus`);
	t.is(bogus.code, 400);
});

test("revisions: too new is told, exact without one is refused, too old in a watch is no number", async (t) => {
	const early = await ask("/api/v1/pods?resourceVersion=999999999");
	t.deepEqual([early.code, json(early).reason], [504, "Timeout"]);
	t.regex(json(early).message ?? "", /Too large resource version: 999999999, current: \d+/);
	t.is((await ask("/api/v1/pods?resourceVersionMatch=Exact")).code, 422);
	t.is((await ask("/api/v1/pods?watch=1&resourceVersion=abc")).code, 400);
});

test("a streaming list: everything, then a bookmark that says so", async (t) => {
	const stream = "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
	const told = events(await ask(`/api/v1/namespaces?${stream}&timeoutSeconds=1`));
	const end = told.findIndex(
		({ object }) => object.metadata.annotations?.["k8s.io/initial-events-end"] === "true",
	);
	t.is(told[end]?.type, "BOOKMARK");
	t.true(told.slice(0, end).every(({ type }) => type === "ADDED"));
	t.true(told.slice(0, end).some(({ object }) => object.metadata.name === "default"));
	t.regex(told[end]?.object.metadata.resourceVersion ?? "", /^\d+$/);
	t.is((await ask("/api/v1/namespaces?watch=1&sendInitialEvents=true")).code, 422);
});

test("a watch from a revision tells what came after it, and ends when its time is over", async (t) => {
	const path = "/api/v1/namespaces/default/configmaps";
	const { metadata } = json(await ask(path));
	await post(path, { metadata: { name: "after", labels: { w: "1" } } });
	const patch = { method: "PATCH", headers: { "content-type": "application/merge-patch+json" } };
	await ask(`${path}/after`, { ...patch, body: '{"metadata":{"labels":{"w":"2"}}}' });
	await ask(`${path}/after`, { method: "DELETE" });
	const watch = (selector: string) =>
		ask(
			`${path}?watch=1&timeoutSeconds=1&resourceVersion=${metadata.resourceVersion}&labelSelector=${selector}`,
		);
	const types = async (selector: string) => events(await watch(selector)).map(({ type }) => type);
	t.deepEqual(await types("w"), ["ADDED", "MODIFIED", "DELETED"]);
	t.deepEqual(await types("w%3D1"), ["ADDED", "DELETED"], "it leaves the selector");
	t.deepEqual(await types("w%3D2"), ["ADDED", "DELETED"], "it enters the selector");
});

test("tables and metadata alone, as kubectl and the garbage collector ask for them", async (t) => {
	const table = json(
		await ask("/api/v1/namespaces", {
			headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
		}),
	);
	t.is(table.kind, "Table");
	const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
	const partial = json(await ask("/api/v1/namespaces", { headers: { accept } }));
	t.is(partial.kind, "PartialObjectMetadataList");
	t.deepEqual(Object.keys(partial.items[0] ?? {}).toSorted(), ["apiVersion", "kind", "metadata"]);
	const review = {
		method: "POST",
		headers: {
			"content-type": "application/json",
			accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
		},
		body: '{"spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}}',
	};
	const refused = await ask("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review);
	t.is(refused.code, 406, "what is computed has no rows");
});

test("discovery: aggregated and by its tag, and as it was before", async (t) => {
	const accept =
		"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
	for (const path of ["/api", "/apis"]) {
		const reply = await ask(path, { headers: { accept } });
		t.is(json(reply).kind, "APIGroupDiscoveryList");
		t.is(
			reply.headers["content-type"],
			"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
		);
		const again = await ask(path, { headers: { accept, "if-none-match": String(reply.headers.etag) } });
		t.is(again.code, 304);
	}
	t.is(json(await ask("/api", { headers: { accept: "application/json" } })).kind, "APIVersions");
	t.is(json(await ask("/apis", { headers: { accept: "application/json" } })).kind, "APIGroupList");
	t.is(json(await ask("/apis/apps/v1")).kind, "APIResourceList");
});

test("OpenAPI: version 3 by hash, version 2 in protobuf and JSON, compressed when asked", async (t) => {
	const paths = JSON.parse((await ask("/openapi/v3")).body.toString()) as {
		readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
	};
	const apps = await ask(paths.paths["apis/apps/v1"]?.serverRelativeURL ?? "", { headers: {} });
	t.is((JSON.parse(apps.body.toString()) as { readonly openapi: string }).openapi.slice(0, 2), "3.");
	t.regex(String(apps.headers["cache-control"]), /immutable/);
	const zipped = await ask("/openapi/v2", {
		headers: { accept: "application/json", "accept-encoding": "gzip" },
	});
	t.is(zipped.headers["content-encoding"], "gzip");
	t.is((JSON.parse(gunzipSync(zipped.body).toString()) as { readonly swagger: string }).swagger, "2.0");
	const binary = await ask("/openapi/v2", {
		headers: { accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" },
	});
	t.is(binary.headers["content-type"], "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
});

test("time limits, dry runs, formats and methods nobody speaks", async (t) => {
	const path = "/api/v1/namespaces/default/configmaps";
	t.is((await ask(`${path}?timeout=5s`)).code, 200);
	t.is((await ask(`${path}?timeout=bogus`)).code, 400);
	t.is((await post(`${path}?dryRun=All`, { metadata: { name: "dry" } })).code, 201);
	t.is((await ask(`${path}/dry`)).code, 404);
	t.is((await post(`${path}?dryRun=Some`, { metadata: { name: "dry" } })).code, 422);
	const yaml = { "content-type": "application/yaml", accept: "application/yaml" };
	const body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: as-yaml}\n";
	t.regex(
		(await ask(path, { method: "POST", headers: yaml, body })).body.toString(),
		/^apiVersion: v1\nkind: ConfigMap\n/,
	);
	t.is(
		(await ask(path, { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" })).code,
		415,
	);
	t.is(
		(
			await ask(path, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: '{"metadata":{',
			})
		).code,
		400,
	);
	t.is((await ask("/api/v1/pods", { method: "TRACE" })).code, 405);
	t.is((await post("/api/v1/pods", { metadata: { name: "nowhere" } })).code, 405);
	t.is((await ask("/api/v1/pods/nowhere")).code, 404);
});

test("leader election as client-go does it: the lease goes to the first, the second's update is stale", async (t) => {
	const path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
	const spec = (holderIdentity: string) => ({
		holderIdentity,
		leaseDurationSeconds: 15,
		acquireTime: "2026-01-01T00:00:00.000001Z",
		renewTime: "2026-01-01T00:00:00.000001Z",
		leaseTransitions: 0,
	});
	t.is((await post(path, { metadata: { name: "elected" }, spec: spec("a") })).code, 201);
	t.is((await post(path, { metadata: { name: "elected" }, spec: spec("b") })).code, 409);
	const held = json(await ask(`${path}/elected`));
	t.like(held, { spec: spec("a") }, "leaseTransitions 0 and microseconds survive");
	const put = (holder: string) =>
		ask(`${path}/elected`, {
			method: "PUT",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ ...held, spec: spec(holder) }),
		});
	t.is((await put("a2")).code, 200);
	const stale = await put("b");
	t.deepEqual([stale.code, json(stale).reason], [409, "Conflict"]);
});
