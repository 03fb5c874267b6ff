import test from "ava";
import protobuf from "protobufjs";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const PODS = "/api/v1/namespaces/default/pods";

/** As the published .proto files have it, for an implementation that is not ours. */
const SCHEMA = protobuf.parse(
	`
	syntax = "proto2";
	message TypeMeta { optional string apiVersion = 1; optional string kind = 2; }
	message Unknown { optional TypeMeta typeMeta = 1; optional bytes raw = 2; optional string contentEncoding = 3; optional string contentType = 4; }
	message Raw { optional bytes raw = 1; }
	message WatchEvent { optional string type = 1; optional Raw object = 2; }
	message Time { optional int64 seconds = 1; optional int32 nanos = 2; }
	message ObjectMeta { optional string name = 1; optional string namespace = 3; optional string uid = 5; optional string resourceVersion = 6;
		optional Time creationTimestamp = 8; map<string, string> labels = 11; map<string, string> annotations = 12; }
	message ListMeta { optional string selfLink = 1; optional string resourceVersion = 2; optional string continue = 3; optional int64 remainingItemCount = 4; }
	message Port { optional string name = 1; optional int32 hostPort = 2; optional int32 containerPort = 3; optional string protocol = 4; }
	message EnvVar { optional string name = 1; optional string value = 2; }
	message Reference { optional string name = 1; }
	message ConfigMapSource { optional Reference localObjectReference = 1; optional int32 defaultMode = 3; }
	message VolumeSource { optional ConfigMapSource configMap = 19; }
	message Volume { optional string name = 1; optional VolumeSource volumeSource = 2; }
	message Quantity { optional string string = 1; }
	message Resources { map<string, Quantity> requests = 2; }
	message IntOrString { optional int64 type = 1; optional int32 intVal = 2; optional string strVal = 3; }
	message HttpGet { optional string path = 1; optional IntOrString port = 2; }
	message Handler { optional HttpGet httpGet = 2; }
	message Probe { optional Handler handler = 1; optional int32 initialDelaySeconds = 2; }
	message Container { optional string name = 1; optional string image = 2; repeated Port ports = 6; repeated EnvVar env = 7; optional Resources resources = 8; optional Probe livenessProbe = 10; }
	message PodSpec { repeated Volume volumes = 1; repeated Container containers = 2; optional string restartPolicy = 3; }
	message Pod { optional ObjectMeta metadata = 1; optional PodSpec spec = 2; }
	message PodList { optional ListMeta metadata = 1; repeated Pod items = 2; }
	message Partial { optional ObjectMeta metadata = 1; }
	message PartialList { optional ListMeta metadata = 1; repeated Partial items = 2; }
	message Verbs { repeated string items = 1; }
	message Resource { optional string name = 1; optional bool namespaced = 2; optional string kind = 3; optional Verbs verbs = 4; repeated string shortNames = 5; }
	message ResourceList { optional string groupVersion = 1; repeated Resource resources = 2; }
	message Status { optional ListMeta metadata = 1; optional string status = 2; optional string message = 3; optional string reason = 4; optional int32 code = 6; }
`,
	{ keepCase: true },
).root;

// biome-ignore lint/suspicious/noExplicitAny: tests look at messages of every shape
const read = (type: string, bytes: Uint8Array): any =>
	SCHEMA.lookupType(type).toObject(SCHEMA.lookupType(type).decode(bytes), { longs: Number });

function open(bytes: Buffer): { readonly typeMeta: object; readonly raw: Uint8Array } {
	if (bytes.subarray(0, 4).toString("latin1") !== "k8s\0") throw new Error("no magic");
	return read("Unknown", bytes.subarray(4));
}

const POD = {
	metadata: { name: "web", labels: { app: "web", tier: "front" }, annotations: { long: "ü".repeat(300) } },
	spec: {
		volumes: [{ name: "v", configMap: { name: "settings" } }],
		containers: [
			{
				name: "c",
				image: "nginx",
				ports: [{ containerPort: 80 }],
				env: [{ name: "A", value: "b" }],
				resources: { requests: { cpu: "100m", memory: "1Gi" } },
				livenessProbe: { httpGet: { path: "/", port: "http" }, initialDelaySeconds: 3 },
			},
		],
	},
};

let server: TestServer;
test.before(async () => {
	server = await startTestServer();
	const account = { metadata: { name: "default" } };
	await server.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: account });
	const created = await server.ask("POST", PODS, {
		body: POD,
		headers: { accept: `${PROTOBUF},application/json` },
	});
	if (created.code !== 201) throw new Error(created.text);
});
test.after.always(() => server[Symbol.asyncDispose]());

