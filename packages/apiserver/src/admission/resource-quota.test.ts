import { ConfigMap, Pod, ResourceQuota, Service } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "../registry/testing/open-registry.ts";

type Amounts = Readonly<Record<string, string>>;

/** A quota that was counted once, when there was nothing. */
async function quota(api: TestRegistry, hard: Amounts, spec: object = {}): Promise<void> {
	await api.ask("create", ResourceQuota, { body: { metadata: { name: "q" }, spec: { hard, ...spec } } });
	const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
	const made = await api.value<ResourceQuota>("get", ResourceQuota, { name: "q" });
	const body = { ...made, status: { hard, used } };
	await api.ask("update", ResourceQuota, { name: "q", subresource: "status", body });
}
const used = async (api: TestRegistry) =>
	(await api.value<ResourceQuota>("get", ResourceQuota, { name: "q" })).status?.used;
const pod = (name: string, resources: object = {}, spec: object = {}) => ({
	metadata: { name },
	spec: { containers: [{ name: "c", image: "i", resources }], ...spec },
});

test("pods are charged for what they request, until there is no more", async (t) => {
	await using api = await openRegistry();
	await quota(api, { pods: "2", "requests.cpu": "1", memory: "1Gi", "count/pods": "9" });
	const small = { requests: { cpu: "400m", memory: "256Mi" } };
	await api.ask("create", Pod, { body: pod("a", small) });
	t.deepEqual(await used(api), { pods: "1", "requests.cpu": "400m", memory: "256Mi", "count/pods": "1" });
	const big = await api.failure("create", Pod, {
		body: pod("b", { requests: { cpu: "700m", memory: "1Mi" } }),
	});
	t.deepEqual(
		[big.code, big.message],
		[
			403,
			'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=700m, used: requests.cpu=400m, limited: requests.cpu=1',
		],
	);
	await api.ask("create", Pod, { body: pod("b", small) });
	const third = await api.failure("create", Pod, {
		body: pod("c", { requests: { cpu: "1m", memory: "1" } }),
	});
	t.regex(third.message, /exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2$/);
});

test("what is limited must be said", async (t) => {
	await using api = await openRegistry();
	await quota(api, { "limits.memory": "1Gi", cpu: "1" });
	const { message } = await api.failure("create", Pod, { body: pod("a") });
	t.is(message, 'pods "a" is forbidden: failed quota: q: must specify cpu for: c; limits.memory for: c');
});

test("scopes: only pods of that sort are counted", async (t) => {
	await using api = await openRegistry();
	await quota(api, { pods: "1" }, { scopes: ["BestEffort"] });
	await api.ask("create", Pod, { body: pod("burstable", { requests: { cpu: "1" } }) });
	t.deepEqual(await used(api), { pods: "0" });
	await api.ask("create", Pod, { body: pod("plain") });
	t.deepEqual(await used(api), { pods: "1" });
	t.regex((await api.failure("create", Pod, { body: pod("more") })).message, /exceeded quota/);
});

test("services by their type; growing is charged, and refused, on update too", async (t) => {
	await using api = await openRegistry();
	await quota(api, { services: "2", "services.nodeports": "1" });
	const service = (type: string) => ({
		metadata: { name: "s" },
		spec: {
			type,
			selector: { a: "b" },
			ports: [
				{ name: "a", port: 80 },
				{ name: "b", port: 81 },
			],
		},
	});
	await api.ask("create", Service, { body: service("ClusterIP") });
	t.deepEqual(await used(api), { services: "1", "services.nodeports": "0" });
	const body = { spec: { type: "NodePort" } };
	const refused = await api.failure("patch", Service, {
		name: "s",
		body,
		contentType: "application/merge-patch+json",
	});
	t.regex(
		refused.message,
		/requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1/,
	);
});

test("many at once: as many as there is room for, and no more", async (t) => {
	await using api = await openRegistry();
	await quota(api, { configmaps: "5" });
	const made = await Promise.allSettled(
		Array.from({ length: 12 }, (_, index) =>
			api.ask("create", ConfigMap, { body: { metadata: { name: `c${index}` } } }),
		),
	);
	t.is(made.filter(({ status }) => status === "fulfilled").length, 5);
	t.deepEqual(await used(api), { configmaps: "5" });
});

test("a quota that was never counted admits nothing it limits; a dry run charges nothing", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ResourceQuota, {
		body: { metadata: { name: "new" }, spec: { hard: { secrets: "1", configmaps: "1" } } },
	});
	const { message } = await api.failure("create", ConfigMap, { body: { metadata: { name: "c" } } });
	t.is(message, 'configmaps "c" is forbidden: status unknown for quota: new, resources: configmaps');
	await api.ask("delete", ResourceQuota, { name: "new" });
	await quota(api, { configmaps: "1" });
	await api.ask("create", ConfigMap, { body: { metadata: { name: "c" } }, query: { dryRun: "All" } });
	t.deepEqual(await used(api), { configmaps: "0" });
});
