import test from "ava";
import { Deployment } from "../../kinds/apps/deployment.ts";
import { Pod } from "../../kinds/core/pod.ts";
import { StatusError } from "../errors.ts";
import { applyStrategicPatch } from "./strategic.ts";

const pod = (spec: object, metadata: object = {}) => ({ metadata, spec });
const patchSpec = (spec: object, patch: object) =>
	(applyStrategicPatch(Pod.schema, pod(spec), { spec: patch }) as { spec: unknown }).spec;
const patchMetadata = (metadata: object, patch: object) =>
	(applyStrategicPatch(Pod.schema, pod({}, metadata), { metadata: patch }) as { metadata: unknown }).metadata;
const names = (...list: string[]) => list.map((name) => ({ name }));

function refusal(patch: unknown, doc: object = pod({ containers: names("a") })) {
	try {
		applyStrategicPatch(Pod.schema, doc, patch);
	} catch (error) {
		if (error instanceof StatusError) return `${error.code} ${error.message}`;
		throw error;
	}
	return undefined;
}

test("objects merge, null deletes, lists without a key are replaced", (t) => {
	t.deepEqual(
		patchSpec(
			{ nodeName: "n", hostNetwork: true, tolerations: [{ key: "a" }], nodeSelector: { a: "1", b: "2" } },
			{ hostNetwork: null, tolerations: [{ key: "b" }], nodeSelector: { a: null, c: "3" } },
		),
		{ nodeName: "n", tolerations: [{ key: "b" }], nodeSelector: { b: "2", c: "3" } },
	);
});

test("elements merge by their key; the patch's come first, in its order", (t) => {
	const containers = [{ name: "a", image: "x", env: names("e") }, { name: "b" }, { name: "c" }];
	t.deepEqual(patchSpec({ containers }, { containers: [{ name: "d" }, { name: "a", image: "y" }] }), {
		containers: [{ name: "d" }, { name: "a", image: "y", env: names("e") }, { name: "b" }, { name: "c" }],
	});
	t.deepEqual(patchSpec({ containers }, { containers: [{ name: "c", image: "z" }] }), {
		containers: [containers[0], containers[1], { name: "c", image: "z" }],
	});
});

test("$patch: delete takes elements and fields away", (t) => {
	t.deepEqual(patchSpec({ containers: names("a", "b") }, { containers: [{ name: "a", $patch: "delete" }] }), {
		containers: names("b"),
	});
	t.deepEqual(patchSpec({ containers: names("a") }, { containers: [{ name: "z", $patch: "delete" }] }), {
		containers: names("a"),
	});
	t.deepEqual(patchSpec({ dnsConfig: { nameservers: ["1.1.1.1"] } }, { dnsConfig: { $patch: "delete" } }), {
		dnsConfig: {},
	});
});

test("$patch: replace puts the patch in place of what was", (t) => {
	t.deepEqual(
		patchSpec({ containers: names("a", "b") }, { containers: [{ name: "c" }, { $patch: "replace" }] }),
		{
			containers: names("c"),
		},
	);
	t.deepEqual(
		patchSpec(
			{ securityContext: { runAsUser: 1, fsGroup: 2 } },
			{ securityContext: { $patch: "replace", fsGroup: 3 } },
		),
		{ securityContext: { fsGroup: 3 } },
	);
	t.deepEqual(patchSpec({ nodeName: "a" }, { $patch: "merge", hostNetwork: true }), {
		nodeName: "a",
		hostNetwork: true,
	});
});

test("lists of scalars that merge are sets", (t) => {
	t.deepEqual(patchMetadata({ finalizers: ["x", "y"] }, { finalizers: ["z", "x"] }), {
		finalizers: ["z", "x", "y"],
	});
	t.deepEqual(
		patchMetadata(
			{ finalizers: ["x", "y", "z"] },
			{ "$deleteFromPrimitiveList/finalizers": ["y", "unknown"] },
		),
		{ finalizers: ["x", "z"] },
	);
	t.deepEqual(patchMetadata({}, { "$deleteFromPrimitiveList/finalizers": ["y"] }), {});
});