test("an object, as another implementation of protobuf reads it", async (t) => {
	const reply = await server.ask("GET", `${PODS}/web`, { headers: { accept: PROTOBUF } });
	t.is(reply.headers["content-type"], PROTOBUF);
	const { typeMeta, raw } = open(reply.bytes);
	t.deepEqual(typeMeta, { apiVersion: "v1", kind: "Pod" });
	const pod = read("Pod", raw);
	const json = (await server.ask("GET", `${PODS}/web`)).json;
	t.is(pod.metadata.uid, json.metadata.uid);
	t.is(pod.metadata.resourceVersion, json.metadata.resourceVersion);
	t.is(pod.metadata.creationTimestamp.seconds * 1000, Date.parse(json.metadata.creationTimestamp));
	t.deepEqual(pod.metadata.labels, POD.metadata.labels);
	t.deepEqual(pod.metadata.annotations, POD.metadata.annotations);
	t.deepEqual(pod.spec.volumes[0], {
		name: "v",
		volumeSource: { configMap: { localObjectReference: { name: "settings" }, defaultMode: 420 } },
	});
	t.like(pod.spec.containers[0], {
		name: "c",
		ports: [{ containerPort: 80, protocol: "TCP" }],
		env: [{ name: "A", value: "b" }],
		resources: { requests: { cpu: { string: "100m" }, memory: { string: "1Gi" } } },
		livenessProbe: {
			handler: { httpGet: { path: "/", port: { type: 1, intVal: 0, strVal: "http" } } },
			initialDelaySeconds: 3,
		},
	});
});

test("lists, and metadata alone", async (t) => {
	const list = open((await server.ask("GET", `${PODS}?limit=1`, { headers: { accept: PROTOBUF } })).bytes);
	t.deepEqual(list.typeMeta, { apiVersion: "v1", kind: "PodList" });
	const { metadata, items } = read("PodList", list.raw);
	t.regex(metadata.resourceVersion, /^\d+$/);
	t.is(items[0].metadata.name, "web");
	const accept = `${PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`;
	const partial = open((await server.ask("GET", PODS, { headers: { accept } })).bytes);
	t.deepEqual(partial.typeMeta, { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadataList" });
	t.is(read("PartialList", partial.raw).items[0].metadata.name, "web");
});

test("errors and computed answers", async (t) => {
	const missing = await server.ask("GET", `${PODS}/none`, { headers: { accept: PROTOBUF } });
	t.is(missing.code, 404);
	const { typeMeta, raw } = open(missing.bytes);
	t.deepEqual(typeMeta, { apiVersion: "v1", kind: "Status" });
	t.like(read("Status", raw), {
		status: "Failure",
		reason: "NotFound",
		code: 404,
		message: 'pods "none" not found',
	});
	const review = await server.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
		body: {},
		headers: { accept: PROTOBUF },
	});
	t.deepEqual(open(review.bytes).typeMeta, {
		apiVersion: "authentication.k8s.io/v1",
		kind: "SelfSubjectReview",
	});
});

test("a watch is frames of events", async (t) => {
	const reply = await server.ask("GET", `${PODS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=1`, {
		headers: { accept: PROTOBUF },
	});
	t.is(reply.headers["content-type"], `${PROTOBUF};stream=watch`);
	const events: { readonly type: string; readonly name: string }[] = [];
	for (let at = 0; at < reply.bytes.length; ) {
		const length = reply.bytes.readUInt32BE(at);
		const event = read("WatchEvent", reply.bytes.subarray(at + 4, at + 4 + length));
		const { raw } = open(Buffer.from(event.object.raw));
		events.push({ type: event.type, name: read("Pod", raw).metadata.name });
		at += 4 + length;
	}
	t.deepEqual(events[0], { type: "ADDED", name: "web" });
	t.is(events.at(-1)?.type, "BOOKMARK");
});

test("discovery", async (t) => {
	const list = await server.ask("GET", "/api/v1", { headers: { accept: PROTOBUF } });
	t.is(list.headers["content-type"], PROTOBUF);
	const { typeMeta, raw } = open(list.bytes);
	t.deepEqual(typeMeta, { apiVersion: "v1", kind: "APIResourceList" });
	const { resources } = read("ResourceList", raw);
	const pods = resources.find((resource: { name: string }) => resource.name === "pods");
	t.like(pods, { kind: "Pod", namespaced: true, shortNames: ["po"] });
	t.true(pods.verbs.items.includes("watch"));
	const accept = `${PROTOBUF};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json`;
	const aggregated = await server.ask("GET", "/apis", { headers: { accept } });
	t.is(aggregated.headers["content-type"], `${PROTOBUF};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`);
	t.deepEqual(open(aggregated.bytes).typeMeta, {
		apiVersion: "apidiscovery.k8s.io/v2",
		kind: "APIGroupDiscoveryList",
	});
});
