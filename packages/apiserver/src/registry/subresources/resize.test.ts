import { LimitRange, Pod } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "../testing/open-registry.ts";

const STRATEGIC = "application/strategic-merge-patch+json";
const burstable = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } };
const makePod = (api: TestRegistry, resources: object = burstable) =>
	api.value<Pod>("create", Pod, {
		body: { metadata: { name: "p" }, spec: { containers: [{ name: "main", image: "nginx", resources }] } },
	});
const resize = (container: object) => ({
	name: "p",
	subresource: "resize",
	contentType: STRATEGIC,
	body: { spec: { containers: [{ name: "main", ...container }] } },
});

test("only resources and how they change are taken", async (t) => {
	await using api = await openRegistry();
	await makePod(api);
	const resizePolicy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }];
	const pod = await api.value<Pod>(
		"patch",
		Pod,
		resize({ image: "other", resizePolicy, resources: { requests: { cpu: "200m" } } }),
	);
	const [container] = pod.spec.containers;
	t.is(container?.image, "nginx");
	t.deepEqual(container?.resources, { ...burstable, requests: { cpu: "200m", memory: "64Mi" } });
	t.true(container?.resizePolicy?.some(({ restartPolicy }) => restartPolicy === "RestartContainer"));
	t.is(pod.metadata.generation, 2);
});

test("a pod keeps its class of service", async (t) => {
	await using api = await openRegistry();
	await makePod(api);
	const guaranteed = { requests: { cpu: "1", memory: "128Mi" }, limits: { cpu: "1", memory: "128Mi" } };
	const refused = await api.failure("patch", Pod, resize({ resources: guaranteed }));
	t.is(refused.code, 422);
	t.regex(refused.message, /Pod QOS Class may not change as a result of resizing/);
});

test("what is there can not be taken away, and only time and memory change", async (t) => {
	await using api = await openRegistry();
	await makePod(api);
	const removed = await api.failure("patch", Pod, resize({ resources: { limits: { memory: null } } }));
	t.regex(
		removed.message,
		/spec.containers\[0\].resources.limits: Forbidden: resource limits cannot be removed/,
	);
	const others = await api.failure(
		"patch",
		Pod,
		resize({ resources: { requests: { "ephemeral-storage": "1Gi" } } }),
	);
	t.regex(others.message, /spec: Forbidden: only cpu and memory resources are mutable/);
});

test("what is said for the whole pod stays, and nobody believes that it changed", async (t) => {
	await using api = await openRegistry();
	const containers = [{ name: "main", image: "nginx", resources: { requests: { cpu: "100m" } } }];
	const resources = { requests: { cpu: "1", memory: "1Gi" } };
	await api.value<Pod>("create", Pod, {
		body: { metadata: { name: "p" }, spec: { containers, resources } },
	});
	const more = { spec: { resources: { requests: { cpu: "2" } } } };
	const refused = await api.failure("patch", Pod, { ...resize({}), body: more });
	t.regex(refused.message, /spec.resources: Forbidden: pod-level resources cannot be resized/);
	const pod = await api.value<Pod>("patch", Pod, resize({ resources: { requests: { cpu: "200m" } } }));
	t.deepEqual(pod.spec.resources, resources);
	t.is(pod.spec.containers[0]?.resources?.requests?.cpu, "200m");
});

test("containers keep their names and places", async (t) => {
	await using api = await openRegistry();
	const resources = { requests: { cpu: "100m" } };
	const containers = ["a", "b"].map((name) => ({ name, image: "nginx", resources }));
	await api.value<Pod>("create", Pod, { body: { metadata: { name: "p" }, spec: { containers } } });
	const refused = (names: readonly string[]) =>
		api.failure("patch", Pod, {
			...resize({}),
			contentType: "application/merge-patch+json",
			body: { spec: { containers: names.map((name) => ({ name, image: "nginx", resources })) } },
		});
	const forbidden = "Forbidden: containers may not be renamed or reordered on resize";
	for (const names of [
		["b", "a"],
		["c", "d"],
	]) {
		const { code, message } = await refused(names);
		t.is(code, 422);
		t.true(message.includes(`spec.containers[0].name: ${forbidden}, spec.containers[1].name: ${forbidden}`));
	}
	t.regex(
		(await refused(["a"])).message,
		/spec.containers: Forbidden: containers may not be added or removed/,
	);
});

test("a resize stays within the namespace's limits", async (t) => {
	await using api = await openRegistry();
	await makePod(api);
	const limits = [{ type: "Container", max: { cpu: "1" }, default: { cpu: "1" } }];
	await api.ask("create", LimitRange, { body: { metadata: { name: "range" }, spec: { limits } } });
	const more = { requests: { cpu: "2" }, limits: { cpu: "2" } };
	const refused = await api.failure("patch", Pod, resize({ resources: more }));
	t.is(refused.code, 403);
	t.regex(refused.message, /maximum cpu usage per Container is 1, but limit is 2/);
});

test("nodes that do not tell what containers have can not resize them", async (t) => {
	await using api = await openRegistry();
	await makePod(api);
	const status = {
		phase: "Running",
		containerStatuses: [
			{ name: "main", image: "nginx", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
		],
	};
	await api.ask("patch", Pod, { ...resize({}), subresource: "status", body: { status } });
	const refused = await api.failure("patch", Pod, resize({ resources: { requests: { cpu: "1" } } }));
	t.regex(refused.message, /spec: Forbidden: Pod running on node without support for resize/);
});
