import type { ObjectMeta, Pod, ServiceAccount } from "@berth/api";
import test from "ava";
import { withTokenVolume } from "./token-volume.ts";

const metadata: ObjectMeta = { name: "a", uid: "a", resourceVersion: "1", creationTimestamp: "" };
const account = (rest: Partial<ServiceAccount> = {}): ServiceAccount => ({
	apiVersion: "v1",
	kind: "ServiceAccount",
	metadata,
	...rest,
});
const pod = (spec: Partial<Pod["spec"]> = {}): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata,
	spec: { containers: [{ name: "c", image: "i" }], ...spec },
});
const PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

test("every container finds the token, unless something else is mounted there", (t) => {
	const own = { name: "own", mountPath: PATH };
	const { spec } = withTokenVolume(
		pod({
			containers: [
				{ name: "c", image: "i" },
				{ name: "d", image: "i", volumeMounts: [own] },
			],
			initContainers: [{ name: "e", image: "i" }],
		}),
		account(),
		() => 0,
	);
	const name = "kube-api-access-bbbbb";
	t.deepEqual(spec.containers[0]?.volumeMounts, [{ name, mountPath: PATH, readOnly: true }]);
	t.deepEqual(spec.containers[1]?.volumeMounts, [own]);
	t.is(spec.initContainers?.[0]?.volumeMounts?.[0]?.name, name);
	t.is(spec.volumes?.length, 1);
	t.is(spec.volumes?.[0]?.projected?.sources?.length, 3);
});

test("the pod's wish counts before the account's", (t) => {
	const no = { automountServiceAccountToken: false };
	const plain = pod();
	t.is(
		withTokenVolume(plain, account(no), () => 0),
		plain,
	);
	t.is(withTokenVolume(pod({ ...no }), account(), () => 0).spec.volumes, undefined);
	t.is(
		withTokenVolume(pod({ automountServiceAccountToken: true }), account(no), () => 0).spec.volumes?.length,
		1,
	);
});

test("a pod that has the volume is left as it is", (t) => {
	const once = withTokenVolume(pod(), account(), () => 0);
	t.deepEqual(
		withTokenVolume(once, account(), () => 0.5),
		once,
	);
});
