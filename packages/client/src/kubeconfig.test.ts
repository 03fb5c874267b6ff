import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { KubeconfigError, loadKubeconfig } from "./kubeconfig.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const whole = `
apiVersion: v1
kind: Config
current-context: admin@berth
clusters:
- name: berth
  cluster: {server: "https://192.0.2.1:6443/", certificate-authority-data: ${base64("CA")}}
- name: files
  cluster: {server: "https://localhost", certificate-authority: ca.pem, tls-server-name: control}
users:
- name: admin
  user: {client-certificate-data: ${base64("CERT")}, client-key-data: ${base64("KEY")}}
- name: robot
  user: {tokenFile: token}
- name: plugin
  user: {exec: {command: aws}}
contexts:
- name: admin@berth
  context: {cluster: berth, user: admin, namespace: web}
- name: robot
  context: {cluster: files, user: robot}
- name: plugin
  context: {cluster: berth, user: plugin}
- name: lost
  context: {cluster: nowhere, user: admin}
- name: nobody
  context: {cluster: berth}
`;

test("the current context, with what is embedded", async (t) => {
	const credentials = await loadKubeconfig(whole);
	t.like(credentials, {
		server: "https://192.0.2.1:6443",
		ca: "CA",
		certificate: "CERT",
		key: "KEY",
		namespace: "web",
	});
	t.is(credentials.token, undefined);
	t.is((await loadKubeconfig(whole, { context: "nobody" })).certificate, undefined);
});

test("files are found beside the kubeconfig", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
	t.teardown(() => rm(folder, { recursive: true }));
	await writeFile(join(folder, "config"), whole);
	await writeFile(join(folder, "ca.pem"), "CA of a file");
	const load = () => loadKubeconfig(join(folder, "config"), { context: "robot" });
	const error = await t.throwsAsync(load(), { instanceOf: KubeconfigError });
	t.regex(error.message, /config: tokenFile: ENOENT.*token/);
	await writeFile(join(folder, "token"), "secret\n");
	t.like(await load(), {
		server: "https://localhost",
		ca: "CA of a file",
		token: "secret",
		serverName: "control",
	});
});

for (const [title, text, context, message] of [
	["no such file", "/no/such/file", undefined, /^kubeconfig \/no\/such\/file: ENOENT/],
	["not YAML", "a: [\n", undefined, /^kubeconfig: .*/],
	["not a mapping", "- a\n- b\n", undefined, /not a kubeconfig/],
	["no context", "kind: Config\napiVersion: v1\n", undefined, /no current-context is set/],
	["an unknown context", whole, "other", /there is no context "other"/],
	["an unknown cluster", whole, "lost", /there is no cluster "nowhere"/],
	["a plugin", whole, "plugin", /user "plugin" uses exec, which berth does not support/],
	["broken data", whole.replace(base64("CA"), "'%%'"), undefined, /certificate-authority-data is not base64/],
	[
		"no address",
		whole.replace("https://192.0.2.1:6443/", "nonsense"),
		undefined,
		/"nonsense" is not an address/,
	],
	["a prototype's name", whole, "__proto__", /there is no context "__proto__"/],
] as const) {
	test(`says what is wrong: ${title}`, async (t) => {
		const error = await t.throwsAsync(loadKubeconfig(text, { context }), { instanceOf: KubeconfigError });
		t.regex(error.message, message);
	});
}
