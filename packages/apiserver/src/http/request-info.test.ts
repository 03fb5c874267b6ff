import { StatusError } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { requestInfo } from "./request-info.ts";

const resource = (method: string, url: string) => {
	const request = requestInfo(method, url);
	if (request.type !== "resource") throw new Error(`${url} is no resource`);
	const { info } = request;
	return { ...Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined)) };
};

test("collections and objects, namespaced or not", (t) => {
	const v1 = { group: "", version: "v1" };
	t.deepEqual(resource("GET", "/api/v1/pods"), { ...v1, verb: "list", resource: "pods" });
	t.deepEqual(resource("GET", "/api/v1/pods/"), { ...v1, verb: "list", resource: "pods" });
	t.deepEqual(resource("GET", "/api/v1/namespaces/default/pods?watch=1"), {
		...v1,
		verb: "watch",
		resource: "pods",
		namespace: "default",
	});
	t.deepEqual(resource("GET", "/api/v1/namespaces/default/pods/web?watch=1"), {
		...v1,
		verb: "get",
		resource: "pods",
		namespace: "default",
		name: "web",
	});
	t.deepEqual(resource("POST", "/apis/apps/v1/namespaces/a/deployments"), {
		group: "apps",
		version: "v1",
		verb: "create",
		resource: "deployments",
		namespace: "a",
	});
	t.is(resource("PUT", "/api/v1/nodes/a").verb, "update");
	t.is(resource("PATCH", "/api/v1/nodes/a").verb, "patch");
	t.is(resource("DELETE", "/api/v1/nodes/a").verb, "delete");
	t.is(resource("DELETE", "/api/v1/nodes").verb, "deletecollection");
	t.is(resource("HEAD", "/api/v1/nodes/a").verb, "get");
	t.is(resource("GET", "/api/v1/nodes?watch=false").verb, "list");
	t.is(resource("GET", "/api/v1/nodes?watch=").verb, "watch");
});

test("a namespace is a resource, a place, and has subresources of its own", (t) => {
	const v1 = { group: "", version: "v1", verb: "get" };
	t.deepEqual(resource("GET", "/api/v1/namespaces/a"), { ...v1, resource: "namespaces", name: "a" });
	t.deepEqual(resource("GET", "/api/v1/namespaces/a/status"), {
		...v1,
		resource: "namespaces",
		name: "a",
		subresource: "status",
	});
	t.deepEqual(resource("GET", "/api/v1/namespaces/a/pods/b/log"), {
		...v1,
		resource: "pods",
		namespace: "a",
		name: "b",
		subresource: "log",
	});
});

test("the old watch prefix is a watch", (t) => {
	const request = requestInfo("GET", "/api/v1/watch/namespaces/a/pods/b");
	t.is(request.type, "resource");
	t.is(request.query.get("fieldSelector"), "metadata.name=b");
	t.like(resource("GET", "/apis/apps/v1/watch/deployments"), { verb: "watch", resource: "deployments" });
	t.throws(() => requestInfo("POST", "/api/v1/watch/pods"), { message: /is not supported/ });
	t.throws(() => requestInfo("GET", "/api/v1/watch"), { message: /could not find/ });
});

test("what follows a proxy is left as it came", (t) => {
	t.like(resource("GET", "/api/v1/namespaces/a/services/b:80/proxy/x/../y%2Fz//?q=1"), {
		resource: "services",
		name: "b:80",
		subresource: "proxy",
		rest: "x/../y%2Fz//",
	});
	t.like(resource("POST", "/api/v1/nodes/n/proxy"), { verb: "create", subresource: "proxy", rest: "" });
	t.like(resource("GET", "/api/v1/namespaces/proxy/pods/x"), { namespace: "proxy", name: "x" });
});

test("paths that are no resource", (t) => {
	for (const [url, path] of [
		["/", "/"],
		["/api", "/api"],
		["/apis/apps/", "/apis/apps"],
		["/apis/apps/v1", "/apis/apps/v1"],
		["/readyz/ping?verbose", "/readyz/ping"],
		["/m%65trics", "/metrics"],
		["/api%20x/v1/pods", "/api x/v1/pods"],
	] as const) {
		const request = requestInfo("GET", url);
		t.is(request.type === "path" && request.path, path);
	}
});

test("paths that try to climb, to hide or to confuse are refused", (t) => {
	for (const url of [
		"/api/v1/namespaces/a/pods/..",
		"/api/v1/namespaces/%2e%2e/pods",
		"/api/v1/namespaces/a/pods/x%2Fexec",
		"/api/v1/namespaces/a/pods/x%252Fexec",
		"/api/v1/namespaces/a%00/pods",
		"/api/v1/pods/%E0%A4%A",
		"/healthz/../metrics",
		"/healthz/%2e%2e/metrics",
		"pods",
		`/api/v1/pods/${"x".repeat(20_000)}`,
	]) {
		t.is(t.throws(() => requestInfo("GET", url), { instanceOf: StatusError }).code, 400, url);
	}
	for (const url of ["/api/v1//pods", "/api//v1/pods", "/api/v1/namespaces//pods", "/api/v1/pods/a/b/c/d"]) {
		t.is(t.throws(() => requestInfo("GET", url), { instanceOf: StatusError }).code, 404, url);
	}
	t.is(t.throws(() => requestInfo("TRACE", "/api/v1/pods"), { instanceOf: StatusError }).code, 405);
});

test("any path is read or refused, never a crash", (t) => {
	const piece = fc.oneof(
		fc.constantFrom("api", "apis", "v1", "namespaces", "pods", "watch", "proxy", "..", "%2f", "%", "", "?"),
		fc.string(),
	);
	fc.assert(
		fc.property(
			fc.constantFrom("GET", "POST", "DELETE", "X"),
			fc.array(piece, { maxLength: 9 }),
			(method, pieces) => {
				try {
					const request = requestInfo(method, `/${pieces.join("/")}`);
					if (request.type === "resource")
						return !`${request.info.namespace}${request.info.name}`.includes("/");
					return request.path.startsWith("/");
				} catch (error) {
					return error instanceof StatusError && error.code < 500;
				}
			},
		),
	);
	t.pass();
});
