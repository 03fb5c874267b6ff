import test from "ava";
import { Deployment } from "../../kinds/apps/deployment.ts";
import { Pod } from "../../kinds/core/pod.ts";
import { applyDefaults } from "../defaults.ts";
import { compareObjects } from "./compare.ts";
import { fieldSetOf } from "./field-set-of.ts";

const UNOWNED = { apiVersion: true, kind: true, metadata: { name: true } } as const;

const pod = {
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "a", labels: { app: "x" } },
	spec: {
		containers: [
			{
				name: "c",
				image: "i",
				ports: [{ containerPort: 80 }],
				resources: { limits: { cpu: "1" } },
				env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
			},
		],
		nodeSelector: { disk: "ssd" },
	},
};

test("a new object: structs that are always there have no owner, what is optional has", (t) => {
	const { touched, removed } = compareObjects(Pod.schema, undefined, pod, UNOWNED);
	t.is(removed, undefined);
	t.deepEqual(touched as unknown, {
		"f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
		"f:spec": {
			"f:containers": {
				'k:{"name":"c"}': {
					".": {},
					"f:name": {},
					"f:image": {},
					"f:ports": {
						".": {},
						'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
					},
					"f:resources": { ".": {}, "f:limits": { ".": {}, "f:cpu": {} } },
					"f:env": {
						".": {},
						'k:{"name":"A"}': {
							".": {},
							"f:name": {},
							"f:valueFrom": { ".": {}, "f:fieldRef": {} },
						},
					},
				},
			},
			"f:nodeSelector": {},
		},
	});
});

test("a deployment's template is always there", (t) => {
	const deployment = applyDefaults(Deployment.schema, {
		metadata: { name: "a" },
		spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } } } },
	});
	const { touched } = compareObjects(Deployment.schema, undefined, deployment, UNOWNED);
	const spec = touched?.["f:spec"];
	t.deepEqual(spec?.["f:selector"] as unknown, {});
	t.deepEqual(spec?.["f:template"]?.["f:metadata"] as unknown, { "f:labels": { ".": {}, "f:a": {} } });
	t.is(touched?.["f:metadata"], undefined);
});

test("changes are found where they are", (t) => {
	const [container] = pod.spec.containers;
	const next = {
		...pod,
		metadata: { name: "b", labels: { other: "y" } },
		spec: { ...pod.spec, containers: [{ ...container, image: "j", env: undefined }, { name: "d" }] },
	};
	const { touched, removed } = compareObjects(Pod.schema, pod, next, UNOWNED);
	t.deepEqual(touched as unknown, {
		"f:metadata": { "f:labels": { "f:other": {} } },
		"f:spec": {
			"f:containers": {
				'k:{"name":"c"}': { "f:image": {} },
				'k:{"name":"d"}': { ".": {}, "f:name": {} },
			},
		},
	});
	t.deepEqual(removed as unknown, {
		"f:metadata": { "f:labels": { "f:app": {} } },
		"f:spec": {
			"f:containers": {
				'k:{"name":"c"}': {
					"f:env": {
						".": {},
						'k:{"name":"A"}': {
							".": {},
							"f:name": {},
							"f:valueFrom": { ".": {}, "f:fieldRef": {} },
						},
					},
				},
			},
		},
	});
	t.deepEqual(compareObjects(Pod.schema, pod, structuredClone(pod), UNOWNED), {
		touched: undefined,
		removed: undefined,
	});
});

test("a configuration owns what it gives, not the way there", (t) => {
	const configuration = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "a", labels: { app: "x" }, finalizers: ["f/g"] },
		spec: { containers: [{ name: "c", ports: [{ containerPort: 80 }], resources: {} }], hostname: null },
	};
	t.deepEqual(fieldSetOf(Pod.schema, configuration, UNOWNED) as unknown, {
		"f:metadata": { "f:labels": { "f:app": {} }, "f:finalizers": { 'v:"f/g"': {} } },
		"f:spec": {
			"f:containers": {
				'k:{"name":"c"}': {
					".": {},
					"f:name": {},
					"f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
					"f:resources": {},
				},
			},
			"f:hostname": {},
		},
	});
});
