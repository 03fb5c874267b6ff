import {
	ConfigMap,
	Event,
	Lease,
	Namespace,
	Node,
	Pod,
	Secret,
	ServiceAccount,
	type UserInfo,
} from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { openRegistry, type TestRegistry } from "../registry/testing/open-registry.ts";

const MERGE = "application/merge-patch+json";
const spec = { containers: [{ name: "main", image: "nginx" }] };
const podBody = (name: string, more: object = {}, metadata: object = {}) => ({
	metadata: { name, ...metadata },
	spec: { ...spec, ...more },
});
const makePod = (api: TestRegistry, name: string, more: object = {}) =>
	api.value<Pod>("create", Pod, { body: podBody(name, more) });

test("a node creates mirrors of its own pods, and nothing with them", async (t) => {
	await using api = await openRegistry();
	const { metadata } = await api.value<Node>("create", Node, { body: { metadata: { name: "n1" } } });
	const owner = { apiVersion: "v1", kind: "Node", name: "n1", uid: metadata.uid, controller: true };
	const user: UserInfo = { username: "system:node:n1", groups: ["system:nodes"] };
	const annotations = { "kubernetes.io/config.mirror": "x" };
	const mirror = (owners: readonly object[], more: object = {}) => ({
		user,
		body: podBody("m", { nodeName: "n1", ...more }, { annotations, ownerReferences: owners }),
	});
	const refused = async (owners: readonly object[], more?: object) =>
		(await api.failure("create", Pod, mirror(owners, more))).message.replace(/^pods "m" is forbidden: /, "");
	const only = (what: string) => `node "n1" can only create pods with ${what} set to itself`;
	t.is(await refused([]), only("an owner reference"));
	t.is(await refused([owner, owner]), only("a single owner reference"));
	t.is(await refused([{ ...owner, name: "n2" }]), only("an owner reference"));
	t.is(await refused([{ ...owner, controller: false }]), only("a controller owner reference"));
	t.is(
		await refused([{ ...owner, blockOwnerDeletion: true }]),
		'node "n1" must not set blockOwnerDeletion on an owner reference',
	);
	t.is(await refused([{ ...owner, uid: "u" }]), `node n1 UID mismatch: expected u got ${metadata.uid}`);
	t.is(
		await refused([owner], { volumes: [{ name: "s", secret: { secretName: "s" } }] }),
		'node "n1" can not create pods that reference secrets',
	);
	t.is(
		await refused([owner], { volumes: [{ name: "s", persistentVolumeClaim: { claimName: "c" } }] }),
		'node "n1" can not create pods that reference persistentvolumeclaims',
	);
	const made = await api.value<Pod>("create", Pod, mirror([owner]));
	t.is(made.spec.serviceAccountName, undefined);
});

test("pods run as an account that exists, with its pull secrets", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ServiceAccount, {
		body: { metadata: { name: "puller" }, imagePullSecrets: [{ name: "registry" }] },
	});
	const plain = await makePod(api, "plain");
	t.deepEqual([plain.spec.serviceAccountName, plain.spec.serviceAccount], ["default", "default"]);
	const pulling = await makePod(api, "pulling", { serviceAccountName: "puller" });
	t.deepEqual(pulling.spec.imagePullSecrets, [{ name: "registry" }]);
	const own = await makePod(api, "own", {
		serviceAccountName: "puller",
		imagePullSecrets: [{ name: "mine" }],
	});
	t.deepEqual(own.spec.imagePullSecrets, [{ name: "mine" }]);
	const failure = await api.failure("create", Pod, { body: podBody("x", { serviceAccountName: "foo" }) });
	t.is(
		failure.message,
		'pods "x" is forbidden: error looking up service account default/foo: serviceaccount "foo" not found',
	);
	t.is(failure.code, 403);
});

test("a pod waits a moment for the default account of a new namespace", async (t) => {
	const clock = createFakeClock();
	await using api = await openRegistry({ clock });
	await api.ask("create", Namespace, { body: { metadata: { name: "new" } } });
	const waiting = api.value<Pod>("create", Pod, { namespace: "new", body: podBody("p") });
	await clock.advance(500);
	await api.ask("create", ServiceAccount, { namespace: "new", body: { metadata: { name: "default" } } });
	await clock.advance(100);
	t.is((await waiting).spec.serviceAccountName, "default");
	await api.ask("delete", ServiceAccount, { namespace: "new", name: "default" });
	const failing = api.failure("create", Pod, { namespace: "new", body: podBody("q") });
	await clock.advance(3_000);
	t.is((await failing).code, 403);
});

