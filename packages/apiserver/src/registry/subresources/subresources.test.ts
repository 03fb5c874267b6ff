import {
	Binding,
	ConfigMap,
	Deployment,
	Eviction,
	Pod,
	Scale,
	Secret,
	ServiceAccount,
	type Status,
	TokenRequest,
} from "@berth/api";
import test from "ava";
import type { TokenClaims } from "../../auth/auth.ts";
import { openRegistry, type TestRegistry } from "../testing/open-registry.ts";

const MERGE = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";
const container = { name: "main", image: "nginx" };
const makePod = (api: TestRegistry, name: string, spec: object = {}) =>
	api.value<Pod>("create", Pod, { body: { metadata: { name }, spec: { containers: [container], ...spec } } });
const makeWeb = (api: TestRegistry) =>
	api.value<Deployment>("create", Deployment, {
		body: {
			metadata: { name: "web" },
			spec: {
				replicas: 2,
				selector: {
					matchLabels: { app: "web" },
					matchExpressions: [{ key: "old", operator: "DoesNotExist" }],
				},
				template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
			},
		},
	});

test("scale shows replicas and selector, and changes replicas only", async (t) => {
	await using api = await openRegistry();
	const web = await makeWeb(api);
	const at = { name: "web", subresource: "scale" };
	const scale = await api.value<Scale>("get", Deployment, at);
	const { uid, resourceVersion, creationTimestamp } = web.metadata;
	t.deepEqual(scale, {
		apiVersion: "autoscaling/v1",
		kind: "Scale",
		metadata: { name: "web", namespace: "default", uid, resourceVersion, creationTimestamp },
		spec: { replicas: 2 },
		status: { replicas: 0, selector: "app=web,!old" },
	});
	const put = await api.value<Scale>("update", Deployment, {
		...at,
		body: { ...scale, metadata: { ...scale.metadata, labels: { a: "b" } }, spec: { replicas: 5 } },
	});
	t.is(put.spec?.replicas, 5);
	const patched = await api.value<Scale>("patch", Deployment, {
		...at,
		contentType: MERGE,
		body: { spec: { replicas: 7 } },
	});
	t.is(patched.spec?.replicas, 7);
	const after = await api.value<Deployment>("get", Deployment, { name: "web" });
	t.deepEqual([after.spec?.replicas, after.metadata.labels, after.metadata.generation], [7, undefined, 3]);
	const stale = await api.failure("update", Deployment, { ...at, body: scale });
	t.is(stale.code, 409);
	const negative = await api.failure("patch", Deployment, {
		...at,
		contentType: MERGE,
		body: { spec: { replicas: -1 } },
	});
	t.is(
		negative.message,
		'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
	);
	const dry = { ...at, contentType: MERGE, body: { spec: { replicas: 9 } }, query: { dryRun: "All" } };
	t.is((await api.value<Scale>("patch", Deployment, dry)).spec?.replicas, 9);
	t.is((await api.failure("get", ConfigMap, { name: "x", subresource: "scale" })).code, 404);
	t.is((await api.failure("delete", Deployment, at)).code, 405);
});

test("a pod is bound once", async (t) => {
	await using api = await openRegistry();
	const pod = await makePod(api, "p");
	const bind = (target: object, metadata: object = { name: "p" }) => ({
		name: "p",
		subresource: "binding",
		body: { apiVersion: "v1", kind: "Binding", metadata, target },
	});
	const wrong = await api.failure("create", Pod, bind({ kind: "Pod", name: "x" }));
	t.is(wrong.code, 422);
	t.is((await api.failure("create", Pod, bind({ kind: "Node" }))).code, 422);
	t.is((await api.failure("create", Pod, bind({ name: "n1" }, { name: "p", uid: "other" }))).code, 409);
	t.is((await api.failure("create", Pod, bind({ name: "n1" }, { name: "q" }))).code, 400);
	t.is((await api.failure("create", Pod, { ...bind({ name: "n1" }, {}), name: "no" })).code, 404);
	const done = await api.value<Status>(
		"create",
		Pod,
		bind({ kind: "Node", name: "n1" }, { name: "p", uid: pod.metadata.uid }),
	);
	t.is(done.status, "Success");
	const bound = await api.value<Pod>("get", Pod, { name: "p" });
	t.is(bound.spec.nodeName, "n1");
	const condition = bound.status?.conditions?.find(({ type }) => type === "PodScheduled");
	t.is(condition?.status, "True");
	t.is(bound.metadata.generation, 1);
	t.is(
		(await api.failure("create", Pod, bind({ kind: "Node", name: "n2" }))).message,
		'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
	);
	await makePod(api, "old");
	await api.ask("create", Binding, { body: { metadata: { name: "old" }, target: { name: "n2" } } });
	t.is((await api.value<Pod>("get", Pod, { name: "old" })).spec.nodeName, "n2");
	await makePod(api, "gated", { schedulingGates: [{ name: "example.com/wait" }] });
	const gated = { ...bind({ name: "n1" }, {}), name: "gated" };
	t.regex((await api.failure("create", Pod, gated)).message, /non-empty .spec.schedulingGates/);
});