test("$setElementOrder puts the named in order, the others stay beside their neighbours", (t) => {
	const patch = { "$setElementOrder/containers": names("c", "a"), containers: [{ name: "c", image: "y" }] };
	t.deepEqual(patchSpec({ containers: names("a", "b", "c", "d") }, patch), {
		containers: [{ name: "b" }, { name: "c", image: "y" }, { name: "a" }, { name: "d" }],
	});
	t.deepEqual(
		patchSpec({ containers: names("a", "b") }, { "$setElementOrder/containers": names("b", "a") }),
		{
			containers: names("b", "a"),
		},
	);
	t.deepEqual(patchSpec({}, { "$setElementOrder/containers": names("b", "a"), containers: names("b") }), {
		containers: names("b"),
	});
	t.deepEqual(patchMetadata({ finalizers: ["x", "y"] }, { "$setElementOrder/finalizers": ["y", "x"] }), {
		finalizers: ["y", "x"],
	});
});

test("$retainKeys drops what is not named", (t) => {
	const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } };
	const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
	t.deepEqual(applyStrategicPatch(Deployment.schema, { spec: { strategy } }, patch), {
		spec: { strategy: { type: "Recreate" } },
	});
});

test("what is new arrives without nulls and directives", (t) => {
	const container = {
		name: "a",
		image: null,
		env: [{ name: "x", $patch: "delete" }, { name: "y" }, { $patch: "replace" }],
		"$setElementOrder/env": names("y"),
		resources: { $retainKeys: ["limits"], limits: { cpu: "1", memory: null } },
	};
	const expected = { containers: [{ name: "a", env: names("y"), resources: { limits: { cpu: "1" } } }] };
	t.deepEqual(patchSpec({}, { containers: [container] }), expected);
	t.deepEqual(patchSpec({ containers: [] }, { containers: [container] }), expected);
});

test("what does not fit says why", (t) => {
	const containers = (...list: unknown[]) => ({ spec: { containers: list } });
	t.is(refusal([]), "400 invalid JSON document");
	t.is(
		refusal(containers({ image: "x" })),
		"422 the server rejected our request due to an error in our request: map: map[image:x] does not contain declared merge key: name",
	);
	t.regex(
		refusal(containers({ name: "a", $patch: "eat" })) ?? "",
		/^422 .*unknown patch type: eat in map: map\[\$patch:eat name:a\]$/,
	);
	t.regex(refusal({ spec: { $patch: "eat" } }) ?? "", /^422 .*unknown patch type: eat/);
	t.regex(refusal(containers("a")) ?? "", /^422 .*list element types are not identical/);
	t.is(refusal({ spec: { $eat: 1 } }), "400 unknown patch directive: $eat");
	t.is(refusal({ spec: { $retainKeys: "a" } }), "400 invalid patch format of retainKeys");
	t.is(
		refusal({ spec: { $retainKeys: ["a"], hostNetwork: true } }),
		"400 invalid patch format of retainKeys",
	);
	t.is(
		refusal({ spec: { "$setElementOrder/containers": "a" } }),
		"400 invalid patch format of setElementOrder list",
	);
	t.is(
		refusal({ spec: { "$setElementOrder/tolerations": [] } }),
		"400 invalid patch format of setElementOrder list",
	);
	t.is(
		refusal({ spec: { "$deleteFromPrimitiveList/containers": [] } }),
		"400 invalid patch format of primitive list",
	);
	const order = { "$setElementOrder/containers": names("b", "a"), containers: names("a", "b") };
	t.regex(refusal({ spec: order }) ?? "", /^422 .*The order in patch list:\n/);
});

test("elements without the key that are stored already stay", (t) => {
	const imagePullSecrets = [{}, { name: "a" }];
	t.deepEqual(patchSpec({ imagePullSecrets }, { imagePullSecrets: names("b") }), {
		imagePullSecrets: [{ name: "b" }, {}, { name: "a" }],
	});
});

test("ports of one number are one element, as the merge key says", (t) => {
	const ports = [
		{ containerPort: 53, protocol: "TCP" },
		{ containerPort: 53, protocol: "UDP" },
	];
	t.deepEqual(
		patchSpec(
			{ containers: [{ name: "a", ports }] },
			{ containers: [{ name: "a", ports: [{ containerPort: 53, name: "dns" }] }] },
		),
		{
			containers: [{ name: "a", ports: [{ containerPort: 53, protocol: "TCP", name: "dns" }, ports[1]] }],
		},
	);
});

test("__proto__ is a key without power", (t) => {
	const patch: unknown = JSON.parse(
		'{"metadata": {"labels": {"__proto__": "x", "constructor": "y"}}, "__proto__": {"admin": true}}',
	);
	const result = applyStrategicPatch(Pod.schema, pod({}), patch) as { admin?: boolean };
	t.is(result.admin, undefined);
	t.is(({} as { admin?: boolean }).admin, undefined);
	t.true(JSON.stringify(result).includes('"labels":{"__proto__":"x","constructor":"y"}'));
});
