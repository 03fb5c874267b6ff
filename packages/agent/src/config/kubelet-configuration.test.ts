import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { kubeletConfiguration } from "./kubelet-configuration.ts";
import { LEFT_OUT } from "./left-out-fields.ts";

const IDENTITY = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };
const DOCUMENT = join(import.meta.dirname, "../../../../docs/agent-configuration.md");

test("a field that is a kubelet's is told apart from one that is nobody's", (t) => {
	t.throws(() => kubeletConfiguration({ ...IDENTITY, cpuManagerPolicy: "static", maxPod: 1 }), {
		message:
			'field "cpuManagerPolicy" of kubelets has no meaning here (this agent cannot do it): leave it out, unknown field "maxPod"',
	});
});

test("every field that means something, and every one that does not, is documented", async (t) => {
	const text = await readFile(DOCUMENT, "utf8");
	const { apiVersion: _, kind: __, ...fields } = kubeletConfiguration();
	const names = [...Object.keys(fields), ...LEFT_OUT.keys()];
	t.deepEqual(
		names.filter((name) => !text.includes(`\`${name}\``)),
		[],
	);
});
