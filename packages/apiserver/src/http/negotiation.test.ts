import { StatusError } from "@berth/api";
import test from "ava";
import { errorFormat, negotiate as negotiateWith, type Offer } from "./negotiation.ts";

const negotiate = (accept: string | undefined, offer: Partial<Offer> = {}) =>
	negotiateWith(accept, { protobuf: false, stream: false, ...offer });

const json = { as: "object", format: "json" } as const;

test("JSON unless something else is asked for", (t) => {
	for (const accept of [undefined, "", "*/*", "application/*", "application/json", "text/html, */*;q=0.1"]) {
		t.deepEqual(negotiate(accept), json, accept);
	}
	t.deepEqual(negotiate("application/yaml"), { as: "object", format: "yaml" });
	t.deepEqual(negotiate("application/yaml;q=0.5, application/json"), json);
});

test("protobuf where there is any; clients that prefer it fall back to what they list next", (t) => {
	const accept = "application/vnd.kubernetes.protobuf,application/json";
	t.deepEqual(negotiate(accept, { protobuf: true }), { as: "object", format: "protobuf" });
	t.deepEqual(negotiate(accept), json);
	t.deepEqual(negotiate(`${accept};q=0.9`, { protobuf: true }), { as: "object", format: "protobuf" });
	t.deepEqual(
		negotiate("application/vnd.kubernetes.protobuf;q=0.9,application/json", { protobuf: true }),
		json,
	);
	const error = t.throws(() => negotiate("application/vnd.kubernetes.protobuf"), { instanceOf: StatusError });
	t.is(error.code, 406);
	t.is(error.reason, "NotAcceptable");
});

test("protobuf has metadata of every kind, and no tables", (t) => {
	const metadata = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
	t.deepEqual(negotiate(metadata), { as: "metadata", version: "v1", format: "protobuf" });
	const table = "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1";
	t.deepEqual(negotiate(`${table},application/json`, { protobuf: true }), json);
});

test("streams of events are not YAML", (t) => {
	const stream = { protobuf: true, stream: true };
	t.deepEqual(negotiate("application/json;stream=watch", stream), json);
	t.deepEqual(negotiate("application/vnd.kubernetes.protobuf;stream=watch", stream), {
		as: "object",
		format: "protobuf",
	});
	t.throws(() => negotiate("application/json;stream=watch", { protobuf: true }));
	const error = t.throws(() => negotiate("application/yaml", stream), { instanceOf: StatusError });
	t.is(
		error.message,
		"only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch",
	);
});

test("errors are said in the first format that is understood", (t) => {
	t.is(errorFormat(undefined), "json");
	t.is(errorFormat("text/html"), "json");
	t.is(
		errorFormat("application/vnd.kubernetes.protobuf;as=PartialObjectMetadata,application/json"),
		"protobuf",
	);
	t.is(errorFormat("application/cbor, application/yaml"), "yaml");
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

test("answers that are computed have no rows: kubectl takes them whole, who wants only a table is refused", (t) => {
	const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
	t.deepEqual(negotiate(`${table},application/json`, { tables: false }), json);
	const error = t.throws(() => negotiate(table, { tables: false }), { instanceOf: StatusError });
	t.is(error?.code, 406);
});