test("pods tolerate a lost node for five minutes, unless they say otherwise", async (t) => {
	await using api = await openRegistry();
	const plain = await makePod(api, "plain");
	t.deepEqual(
		plain.spec.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]),
		[
			["node.kubernetes.io/not-ready", 300],
			["node.kubernetes.io/unreachable", 300],
		],
	);
	const own = {
		key: "node.kubernetes.io/not-ready",
		operator: "Exists",
		effect: "NoExecute",
		tolerationSeconds: 5,
	};
	const some = await makePod(api, "some", { tolerations: [own] });
	t.deepEqual(
		some.spec.tolerations?.map(({ tolerationSeconds }) => tolerationSeconds),
		[5, 300],
	);
	const all = await makePod(api, "all", { tolerations: [{ operator: "Exists" }] });
	t.is(all.spec.tolerations?.length, 1);
});

test("a new node takes no pods yet", async (t) => {
	await using api = await openRegistry();
	const node = await api.value<Node>("create", Node, { body: { metadata: { name: "n1" } } });
	t.deepEqual(node.spec?.taints, [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }]);
	const body = { spec: { taints: null } };
	const ready = await api.value<Node>("patch", Node, { name: "n1", contentType: MERGE, body });
	t.is(ready.spec?.taints, undefined);
});

test("a node reaches its own things only", async (t) => {
	await using api = await openRegistry({ namespaces: ["default", "kube-node-lease"] });
	const user: UserInfo = { username: "system:node:n1", groups: ["system:nodes", "system:authenticated"] };
	await api.ask("create", Node, { user, body: { metadata: { name: "n1" } } });
	await api.ask("create", Node, { body: { metadata: { name: "n2" } } });
	await makePod(api, "mine", { nodeName: "n1" });
	await makePod(api, "theirs", { nodeName: "n2" });
	const status = (name: string, kind = Pod as typeof Pod | typeof Node) => ({
		kind,
		ask: { user, name, subresource: "status", contentType: MERGE, body: { status: { phase: "Running" } } },
	});
	await api.ask("patch", Pod, status("mine").ask);
	await api.ask("patch", Node, status("n1").ask);
	await api.ask("create", ConfigMap, { user, body: { metadata: { name: "not-its-business-here" } } });
	await api.ask("create", Event, {
		user,
		body: { metadata: { name: "e" }, involvedObject: { namespace: "default" } },
	});
	const message = async (...ask: Parameters<TestRegistry["failure"]>) => {
		const failure = await api.failure(...ask);
		return `${failure.code} ${failure.message}`;
	};
	t.is(
		await message("patch", Pod, status("theirs").ask),
		'403 pods "theirs" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself',
	);
	t.is(
		await message("delete", Pod, { user, name: "theirs" }),
		'403 pods "theirs" is forbidden: node "n1" can only delete pods with spec.nodeName set to itself',
	);
	t.regex(await message("create", Pod, { user, body: podBody("new") }), /^403 .*can only create mirror pods/);
	t.regex(
		await message("patch", Pod, {
			user,
			name: "mine",
			contentType: MERGE,
			body: { metadata: { labels: { a: "b" } } },
		}),
		/^403 /,
	);
	const labels = { ...status("mine").ask, body: { metadata: { labels: { app: "stolen" } } } };
	t.regex(await message("patch", Pod, labels), /^403 .*cannot update labels through pod status/);
	t.is(
		await message("patch", Node, status("n2").ask),
		'403 nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
	);
	const taints = { user, name: "n1", contentType: MERGE, body: { spec: { taints: null } } };
	t.regex(await message("patch", Node, taints), /^403 .*not allowed to modify taints/);
	await api.ask("delete", Pod, { user, name: "mine", query: { gracePeriodSeconds: "0" } });
	const lease = (name: string, namespace: string) => ({ user, namespace, body: { metadata: { name } } });
	await api.ask("create", Lease, lease("n1", "kube-node-lease"));
	t.regex(
		await message("create", Lease, lease("n2", "kube-node-lease")),
		/^403 .*same name as the requesting node/,
	);
	t.regex(
		await message("create", Lease, lease("n1", "default")),
		/^403 .*"kube-node-lease" system namespace/,
	);
	const token = (boundObjectRef?: object) => ({
		user,
		name: "default",
		subresource: "token",
		body: { spec: { boundObjectRef } },
	});
	t.regex(await message("create", ServiceAccount, token()), /^403 .*node requested token not bound to a pod/);
	const { uid } = (await api.value("get", Pod, { name: "theirs" })).metadata;
	const theirs = { kind: "Pod", apiVersion: "v1", name: "theirs", uid };
	t.regex(await message("create", ServiceAccount, token(theirs)), /^403 .*scheduled on a different node/);
	const stranger = { username: "eve", groups: ["system:nodes"] };
	t.regex(
		await message("create", Secret, { user: stranger, body: { metadata: { name: "s" } } }),
		/^403 .*could not determine node from user "eve"/,
	);
});
