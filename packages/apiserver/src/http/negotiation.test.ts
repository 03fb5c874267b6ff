import { StatusError } from "@berth/api";
import test from "ava";
import { negotiate } from "./negotiation.ts";

const json = { as: "object", format: "json" } as const;

test("JSON unless something else is asked for", (t) => {
	for (const accept of [undefined, "", "*/*", "application/*", "application/json", "text/html, */*;q=0.1"]) {
		t.deepEqual(negotiate(accept), json, accept);
	}
	t.deepEqual(negotiate("application/yaml"), { as: "object", format: "yaml" });
	t.deepEqual(negotiate("application/yaml;q=0.5, application/json"), json);
});

test("clients that prefer protobuf fall back to what they list next", (t) => {
	t.deepEqual(negotiate("application/vnd.kubernetes.protobuf,application/json"), json);
	const error = t.throws(() => negotiate("application/vnd.kubernetes.protobuf"), { instanceOf: StatusError });
	t.is(error.code, 406);
	t.is(error.reason, "NotAcceptable");
});

test("tables and metadata, in kubectl's words", (t) => {
	const kubectl =
		"application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
	t.deepEqual(negotiate(kubectl), { as: "table", version: "v1", format: "json" });
	t.deepEqual(negotiate("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"), {
		as: "metadata",
		version: "v1",
		format: "json",
	});
	t.deepEqual(negotiate("application/json;as=Table;v=v2;g=meta.k8s.io,application/json"), json);
	t.throws(() => negotiate("application/json;as=Chart;v=v1;g=meta.k8s.io"));
	t.throws(() => negotiate("json"));
	t.throws(() => negotiate("application/json;q=0"));
});