test("an eviction is a delete with its options", async (t) => {
	await using api = await openRegistry();
	await makePod(api, "p", { nodeName: "n1" });
	const evict = (body: object) => ({ name: "p", subresource: "eviction", body });
	t.is((await api.failure("create", Pod, evict({ metadata: { name: "q" } }))).code, 400);
	t.is(
		(await api.failure("create", Pod, evict({ deleteOptions: { preconditions: { uid: "x" } } }))).code,
		409,
	);
	const status = await api.value<Status>(
		"create",
		Pod,
		evict({
			apiVersion: "policy/v1",
			kind: "Eviction",
			metadata: { name: "p" },
			deleteOptions: { gracePeriodSeconds: 5 },
		}),
	);
	t.deepEqual([status.status, status.code], ["Success", 201]);
	t.is((await api.value<Pod>("get", Pod, { name: "p" })).metadata.deletionGracePeriodSeconds, 5);
	t.is(api.registry.kind(Eviction.group, Eviction.version, Eviction.plural), undefined);
	t.is(api.registry.kind(Scale.group, Scale.version, Scale.plural), undefined);
});

test("ephemeral containers may be added, not changed or removed", async (t) => {
	await using api = await openRegistry();
	await makePod(api, "p");
	const patch = (names: readonly string[], image: string) => ({
		name: "p",
		subresource: "ephemeralcontainers",
		contentType: STRATEGIC,
		body: { spec: { ephemeralContainers: names.map((name) => ({ name, image })) } },
	});
	const pod = await api.value<Pod>("patch", Pod, patch(["debug"], "busybox"));
	t.is(pod.spec.ephemeralContainers?.length, 1);
	t.is(pod.metadata.generation, 2);
	t.is((await api.value<Pod>("patch", Pod, patch(["more"], "busybox"))).spec.ephemeralContainers?.length, 2);
	t.regex(
		(await api.failure("patch", Pod, patch(["debug"], "other"))).message,
		/spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be changed/,
	);
	const removed = await api.failure("update", Pod, {
		name: "p",
		subresource: "ephemeralcontainers",
		body: { ...pod, metadata: { name: "p" } },
	});
	t.regex(removed.message, /existing ephemeral containers "more" may not be removed/);
});

test("tokens are issued for accounts that exist, bound to what exists", async (t) => {
	const asked: TokenClaims[] = [];
	const issued = { token: "t0ken", expirationTimestamp: "2026-01-01T01:00:00Z" };
	await using api = await openRegistry({
		tokens: {
			issue: async (claims) => {
				asked.push(claims);
				return issued;
			},
			verify: () => Promise.reject(new Error("no")),
		},
	});
	const request = (spec: object, name = "default") => ({ name, subresource: "token", body: { spec } });
	const answer = await api.value<TokenRequest>("create", ServiceAccount, request({ audiences: ["vault"] }));
	t.deepEqual(answer.status, issued);
	t.is(answer.spec?.expirationSeconds, 3600);
	const { uid } = (await api.value("get", ServiceAccount, { name: "default" })).metadata;
	t.deepEqual(asked, [
		{
			namespace: "default",
			serviceAccount: { name: "default", uid },
			audiences: ["vault"],
			expiresInSeconds: 3600,
		},
	]);
	const pod = await makePod(api, "p");
	const boundTo = (more: object) =>
		request({
			expirationSeconds: 600,
			boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "p", ...more },
		});
	await api.ask("create", ServiceAccount, boundTo({ uid: pod.metadata.uid }));
	t.deepEqual(asked[1]?.boundTo, { kind: "Pod", name: "p", uid: pod.metadata.uid });
	const code = async (ask: object) => (await api.failure("create", ServiceAccount, ask)).code;
	t.is(await code(boundTo({ uid: "other" })), 409);
	t.is(await code(boundTo({ name: "q" })), 404);
	t.is(await code(boundTo({ kind: "Gadget" })), 400);
	t.is(await code(request({}, "nobody")), 404);
	t.is(await code(request({ expirationSeconds: 10 })), 422);
	t.is(await code(request({ expirationSeconds: 2 ** 40 })), 422);
	await api.ask("create", ServiceAccount, { body: { metadata: { name: "other" } } });
	t.is(await code({ ...boundTo({}), name: "other" }), 400);
	t.is((await api.failure("create", TokenRequest, { body: {} })).code, 404);
	t.is((await api.failure("get", Secret, { name: "x", subresource: "token" })).code, 404);
});
