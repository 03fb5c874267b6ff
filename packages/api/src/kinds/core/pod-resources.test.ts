import test from "ava";
import { sampleContainer, samplePod } from "../testing/samples.ts";
import type { Container } from "./container.ts";
import { podQosClass, podRequests } from "./pod-resources.ts";
import type { PodSpec } from "./pod-spec.ts";

const asking = (requests: Record<string, string>, extra: Partial<Container> = {}) =>
	sampleContainer({ resources: { requests }, ...extra });
const specOf = (spec: Partial<PodSpec>) => samplePod(spec).spec;
const GI = 1024 ** 3;

test("containers add up", (t) => {
	const { cpu, memory, ephemeral, others } = podRequests(
		specOf({
			containers: [asking({ cpu: "250m", memory: "1Gi" }), asking({ cpu: "0.5", "example.com/gpu": "2" })],
		}),
	);
	t.deepEqual([cpu, memory, ephemeral, [...others]], [750, GI, 0, [["example.com/gpu", 2]]]);
});

test("an init container counts when it needs more than all others together", (t) => {
	const containers = [asking({ cpu: "100m", memory: "1Gi" })];
	const { cpu, memory } = podRequests(
		specOf({ containers, initContainers: [asking({ cpu: "1" }), asking({ cpu: "300m" })] }),
	);
	t.deepEqual([cpu, memory], [1000, GI]);
});

test("sidecars run beside what starts after them", (t) => {
	const { cpu } = podRequests(
		specOf({
			containers: [asking({ cpu: "100m" })],
			initContainers: [
				asking({ cpu: "500m" }),
				asking({ cpu: "200m" }, { restartPolicy: "Always" }),
				asking({ cpu: "400m" }),
			],
		}),
	);
	t.is(cpu, 600);
});

test("requests of the pod replace those of containers; overhead is added", (t) => {
	const { cpu, memory } = podRequests(
		specOf({
			containers: [asking({ cpu: "100m", memory: "1Gi" })],
			resources: { requests: { cpu: "2" } },
			overhead: { cpu: "10m" },
		}),
	);
	t.deepEqual([cpu, memory], [2010, GI]);
});

const both = { cpu: "1", memory: "1Gi" };
const qos: [title: string, spec: Partial<PodSpec>, expected: ReturnType<typeof podQosClass>][] = [
	["nothing asked", {}, "BestEffort"],
	["only extended resources", { containers: [asking({ "example.com/gpu": "1" })] }, "BestEffort"],
	["a request", { containers: [asking({ cpu: "1" })] }, "Burstable"],
	[
		"limits equal to requests",
		{
			containers: [
				sampleContainer({ resources: { limits: both, requests: { cpu: "1000m", memory: "1024Mi" } } }),
			],
		},
		"Guaranteed",
	],
	[
		"one container without",
		{ containers: [sampleContainer({ resources: { limits: both, requests: both } }), sampleContainer()] },
		"Burstable",
	],
	[
		"memory alone",
		{ containers: [sampleContainer({ resources: { limits: { memory: "1Gi" } } })] },
		"Burstable",
	],
	["pod-level", { resources: { limits: both, requests: both } }, "Guaranteed"],
];
for (const [title, spec, expected] of qos)
	test(`quality of service: ${title}`, (t) => t.is(podQosClass(specOf(spec)), expected));
