import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readAgentConfiguration } from "./agent-configuration.ts";

test("a kubelet's file is read; what is wrong with it is said", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-config-"));
	const file = join(directory, "agent.yaml");
	const write = (text: string) =>
		writeFile(file, `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${text}`);
	await write("maxPods: 30\nevictionHard:\n  memory.available: 200Mi\n");
	t.like(await readAgentConfiguration(file), { maxPods: 30, evictionHard: { "memory.available": "200Mi" } });
	await write("maxPods: many\n");
	await t.throwsAsync(readAgentConfiguration(file), { message: /cannot be used: .*maxPods/ });
	await write("maxPod: 3\n");
	await t.throwsAsync(readAgentConfiguration(file), { message: /unknown field "maxPod"/ });
	await write("cgroupDriver: systemd\n");
	await t.throwsAsync(readAgentConfiguration(file), {
		message:
			/field "cgroupDriver" of kubelets has no meaning here \(Docker is configured for it\): leave it out/,
	});
	await write(
		"shutdownGracePeriod: 5s\nshutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 9}]\n",
	);
	await t.throwsAsync(readAgentConfiguration(file), { message: /cannot be set together/ });
	await t.throwsAsync(readAgentConfiguration(join(directory, "none")), { message: /ENOENT/ });
	await rm(directory, { recursive: true });
});
