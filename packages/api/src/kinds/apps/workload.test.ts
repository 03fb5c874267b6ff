import test from "ava";
import { completed, refusals, row, sampleContainer, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { Deployment, type DeploymentSpec } from "./deployment.ts";
import { ReplicaSet } from "./replica-set.ts";

const labels = { app: "web" };
const spec: DeploymentSpec = {
	selector: { matchLabels: labels },
	template: { metadata: { labels }, spec: { containers: [sampleContainer()] } },
};
const deployment = (extra: Partial<DeploymentSpec> = {}): Deployment => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: sampleMeta("web"),
	spec: { ...spec, ...extra },
});
const replicaSet = (extra: Partial<ReplicaSet["spec"]> = {}): ReplicaSet => ({
	apiVersion: "apps/v1",
	kind: "ReplicaSet",
	metadata: sampleMeta("web-1"),
	spec: { ...spec, ...extra },
});

test("defaults", (t) => {
	const { template, ...rest } = completed(Deployment, deployment()).spec;
	t.deepEqual(rest, {
		selector: { matchLabels: labels },
		replicas: 1,
		revisionHistoryLimit: 10,
		progressDeadlineSeconds: 600,
		strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
	});
	t.is(template.spec?.restartPolicy, "Always");
	t.is(template.spec?.containers[0]?.imagePullPolicy, "IfNotPresent");
	t.deepEqual(completed(Deployment, deployment({ strategy: { type: "Recreate" } })).spec.strategy, {
		type: "Recreate",
	});
	t.is(completed(Deployment, deployment({ replicas: 0 })).spec.replicas, 0);
	t.is(completed(ReplicaSet, replicaSet()).spec.replicas, 1);
});

test("prints", (t) => {
	const whole: Deployment = {
		...deployment({ replicas: 3 }),
		status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
	};
	t.deepEqual(Object.values(row(Deployment, whole)), ["2/3", 3, 1, "5m", "web", "nginx:1.29", "app=web"]);
	const selector = {
		matchLabels: labels,
		matchExpressions: [{ key: "tier", operator: "In", values: ["b", "a"] }],
	};
	const set: ReplicaSet = {
		...replicaSet({ replicas: 3, selector }),
		status: { replicas: 2, readyReplicas: 1 },
	};
	t.deepEqual(Object.values(row(ReplicaSet, set)), [
		3,
		2,
		1,
		"5m",
		"web",
		"nginx:1.29",
		"app=web,tier in (a,b)",
	]);
});

const cases: [title: string, extra: Partial<DeploymentSpec>, expected: string[]][] = [
	["a plain deployment", {}, []],
	[
		"other labels",
		{ selector: { matchLabels: { app: "db" } } },
		[
			'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
		],
	],
	[
		"a selector of everything",
		{ selector: {} },
		["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
	],
	[
		"a bad operator",
		{ selector: { matchExpressions: [{ key: "a", operator: "Like" }] } },
		[
			'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
			'spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Like"}]}: invalid label selector',
		],
	],
	[
		"a pod that ends",
		{ template: { metadata: { labels }, spec: { containers: [sampleContainer()], restartPolicy: "Never" } } },
		['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
	],
	[
		"negative numbers",
		{ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1 },
		[
			"spec.replicas: Invalid value: -1: must be greater than or equal to 0",
			"spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
			"spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
		],
	],
	[
		"a deadline before readiness",
		{ minReadySeconds: 30, progressDeadlineSeconds: 30 },
		["spec.progressDeadlineSeconds: Invalid value: 30: must be greater than minReadySeconds"],
	],
	[
		"an update that can not move",
		{ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } },
		['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
	],
	[
		"odd percentages",
		{ strategy: { rollingUpdate: { maxSurge: "half", maxUnavailable: "101%" } } },
		[
			"spec.strategy.rollingUpdate.maxSurge: Invalid value: \"half\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
			'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
		],
	],
	[
		"a rolling recreation",
		{ strategy: { type: "Recreate", rollingUpdate: {} } },
		["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
	],
	[
		"a bad pod inside",
		{ template: { metadata: { labels }, spec: { containers: [sampleContainer({ image: "" })] } } },
		["spec.template.spec.containers[0].image: Required value"],
	],
];
for (const [title, extra, expected] of cases)
	test(`judges ${title}`, (t) => t.deepEqual(refusals(Deployment, deployment(extra)), expected));

test("nothing said at all", (t) => {
	const empty = { ...deployment(), spec: {} as DeploymentSpec };
	t.deepEqual(refusals(Deployment, empty), [
		"spec.selector: Required value",
		"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
		"spec.template.spec.containers: Required value",
	]);
	t.deepEqual(refusals(ReplicaSet, replicaSet({ selector: { matchLabels: { app: "db" } } })), [
		'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
	]);
});

test("the selector stays", (t) => {
	const other = deployment({ selector: { matchLabels: { app: "web", tier: "x" } } });
	t.deepEqual(updateRefusals(Deployment, other, deployment()), [
		'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"x"}}: field is immutable',
	]);
	t.deepEqual(updateRefusals(Deployment, deployment({ replicas: 9 }), deployment()), []);
});

test("status counts make sense", (t) => {
	const status = {
		replicas: 1,
		updatedReplicas: 2,
		readyReplicas: 0,
		availableReplicas: 1,
		collisionCount: -1,
	};
	t.deepEqual(
		Deployment.validateStatusUpdate?.({ ...deployment(), status }, deployment()).map(
			({ field, message }) => `${field}: ${message}`,
		),
		[
			"status.collisionCount: Invalid value: -1: must be greater than or equal to 0",
			"status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
			"status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
			"status.collisionCount: Invalid value: -1: cannot be decremented",
		],
	);
});

test("warns of labels that have moved, and of fractions of bytes", (t) => {
	const template = {
		metadata: { labels },
		spec: {
			nodeSelector: { "beta.kubernetes.io/arch": "amd64" },
			containers: [
				sampleContainer({
					resources: { requests: { memory: "100m" } },
					env: [
						{ name: "A", value: "1" },
						{ name: "A", value: "2" },
						{ name: "A", value: "$(A):3" },
					],
				}),
			],
		},
	};
	t.deepEqual(Deployment.warnings?.(deployment({ template })), [
		'spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
		'spec.template.spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
		'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
	]);
});
