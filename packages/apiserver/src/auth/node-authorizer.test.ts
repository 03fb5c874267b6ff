import { type Pod, podReferences } from "@berth/api";
import test from "ava";
import { startTestServer } from "../http/testing/test-server.ts";

const pod: Pick<Pod, "spec"> = {
	spec: {
		imagePullSecrets: [{ name: "pull" }],
		volumes: [
			{ name: "a", secret: { secretName: "file" } },
			{ name: "b", configMap: { name: "settings" } },
			{
				name: "c",
				projected: { sources: [{ secret: { name: "part" } }, { configMap: { name: "kube-root-ca.crt" } }] },
			},
		],
		initContainers: [
			{ name: "i", envFrom: [{ secretRef: { name: "all" } }, { configMapRef: { name: "env" } }] },
		],
		containers: [
			{
				name: "c",
				env: [
					{ name: "A", valueFrom: { secretKeyRef: { name: "one", key: "k" } } },
					{ name: "B", valueFrom: { configMapKeyRef: { name: "two", key: "k" } } },
				],
			},
		],
	},
};

test("every place where a pod names a secret or a config map", (t) => {
	const { secrets, configMaps } = podReferences(pod as Pod);
	t.deepEqual([...secrets].sort(), ["all", "file", "one", "part", "pull"]);
	t.deepEqual([...configMaps].sort(), ["env", "kube-root-ca.crt", "settings", "two"]);
});

test("a node reads what its own pods name, by name, and nothing else", async (t) => {
	await using server = await startTestServer();
	const ns = "/api/v1/namespaces/default";
	await server.ask("POST", `${ns}/serviceaccounts`, { body: { metadata: { name: "default" } } });
	for (const name of ["mine", "other"])
		await server.ask("POST", `${ns}/secrets`, { body: { metadata: { name } } });
	await server.ask("POST", "/api/v1/nodes", { body: { metadata: { name: "n1" } } });
	const spec = {
		nodeName: "n1",
		containers: [{ name: "c", image: "x", envFrom: [{ secretRef: { name: "mine" } }] }],
	};
	t.is((await server.ask("POST", `${ns}/pods`, { body: { metadata: { name: "p" }, spec } })).code, 201);
	const own = { token: await server.token("system:node:n1", "system:nodes") };
	const another = { token: await server.token("system:node:n2", "system:nodes") };
	const get = async (path: string, who = own) => (await server.ask("GET", `${ns}${path}`, who)).code;
	t.is(await get("/secrets/mine"), 200);
	t.is(await get("/secrets?fieldSelector=metadata.name%3Dmine"), 200);
	t.is(await get("/secrets/other"), 403);
	t.is(await get("/secrets"), 403);
	t.is(await get("/secrets/mine", another), 403);
	t.is(await get("/configmaps/mine"), 403);
	t.is(await get("/pods/p"), 200);
	const refused = await server.ask("GET", `${ns}/secrets/other`, own);
	t.regex(refused.json.message, /: no relationship found between node 'n1' and this object$/);
	t.is((await server.ask("DELETE", `${ns}/secrets/mine`, own)).code, 403);
});
