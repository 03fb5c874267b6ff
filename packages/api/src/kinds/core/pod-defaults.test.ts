import test from "ava";
import { completed, sampleContainer, samplePod } from "../testing/samples.ts";
import { defaultPullPolicy } from "./container-defaults.ts";
import { Pod } from "./pod.ts";
import { defaultPodTemplate } from "./pod-defaults.ts";
import type { PodSpec } from "./pod-spec.ts";
import { defaultVolume } from "./volume-defaults.ts";

const specOf = (spec: Partial<PodSpec>) => completed(Pod, samplePod(spec)).spec;

test("a plain pod", (t) => {
	t.deepEqual(specOf({ serviceAccount: "robot" }), {
		containers: [
			{
				name: "web",
				image: "nginx:1.29",
				terminationMessagePath: "/dev/termination-log",
				terminationMessagePolicy: "File",
				imagePullPolicy: "IfNotPresent",
				resources: {},
			},
		],
		restartPolicy: "Always",
		dnsPolicy: "ClusterFirst",
		schedulerName: "default-scheduler",
		securityContext: {},
		terminationGracePeriodSeconds: 30,
		enableServiceLinks: true,
		serviceAccount: "robot",
		serviceAccountName: "robot",
	});
});

test("a template gets no service links, host ports or requests", (t) => {
	const { spec } = defaultPodTemplate({
		spec: {
			hostNetwork: true,
			containers: [sampleContainer({ ports: [{ containerPort: 80 }], resources: { limits: { cpu: "1" } } })],
		},
	});
	t.is(spec?.enableServiceLinks, undefined);
	t.deepEqual(spec?.containers[0]?.ports, [{ containerPort: 80, protocol: "TCP" }]);
	t.deepEqual(spec?.containers[0]?.resources, { limits: { cpu: "1" } });
	t.is(spec?.restartPolicy, "Always");
});

test("less than no time to end is a second, in pods", (t) => {
	t.is(specOf({ terminationGracePeriodSeconds: -1 }).terminationGracePeriodSeconds, 1);
	t.is(specOf({ terminationGracePeriodSeconds: 0 }).terminationGracePeriodSeconds, 0);
	const { spec } = defaultPodTemplate({
		spec: { containers: [sampleContainer()], terminationGracePeriodSeconds: -1 },
	});
	t.is(spec?.terminationGracePeriodSeconds, -1);
});

test("a pod does", (t) => {
	const { containers } = specOf({
		hostNetwork: true,
		containers: [
			sampleContainer({
				ports: [{ containerPort: 80 }],
				resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } },
			}),
		],
	});
	t.deepEqual(containers[0]?.ports, [{ containerPort: 80, hostPort: 80, protocol: "TCP" }]);
	t.deepEqual(containers[0]?.resources?.requests, { cpu: "500m", memory: "1Gi" });
});

for (const [image, policy] of [
	["nginx", "Always"],
	["nginx:latest", "Always"],
	["registry:5000/nginx", "Always"],
	["registry:5000/nginx:1", "IfNotPresent"],
	["nginx@sha256:abc", "IfNotPresent"],
	["nginx:latest@sha256:abc", "IfNotPresent"],
] as const)
	test(`${image} is pulled ${policy}`, (t) => t.is(defaultPullPolicy(image), policy));

test("probes, hooks and variables", (t) => {
	const [container] = specOf({
		containers: [
			sampleContainer({
				livenessProbe: { httpGet: { port: "http" } },
				readinessProbe: { grpc: { port: 9 }, periodSeconds: 5 },
				lifecycle: { preStop: { httpGet: { port: 80, path: "/bye" } } },
				env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
			}),
		],
	}).containers;
	const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
	t.deepEqual(container?.livenessProbe, { httpGet: { port: "http", path: "/", scheme: "HTTP" }, ...times });
	t.deepEqual(container?.readinessProbe, { grpc: { port: 9, service: "" }, ...times, periodSeconds: 5 });
	t.deepEqual(container?.lifecycle?.preStop?.httpGet, { port: 80, path: "/bye", scheme: "HTTP" });
	t.deepEqual(container?.env?.[0]?.valueFrom, { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" } });
});

test("volumes", (t) => {
	const file = { fieldRef: { fieldPath: "metadata.name" }, path: "name" };
	const complete = { fieldRef: { fieldPath: "metadata.name", apiVersion: "v1" }, path: "name" };
	t.deepEqual(
		[
			{ name: "a" },
			{ name: "b", hostPath: { path: "/x" } },
			{ name: "c", secret: { secretName: "s" } },
			{ name: "d", downwardAPI: { items: [file] } },
			{
				name: "e",
				projected: { sources: [{ serviceAccountToken: { path: "t" } }, { downwardAPI: { items: [file] } }] },
			},
			{ name: "f", image: { reference: "x:latest" } },
		].map(defaultVolume),
		[
			{ name: "a", emptyDir: {} },
			{ name: "b", hostPath: { path: "/x", type: "" } },
			{ name: "c", secret: { secretName: "s", defaultMode: 420 } },
			{ name: "d", downwardAPI: { items: [complete], defaultMode: 420 } },
			{
				name: "e",
				projected: {
					sources: [
						{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } },
						{ downwardAPI: { items: [complete] } },
					],
					defaultMode: 420,
				},
			},
			{ name: "f", image: { reference: "x:latest", pullPolicy: "Always" } },
		],
	);
});

test("amounts finer than a thousandth are rounded up", (t) => {
	const [container] = specOf({
		containers: [sampleContainer({ resources: { requests: { cpu: "0.0001", memory: "1.5Gi" } } })],
	}).containers;
	t.deepEqual(container?.resources?.requests, { cpu: "1m", memory: "1.5Gi" });
});

test("pod-level requests follow the containers, then the limits", (t) => {
	const { resources } = specOf({
		containers: [sampleContainer({ resources: { requests: { cpu: "250m" } } })],
		resources: { limits: { cpu: "1", memory: "1Gi" } },
	});
	t.deepEqual(resources?.requests, { cpu: "250m", memory: "1Gi" });
});

test("addresses in the status mirror each other", (t) => {
	t.deepEqual(completed(Pod, samplePod({}, { podIP: "10.0.0.1" })).status, {
		podIP: "10.0.0.1",
		podIPs: [{ ip: "10.0.0.1" }],
	});
	t.is(completed(Pod, samplePod({}, { podIPs: [{ ip: "10.0.0.2" }] })).status?.podIP, "10.0.0.2");
});

test("a new pod is Pending, and gated when it has gates", (t) => {
	const { status } = Pod.prepareCreate?.(samplePod({ schedulingGates: [{ name: "a" }] })) ?? {};
	t.is(status?.phase, "Pending");
	t.is(status?.qosClass, "BestEffort");
	t.is(status?.conditions?.[0]?.reason, "SchedulingGated");
});
